import { toUnits } from "./code-points";
import type { Span } from "./segments";

/** The kinds of errors, in the order they are listed. */
export const KINDS = ["nonword", "realword", "case", "compound_split", "join", "foreign"] as const;
export type Kind = (typeof KINDS)[number];

/** One error as the API gives it; all offsets count code points. */
export interface SpellingError {
  id: number;
  start: number;
  end: number;
  corrected_start: number;
  corrected_end: number;
  text: string;
  kind: Kind;
  correction: string | null;
  suggestions: { text: string; score: number }[];
  confidence: number;
  applied: boolean;
  /** The first error of the same form, if this is not it. */
  occurrence_of: number | null;
}

export interface Spellcheck {
  /** What the text is plainly written in instead of the language it was read in; then nothing was checked. */
  mismatch?: string | null;
  corrected_text: string;
  errors: SpellingError[];
}

export type Version = "original" | "corrected";

/** Where the errors stand in one version of the text, in what JavaScript counts. */
export function spans(text: string, errors: readonly SpellingError[], version: Version): Span[] {
  const unit = toUnits(text);
  return errors.map((error) =>
    version === "original"
      ? { id: error.id, start: unit(error.start), end: unit(error.end) }
      : { id: error.id, start: unit(error.corrected_start), end: unit(error.corrected_end) },
  );
}

/** The error before or after one, going round at the ends; the first or last when none is looked at. */
export function stepped(
  ids: readonly number[],
  current: number | undefined,
  by: 1 | -1,
): number | undefined {
  if (ids.length === 0) return undefined;
  const at = current === undefined ? -1 : ids.indexOf(current);
  if (at < 0) return by === 1 ? ids[0] : ids.at(-1);
  return ids[(at + by + ids.length) % ids.length];
}

/** How sure a correction is, in three words: from where it is made by itself, probable, and a guess. */
export type Sureness = "sure" | "likely" | "guess";

export function sureness(error: Pick<SpellingError, "applied" | "confidence">): Sureness {
  if (error.applied) return "sure";
  return error.confidence >= 0.5 ? "likely" : "guess";
}

/** How often the same mistake is made in the text. */
export function occurrences(errors: readonly SpellingError[], error: SpellingError): number {
  const first = error.occurrence_of ?? error.id;
  return errors.filter((each) => (each.occurrence_of ?? each.id) === first).length;
}

/** A word as it is allowed: what the pupil wrote, with one space for whatever stood between its parts. */
export function asOneWord(text: string): string {
  return text.trim().split(/\s+/).join(" ");
}
