import type { EssayRow, Language, Mismatch } from "./api/types";

/** The languages an essay can be read in. */
export const LANGUAGES = ["en", "sv"] as const satisfies readonly Language[];

type Read = Pick<EssayRow, "language" | "spelling">;

/** The language an essay is read in from the next run on. */
export function languageOf(essay: Read, course: Language): Language {
  return essay.language ?? course;
}

/** The language an essay's spelling was checked in, if that is not the one it is to be read in any more. */
export function outdated(essay: Read, course: Language): Language | null {
  const checked = essay.spelling?.language;
  return checked && checked !== languageOf(essay, course) ? checked : null;
}

/** What an essay is plainly written in instead of the language it is read in; null where all is well or out of date. */
export function mismatchOf(essay: Read, course: Language): Mismatch | null {
  return outdated(essay, course) ? null : (essay.spelling?.mismatch ?? null);
}
