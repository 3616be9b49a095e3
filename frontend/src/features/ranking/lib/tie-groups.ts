import type { RankedEssay } from "@/lib/api";

/** Essays one after another that cannot be told from the first of them. */
export interface TieGroup {
  no: number;
  /** The place of its first essay in the list, from 0. */
  from: number;
  size: number;
}

/** The groups of a list by rank, in its order. */
export function tieGroups(essays: readonly Pick<RankedEssay, "tie_group">[]): TieGroup[] {
  const groups: TieGroup[] = [];
  for (const [index, { tie_group: no }] of essays.entries()) {
    const last = groups.at(-1);
    if (last?.no === no) last.size += 1;
    else groups.push({ no, from: index, size: 1 });
  }
  return groups;
}
