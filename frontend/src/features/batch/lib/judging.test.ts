import { describe, expect, it } from "vitest";
import { changes, type Judging, judgedBy } from "./judging";

const USUAL: Judging = {
  judge: "builtin",
  profile: "balanced",
  target: 0.8,
  most_rounds: 20,
  with_prior: false,
};

describe("how essays are judged", () => {
  it("is left to the catalogue where nothing else is chosen", () => {
    expect(changes(USUAL, { ...USUAL })).toEqual({});
  });

  it("says only what is chosen otherwise", () => {
    expect(changes(USUAL, { ...USUAL, judge: "person", most_rounds: 12 })).toEqual({
      judge: "person",
      most_rounds: 12,
    });
  });

  it("never counts the built-in judge twice", () => {
    const model: Judging = { ...USUAL, judge: "llm", with_prior: true };

    expect(judgedBy("builtin", model).with_prior).toBe(false);
    expect(judgedBy("person", model).with_prior).toBe(true);
  });
});
