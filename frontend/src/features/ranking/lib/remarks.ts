import type { RankedEssay } from "@/lib/api";

/** What a person should look at in an essay, or should know of it. */
export type Remark =
  | "anchor"
  | "misfit"
  | "other_text"
  | "drifting"
  | "repeated"
  | "rare"
  | "heaped"
  | "torn"
  | "disorder"
  | "odd";

const FLAGS: readonly string[] = ["repeated", "rare", "heaped", "torn", "disorder"];

type Remarked = Pick<
  RankedEssay,
  "is_misfit" | "has_other_text" | "is_drifting" | "is_anchor" | "anchor" | "flags"
>;

/** Whether something was known of it beforehand: its grade, or its strength. */
export function isKnown(essay: Pick<RankedEssay, "is_anchor" | "anchor">): boolean {
  return essay.is_anchor || essay.anchor !== null;
}

/** In the order in which they are shown; a flag that is newer than this page is `odd`. */
export function remarksOn(essay: Remarked): Remark[] {
  const remarks: Remark[] = [];
  if (isKnown(essay)) remarks.push("anchor");
  if (essay.has_other_text) remarks.push("other_text");
  if (essay.is_misfit) remarks.push("misfit");
  if (essay.is_drifting) remarks.push("drifting");
  const flags = essay.flags.map((flag) => (FLAGS.includes(flag) ? (flag as Remark) : "odd"));
  return [...new Set([...remarks, ...flags])];
}

/** Whether there is something to look at; that it is an anchor is none. */
export function isToLookAt(essay: Remarked): boolean {
  return remarksOn(essay).some((remark) => remark !== "anchor");
}
