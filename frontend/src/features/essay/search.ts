/** What of an essay's page is in the address; anything else is dropped. */
export interface EssaySearch {
  error?: number;
}

export function readEssaySearch(raw: Record<string, unknown>): EssaySearch {
  return typeof raw.error === "number" ? { error: raw.error } : {};
}
