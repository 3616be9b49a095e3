import { MEASURES, type Measure } from "@/lib/measures";

export const SHOWS = ["all", "done", "failed"] as const;
export type Show = (typeof SHOWS)[number];

export const SORTS = ["position", "student", "file", "status", ...MEASURES] as const;
export type Sort = (typeof SORTS)[number];

export const USUAL_COLUMNS: readonly Measure[] = [
  "words",
  "errors",
  "errors_per_100",
  "lix",
  "mean_sentence_length",
  "ovix",
];

/** What of the results is in the address, so that a view can be kept and sent; what is usual is left out. */
export interface ResultsSearch {
  search?: string;
  show?: Exclude<Show, "all">;
  sort?: Exclude<Sort, "position">;
  desc?: true;
  columns?: Measure[];
  chart?: Measure;
}

export function readResultsSearch(raw: Record<string, unknown>): ResultsSearch {
  const show = oneOf(SHOWS, raw.show);
  const sort = oneOf(SORTS, raw.sort);
  const chart = oneOf(MEASURES, raw.chart);
  const columns = Array.isArray(raw.columns)
    ? MEASURES.filter((each) => (raw.columns as unknown[]).includes(each))
    : undefined;
  return {
    ...(typeof raw.search === "string" && raw.search.trim() ? { search: raw.search } : {}),
    ...(show && show !== "all" ? { show } : {}),
    ...(sort && sort !== "position" ? { sort } : {}),
    ...(raw.desc === true ? { desc: true } : {}),
    ...(columns && !isUsual(columns) ? { columns } : {}),
    ...(chart ? { chart } : {}),
  };
}

function oneOf<T extends string>(allowed: readonly T[], value: unknown): T | undefined {
  return allowed.find((each) => each === value);
}

function isUsual(columns: readonly Measure[]): boolean {
  return (
    columns.length === USUAL_COLUMNS.length && columns.every((each) => USUAL_COLUMNS.includes(each))
  );
}
