import type { Assessment, RankedEssay } from "@/lib/api";

/** Chances smaller than this are not worth reading. */
const WORTH_SAYING = 0.05;

export interface Chance {
  grade: string;
  chance: number;
}

/** How likely each grade is that is worth saying, the lowest first. */
export function chancesOf(essay: RankedEssay, grades: readonly string[]): Chance[] {
  const chances = (essay.grade?.chances ?? {}) as Record<string, number>;
  return grades.flatMap((grade) => {
    const chance = chances[grade];
    return chance === undefined || chance < WORTH_SAYING ? [] : [{ grade, chance }];
  });
}

/** The same with the likeliest first. */
export function likeliest(chances: readonly Chance[]): Chance[] {
  return [...chances].sort((a, b) => b.chance - a.chance);
}

/** What can be approved at once: a grade is suggested, and nobody has decided on one. */
export function toApprove(found: Assessment): { essay_id: string; grade: string }[] {
  return found.essays.flatMap(({ essay_id, grade, anchor, decided_grade }) =>
    grade && !anchor && !decided_grade ? [{ essay_id, grade: grade.grade }] : [],
  );
}

/** Grades of one's own as they are written, one a line or between commas, the lowest first. */
export function readGrades(written: string): string[] {
  return written
    .split(/[\n,;]/)
    .map((each) => each.trim())
    .filter(Boolean);
}

/** How an essay came by the grade that was decided on. */
export function wayOf(decided: NonNullable<RankedEssay["decided_grade"]>) {
  if (decided.suggested === null) return "own" as const;
  return decided.is_override ? ("override" as const) : ("approved" as const);
}
