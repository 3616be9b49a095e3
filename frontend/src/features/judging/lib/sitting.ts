import type { Comparison } from "@/lib/api";

/** One decision of this sitting, so that it can be taken back. */
export interface Made {
  decisionId: string;
  lookedMs: number;
}

/** One person judging, from opening the page until leaving it. */
export interface Sitting {
  /** Pairs that are borrowed: the one that is shown, then the next. */
  pairs: readonly Comparison[];
  /** Decisions that count by now, earlier sittings among them; null until known. */
  decided: number | null;
  /** Pairs of the round that are left, the one that is shown among them. */
  left: number;
  /** As many as were left when the round was first seen. */
  outOf: number;
  made: readonly Made[];
}

export const START: Sitting = { pairs: [], decided: null, left: 0, outOf: 0, made: [] };

/** With one more pair borrowed. */
export function borrowed(sitting: Sitting, pair: Comparison): Sitting {
  if (sitting.pairs.some((each) => each.comparison_id === pair.comparison_id)) return sitting;
  const next = { ...sitting, pairs: [...sitting.pairs, pair] };
  if (sitting.pairs.length > 0) return next;
  return counted(
    { ...next, decided: sitting.decided ?? pair.decided },
    pair.in_round,
    sitting.outOf === 0 || sitting.left === 0,
  );
}

/** After a decision about the pair that is shown. */
export function decided(sitting: Sitting, made: Made): Sitting {
  const after = dropped(sitting);
  return {
    ...after,
    decided: (sitting.decided ?? 0) + 1,
    made: [...sitting.made, made],
  };
}

/** Without the pair that is shown, which is somebody else's by now or nobody's to judge. */
export function dropped(sitting: Sitting): Sitting {
  const [shown, next, ...rest] = sitting.pairs;
  if (!shown) return sitting;
  const after = { ...sitting, pairs: next ? [next, ...rest] : [] };
  if (!next) return { ...after, left: 0 };
  const isNew = next.round_no !== shown.round_no;
  // The next pair was borrowed while this one was still open, and others judge, too.
  const left = isNew ? next.in_round : Math.min(sitting.left - 1, next.in_round);
  return counted(after, left, isNew);
}

/** After taking back the latest decision: its pair is shown again, where it was lent again. */
export function undone(sitting: Sitting, pair: Comparison | null): Sitting {
  const before = {
    ...sitting,
    decided: Math.max(0, (sitting.decided ?? 1) - 1),
    made: sitting.made.slice(0, -1),
  };
  if (!pair) return before;
  const rest = sitting.pairs.filter((each) => each.comparison_id !== pair.comparison_id);
  return counted({ ...before, pairs: [pair, ...rest] }, pair.in_round, false);
}

function counted(sitting: Sitting, left: number, isNew: boolean): Sitting {
  const atLeast = Math.max(1, left);
  return {
    ...sitting,
    left: atLeast,
    outOf: isNew ? atLeast : Math.max(sitting.outOf, atLeast),
  };
}

/** Minutes that the rest of the round takes at the person's own pace; null before the first decision. */
export function minutesLeft({ made, left }: Pick<Sitting, "made" | "left">): number | null {
  const times = made.map((each) => each.lookedMs).sort((a, b) => a - b);
  const middle = times[Math.floor(times.length / 2)];
  return middle === undefined ? null : Math.ceil((middle * left) / 60_000);
}
