import type { UsualJudging } from "@/lib/api";

export type Judging = UsualJudging;

/** What is chosen otherwise than usual, as a run is started with it; nothing where nothing is. */
export function changes(usual: Judging, chosen: Judging): Partial<Judging> {
  const names = Object.keys(usual) as (keyof Judging)[];
  return Object.fromEntries(
    names.filter((name) => usual[name] !== chosen[name]).map((name) => [name, chosen[name]]),
  );
}

/** The same with another judge: what the built-in one thinks cannot count beforehand where it decides itself. */
export function judgedBy(judge: Judging["judge"], before: Judging): Judging {
  return { ...before, judge, with_prior: judge === "builtin" ? false : before.with_prior };
}
