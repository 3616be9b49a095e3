import type { EssayRow } from "../api/types";

/**
 * What is measured of an essay, in the order a teacher reads it. The measures of language are those of the `nlp`
 * phase; the first three come from the spelling.
 */
export const MEASURES = [
  "words",
  "errors",
  "errors_per_100",
  "lix",
  "mean_sentence_length",
  "mean_word_length",
  "long_word_share",
  "ovix",
  "ttr",
  "mattr",
  "mtld",
  "mean_zipf",
  "sentences",
  "paragraphs",
  "characters",
  "below_2",
  "2_to_3",
  "3_to_4",
  "4_to_5",
  "5_and_above",
] as const;

export type Measure = (typeof MEASURES)[number];

/** How a value is written: whole numbers, one or two decimals, or a share in per cent. */
export type Form = "whole" | "tenths" | "hundredths" | "share";

const FORMS: Partial<Record<Measure, Form>> = {
  words: "whole",
  errors: "whole",
  sentences: "whole",
  paragraphs: "whole",
  characters: "whole",
  mean_zipf: "hundredths",
  mean_word_length: "hundredths",
  long_word_share: "share",
  ttr: "share",
  mattr: "share",
  below_2: "share",
  "2_to_3": "share",
  "3_to_4": "share",
  "4_to_5": "share",
  "5_and_above": "share",
};

const BANDS = new Set<Measure>(["below_2", "2_to_3", "3_to_4", "4_to_5", "5_and_above"]);

export function formOf(measure: Measure): Form {
  return FORMS[measure] ?? "tenths";
}

/** `Intl.NumberFormat` options for the values of a measure. */
export function numberFormat(measure: Measure) {
  switch (formOf(measure)) {
    case "whole":
      return { maximumFractionDigits: 0 };
    case "hundredths":
      return { minimumFractionDigits: 2, maximumFractionDigits: 2 };
    case "share":
      return { style: "percent", maximumFractionDigits: 0 } as const;
    default:
      return { minimumFractionDigits: 1, maximumFractionDigits: 1 };
  }
}

/** A measure of one essay; null where there is none, or none can be given for so short a text. */
export function measured(
  row: Pick<EssayRow, "spelling" | "metrics">,
  measure: Measure,
): number | null {
  const { spelling, metrics } = row;
  switch (measure) {
    case "words":
      return number(spelling?.word_count) ?? number(metrics?.words);
    case "errors":
      return spelling?.mismatch ? null : number(spelling?.error_count);
    case "errors_per_100": {
      // The API gives errors per checked word.
      const rate = number(spelling?.error_rate);
      return rate === null ? null : rate * 100;
    }
    default:
      return BANDS.has(measure)
        ? number((metrics?.zipf_bands as Record<string, unknown> | undefined)?.[measure])
        : number(metrics?.[measure]);
  }
}

const number = (value: unknown): number | null =>
  typeof value === "number" && Number.isFinite(value) ? value : null;
