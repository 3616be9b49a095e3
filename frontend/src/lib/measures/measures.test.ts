import { describe, expect, it } from "vitest";
import { histogram, MEASURES, measured, spread, standing } from ".";
import en from "./messages/en.json";
import sv from "./messages/sv.json";

const row = {
  spelling: { word_count: 400, error_count: 6, error_rate: 0.0152, counts_by_kind: {} },
  metrics: { words: 401, lix: 38.2, mtld: null, zipf_bands: { below_2: 0.02 } },
};

describe("a text in another language", () => {
  it("has no number of errors, as nothing was checked", () => {
    const spelling = { word_count: 40, error_count: 0, error_rate: null, counts_by_kind: {} };

    expect(measured({ spelling: { ...spelling, mismatch: "sv" }, metrics: null }, "errors")).toBe(
      null,
    );
    expect(measured({ spelling, metrics: null }, "errors")).toBe(0);
  });
});

describe("a measure of an essay", () => {
  it("comes from the spelling or from the language", () => {
    expect(measured(row, "words")).toBe(400);
    expect(measured(row, "errors_per_100")).toBeCloseTo(1.52);
    expect(measured(row, "lix")).toBe(38.2);
    expect(measured(row, "below_2")).toBe(0.02);
  });

  it("is null where there is none", () => {
    expect(measured(row, "mtld")).toBeNull();
    expect(measured({ spelling: null, metrics: null }, "errors_per_100")).toBeNull();
    expect(measured({ spelling: null, metrics: row.metrics }, "words")).toBe(401);
  });

  it.each(MEASURES)("%s has a title and a meaning in both languages", (measure) => {
    for (const part of ["title", "meaning"] as const) {
      expect(en).toHaveProperty([`measure.${measure}.${part}`]);
      expect(sv).toHaveProperty([`measure.${measure}.${part}`]);
    }
  });
});

describe("the spread of a class", () => {
  it("has its quartiles between the values", () => {
    expect(spread([4, null, 1, 2, 3])).toEqual({
      count: 4,
      min: 1,
      lowerQuartile: 1.75,
      median: 2.5,
      upperQuartile: 3.25,
      max: 4,
      mean: 2.5,
    });
  });

  it("is nothing without values", () => {
    expect(spread([null])).toBeNull();
  });
});

describe("where an essay stands", () => {
  it("is counted among the others", () => {
    expect(standing(3, [1, 2, 3, 3, 5, null])).toEqual({
      lower: 2,
      equal: 1,
      higher: 1,
      others: 4,
    });
  });

  it("is alone in a class of one", () => {
    expect(standing(3, [3])).toEqual({ lower: 0, equal: 0, higher: 0, others: 0 });
  });
});

describe("a histogram", () => {
  it("has round bins that hold every value once", () => {
    const bins = histogram([0, 0.4, 1.1, 3.9, 7.2, 8]);

    expect(bins[0]).toEqual({ from: 0, to: 1, count: 2 });
    expect(bins.at(-1)).toEqual({ from: 7, to: 8, count: 2 });
    expect(bins.reduce((sum, bin) => sum + bin.count, 0)).toBe(6);
  });

  it.each([[[5]], [[0, 0, 0]], [[0.011, 0.019, 0.03]], [[97, 403, 512, 1288]], [[-3, 12.5]]])(
    "of %j has 8 bins at most and loses nothing",
    (values) => {
      const bins = histogram(values);

      expect(bins.length).toBeGreaterThan(0);
      expect(bins.length).toBeLessThanOrEqual(8);
      expect(bins.reduce((sum, bin) => sum + bin.count, 0)).toBe(values.length);
      expect(bins[0]?.from).toBeLessThanOrEqual(Math.min(...values));
      expect(bins.at(-1)?.to).toBeGreaterThanOrEqual(Math.max(...values));
    },
  );

  it("is empty without values", () => {
    expect(histogram([])).toEqual([]);
  });
});
