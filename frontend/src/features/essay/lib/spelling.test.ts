import { describe, expect, it } from "vitest";
import { occurrences, type SpellingError, spans, stepped, sureness } from "./spelling";

const error = (id: number, more: Partial<SpellingError> = {}): SpellingError => ({
  id,
  start: 0,
  end: 1,
  corrected_start: 0,
  corrected_end: 1,
  text: "a",
  kind: "nonword",
  correction: null,
  suggestions: [],
  confidence: 0,
  applied: false,
  occurrence_of: null,
  ...more,
});

describe("where an error stands", () => {
  const one = error(0, { start: 2, end: 9, corrected_start: 2, corrected_end: 10 });

  it("is counted as JavaScript does", () => {
    expect(spans("😀 recieve", [one], "original")).toEqual([{ id: 0, start: 3, end: 10 }]);
  });

  it("is another place in the corrected text", () => {
    expect(spans("😀 received", [one], "corrected")).toEqual([{ id: 0, start: 3, end: 11 }]);
  });
});

describe("from error to error", () => {
  it("one goes round", () => {
    expect(stepped([4, 7, 9], 7, 1)).toBe(9);
    expect(stepped([4, 7, 9], 9, 1)).toBe(4);
    expect(stepped([4, 7, 9], 4, -1)).toBe(9);
  });

  it("one begins at an end", () => {
    expect(stepped([4, 7], undefined, 1)).toBe(4);
    expect(stepped([4, 7], undefined, -1)).toBe(7);
    expect(stepped([4, 7], 5, 1)).toBe(4);
  });

  it("there may be none", () => {
    expect(stepped([], undefined, 1)).toBeUndefined();
  });
});

describe("an error", () => {
  it("is corrected when that is sure", () => {
    expect(sureness({ applied: true, confidence: 0.9 })).toBe("sure");
    expect(sureness({ applied: false, confidence: 0.6 })).toBe("likely");
    expect(sureness({ applied: false, confidence: 0.2 })).toBe("guess");
  });

  it("is counted with its repetitions", () => {
    const errors = [error(0), error(1, { occurrence_of: 0 }), error(2)];

    expect(errors.map((each) => occurrences(errors, each))).toEqual([2, 2, 1]);
  });
});
