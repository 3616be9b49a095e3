import { describe, expect, it } from "vitest";
import { cautions, stillToGo } from "./caution";

const figures = (more: object = {}) => ({
  honest: 0.7,
  honest_low: 0.6,
  honest_high: 0.8,
  ssr: 0.72,
  split_half: 0.68,
  is_internal: false,
  warning: null,
  ...more,
});

describe("what to mind about the figures", () => {
  it("is nothing where they agree", () => {
    expect(cautions(figures())).toEqual([]);
  });

  it("is that the usual formula promises more", () => {
    expect(cautions(figures({ ssr: 0.91 }))).toEqual(["inflated"]);
  });

  it("is that judges do not agree with each other", () => {
    expect(cautions(figures({ split_half: 0.5 }))).toEqual(["judges_differ"]);
  });

  it("is that it is too early to know", () => {
    expect(cautions(figures({ warning: "few_rounds" }))).toEqual(["few_rounds"]);
  });

  it("is before all that a machine only agrees with itself", () => {
    expect(cautions(figures({ is_internal: true, ssr: 0.99 }))).toEqual(["internal"]);
  });

  it("is nothing where nothing can be said", () => {
    expect(cautions(figures({ honest: null, split_half: null }))).toEqual([]);
  });
});

it("what is still to go leaves out what is reached and what cannot be said", () => {
  expect(stillToGo({ ".85": 40, ".80": 0, ".90": null, ".88": 70 })).toEqual([
    { target: 0.85, n: 40 },
    { target: 0.88, n: 70 },
  ]);
});
