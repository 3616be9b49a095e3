import type { Assessment } from "@/lib/api";

/** From here on two figures that should be about the same are not. */
const APART = 0.1;

export type Caution = "internal" | "inflated" | "judges_differ" | "few_rounds";

/**
 * What to mind about the three figures, the most important first.
 *
 * `internal` one machine decided everything, so they say how well it agrees with itself · `inflated` the usual formula
 * promises more than can be answered for · `judges_differ` two halves of the judges agree less than that ·
 * `few_rounds` it is too early to know. That essays are not linked is said elsewhere.
 */
export function cautions(found: Assessment["reliability"]): Caution[] {
  if (found.is_internal) return ["internal"];
  const { honest, ssr, split_half: split } = found;
  const cautions: Caution[] = [];
  if (honest === null) return cautions;
  if (ssr !== null && ssr - honest >= APART) cautions.push("inflated");
  if (split !== null && honest - split >= APART) cautions.push("judges_differ");
  if (found.warning === "few_rounds") cautions.push("few_rounds");
  return cautions;
}

/** How many comparisons more it takes for what has not been reached; those it cannot be said of are left out. */
export function stillToGo(more: Assessment["more_comparisons"]): { target: number; n: number }[] {
  return Object.entries(more)
    .map(([target, n]) => ({ target: Number(target), n: n ?? 0 }))
    .filter(({ n }) => n > 0)
    .sort((a, b) => a.target - b.target);
}
