/** What of an essay's page is in the address; anything else is dropped. */
export interface EssaySearch {
  /** The number of the error that is looked at, as the API counts them, from 0. */
  error?: number;
}

export function readEssaySearch(raw: Record<string, unknown>): EssaySearch {
  const { error } = raw;
  return typeof error === "number" && Number.isInteger(error) && error >= 0 ? { error } : {};
}
