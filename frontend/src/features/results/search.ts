/** What of the results is in the address; anything else is dropped. */
export interface ResultsSearch {
  search?: string;
}

export function readResultsSearch(raw: Record<string, unknown>): ResultsSearch {
  return typeof raw.search === "string" ? { search: raw.search } : {};
}
