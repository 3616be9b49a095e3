export interface Bin {
  from: number;
  /** Not part of the bin, except of the last. */
  to: number;
  count: number;
}

const STEPS = [1, 2, 2.5, 5, 10];

/** Values in at most `most` bins of equal, round width, beginning at a multiple of it. */
export function histogram(values: readonly number[], most = 8): Bin[] {
  if (values.length === 0) return [];
  const min = Math.min(...values);
  const max = Math.max(...values);
  const width = roundWidth((max - min || Math.abs(max) || 1) / most, min, max, most);
  const first = Math.floor(min / width);
  const last = Math.max(first, Math.ceil(max / width) - 1);
  const bins: Bin[] = [];
  for (let index = first; index <= last; index += 1) {
    bins.push({ from: clean(index * width), to: clean((index + 1) * width), count: 0 });
  }
  for (const value of values) {
    const bin = bins[Math.min(bins.length - 1, Math.max(0, Math.floor(value / width) - first))];
    if (bin) bin.count += 1;
  }
  return bins;
}

function roundWidth(least: number, min: number, max: number, most: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  const fits = (width: number) => Math.ceil(max / width) - Math.floor(min / width) <= most;
  for (const scale of [power, power * 10]) {
    const step = STEPS.find((each) => each * scale >= least * 0.999 && fits(each * scale));
    if (step) return step * scale;
  }
  return power * 100;
}

/** Without what binary fractions leave behind: 0.30000000000000004 is 0.3. */
const clean = (value: number): number => Number(value.toPrecision(12));
