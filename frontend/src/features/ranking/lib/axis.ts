export interface Scale {
  /** Where a value is drawn, in pixels. */
  at: (value: number) => number;
  /** Round values within, from the lowest. */
  ticks: number[];
}

/**
 * Values of a range to pixels.
 *
 * Without any spread the range is one to each side, so that a class of equals stands in the middle.
 *
 * @param most ticks there is room for, about.
 */
export function scaleOf(
  low: number,
  high: number,
  [start, end]: readonly [number, number],
  most: number,
): Scale {
  const [from, to] = low < high ? [low, high] : [low - 1, high + 1];
  const step = roundStep((to - from) / Math.max(1, most));
  const first = Math.ceil(from / step);
  const count = Math.floor(to / step) - first + 1;
  return {
    at: (value) => start + ((value - from) / (to - from)) * (end - start),
    ticks: Array.from({ length: count }, (_, index) => (first + index) * step),
  };
}

/** 1, 2 or 5 times a power of ten, not less than asked for. */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= least) ?? 10 * power;
}
