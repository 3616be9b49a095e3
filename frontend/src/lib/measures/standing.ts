/** How the values of a class are spread. */
export interface Spread {
  count: number;
  min: number;
  lowerQuartile: number;
  median: number;
  upperQuartile: number;
  max: number;
  mean: number;
}

/** The spread of a class's values; null when there are none. Missing values do not count. */
export function spread(values: readonly (number | null)[]): Spread | null {
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b);
  const count = sorted.length;
  const [min, max] = [sorted[0], sorted[count - 1]];
  if (min === undefined || max === undefined) return null;
  return {
    count,
    min,
    lowerQuartile: quantile(sorted, 0.25),
    median: quantile(sorted, 0.5),
    upperQuartile: quantile(sorted, 0.75),
    max,
    mean: sorted.reduce((sum, value) => sum + value, 0) / count,
  };
}

/** Between the two nearest values, in proportion (type 7 of Hyndman & Fan 1996, as in R and spreadsheets). */
function quantile(sorted: readonly number[], share: number): number {
  const at = (sorted.length - 1) * share;
  const below = sorted[Math.floor(at)] ?? 0;
  const above = sorted[Math.ceil(at)] ?? below;
  return below + (above - below) * (at - Math.floor(at));
}

/** Where one essay stands among the others of its class, itself not counted. */
export interface Standing {
  lower: number;
  equal: number;
  higher: number;
  others: number;
}

/** How many of the others have a lower, the same and a higher value; `all` holds the essay's own value too. */
export function standing(value: number, all: readonly (number | null)[]): Standing {
  const known = all.filter((each) => each !== null);
  const lower = known.filter((each) => each < value).length;
  const higher = known.filter((each) => each > value).length;
  const equal = Math.max(0, known.length - lower - higher - 1);
  return { lower, equal, higher, others: lower + equal + higher };
}
