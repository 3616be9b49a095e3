import { isArchive } from "./gather";

const MOST_FILES = 10;
const MOST_BYTES = 6 * 1024 * 1024;

/**
 * Files in portions of one request each: small enough that the bars move and a lost connection costs little.
 * An archive goes alone, because its answer has a row per member.
 */
export function bundles<T extends { file: File }>(items: readonly T[]): T[][] {
  const made: T[][] = [];
  let current: T[] = [];
  let bytes = 0;
  for (const item of items) {
    const isFull = current.length >= MOST_FILES || bytes + item.file.size > MOST_BYTES;
    if (current.length > 0 && (isFull || isArchive(item.file))) {
      made.push(current);
      current = [];
      bytes = 0;
    }
    current.push(item);
    bytes += item.file.size;
    if (isArchive(item.file)) {
      made.push(current);
      current = [];
      bytes = 0;
    }
  }
  if (current.length > 0) made.push(current);
  return made;
}
