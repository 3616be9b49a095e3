/** What of the list of batches is in the address; anything else is dropped. */
export interface BatchesSearch {
  status?: string;
}

export function readBatchesSearch(raw: Record<string, unknown>): BatchesSearch {
  return typeof raw.status === "string" ? { status: raw.status } : {};
}
