import type { BatchState } from "@/lib/api";

export const STATES = [
  "registered",
  "ready",
  "processing",
  "completed_successfully",
  "completed_with_failures",
  "failed",
  "cancelled",
] as const satisfies readonly BatchState[];

export const SORTS = ["action", "-created_at", "created_at", "class_designation"] as const;
export type Sort = (typeof SORTS)[number];

/** What of the list of batches is in the address; anything else is dropped. */
export interface BatchesSearch {
  search?: string;
  status?: BatchState;
  course?: string;
  sort?: Sort;
}

export function readBatchesSearch(raw: Record<string, unknown>): BatchesSearch {
  const found: BatchesSearch = {};
  // The router reads numbers out of the address as numbers; a class may well be called 9.
  const words = typeof raw.search === "number" ? String(raw.search) : raw.search;
  if (typeof words === "string" && words.trim()) found.search = words.slice(0, 200);
  if (STATES.includes(raw.status as BatchState)) found.status = raw.status as BatchState;
  if (typeof raw.course === "string" && /^[A-Z0-9]{1,20}$/i.test(raw.course)) {
    found.course = raw.course;
  }
  if (SORTS.includes(raw.sort as Sort) && raw.sort !== "action") found.sort = raw.sort as Sort;
  return found;
}
