import type { Notification } from "@/lib/api";
import { isUrgent } from "./describe";

const MOST_TOASTS = 2;

/** What to do with those that arrived at about the same time. */
export interface Digest {
  /** To be shown one by one, the most urgent last, so that it lies on top. */
  toasts: Notification[];
  /** How many are said to be there in one line instead, or 0. */
  summed: number;
  /** To be read out: one of them, or how many there are. */
  spoken: Notification | number | null;
}

const ORDER = ["low", "standard", "high", "immediate", "critical"];

/**
 * A burst becomes one line; what does not hurry is only counted by the bell and read out. What is about the batch that
 * is on the screen, `inView`, is seen there and needs no line over it.
 */
export function digest(arrived: readonly Notification[], inView: string | null = null): Digest {
  const urgent = arrived
    .filter((each) => isUrgent(each) && (inView === null || each.batch_id !== inView))
    .sort((a, b) => ORDER.indexOf(a.priority) - ORDER.indexOf(b.priority) || a.seq - b.seq);
  const isBurst = urgent.length > MOST_TOASTS;
  return {
    toasts: isBurst ? [] : urgent,
    summed: isBurst ? urgent.length : 0,
    spoken: arrived.length > 1 ? arrived.length : (arrived[0] ?? null),
  };
}
