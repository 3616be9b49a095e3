import { isLitter } from "./gather";

const END_SIGNATURE = 0x06054b50;
const ENTRY_SIGNATURE = 0x02014b50;
const END_BYTES = 22;
const LONGEST_COMMENT = 0xffff;
const ENTRY_BYTES = 46;
const IN_ZIP64 = 0xffff;

/**
 * How many files a .zip has, read from its list of contents at the end without unpacking anything;
 * null where that cannot be told (damaged, or so large that the list has another form).
 */
export async function countMembers(file: Blob): Promise<number | null> {
  const tail = await view(file.slice(Math.max(0, file.size - END_BYTES - LONGEST_COMMENT)));
  const end = findEnd(tail);
  if (end === null) return null;
  const entries = tail.getUint16(end + 10, true);
  const size = tail.getUint32(end + 12, true);
  const start = tail.getUint32(end + 16, true);
  if (entries === IN_ZIP64 || start + size > file.size) return null;

  const list = await view(file.slice(start, start + size));
  let count = 0;
  for (let at = 0, seen = 0; seen < entries; seen += 1) {
    if (at + ENTRY_BYTES > list.byteLength || list.getUint32(at, true) !== ENTRY_SIGNATURE) {
      return null;
    }
    const nameBytes = list.getUint16(at + 28, true);
    const name = nameAt(list, at + ENTRY_BYTES, nameBytes);
    if (!name.endsWith("/") && !isLitter(name)) count += 1;
    at += ENTRY_BYTES + nameBytes + list.getUint16(at + 30, true) + list.getUint16(at + 32, true);
  }
  return count;
}

async function view(part: Blob): Promise<DataView> {
  return new DataView(await part.arrayBuffer());
}

/** The record at the end may be followed by a comment, so it is looked for backwards. */
function findEnd(tail: DataView): number | null {
  for (let at = tail.byteLength - END_BYTES; at >= 0; at -= 1) {
    if (tail.getUint32(at, true) === END_SIGNATURE) return at;
  }
  return null;
}

/** Only dots and slashes matter here, and those are the same in every encoding a .zip may have. */
function nameAt(list: DataView, start: number, length: number): string {
  const inside = Math.min(length, list.byteLength - start);
  return new TextDecoder("latin1").decode(new Uint8Array(list.buffer, start, inside));
}
