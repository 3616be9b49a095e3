import { describe, expect, it } from "vitest";
import { eta, parts, percent, secondsBetween } from "./duration";

describe("a length of time", () => {
  it("is said in the units it needs", () => {
    expect(parts(9.9)).toMatchObject({ unit: "seconds", seconds: 9 });
    expect(parts(200)).toMatchObject({ unit: "minutes", minutes: 3, seconds: 20 });
    expect(parts(3900)).toMatchObject({ unit: "hours", hours: 1, minutes: 5 });
  });

  it("is never negative, though two clocks may disagree", () => {
    expect(parts(-3)).toMatchObject({ unit: "seconds", seconds: 0 });
  });

  it("ends now while nothing has ended it", () => {
    const from = "2026-03-02T10:00:00Z";

    expect(secondsBetween(from, "2026-03-02T10:01:00Z", 0)).toBe(60);
    expect(secondsBetween(from, null, Date.parse(from) + 5000)).toBe(5);
  });
});

describe("what is left", () => {
  it.each([
    [0, { unit: "moment" }],
    [7.9, { unit: "moment" }],
    [8, { unit: "seconds", count: 10 }],
    [41, { unit: "seconds", count: 50 }],
    [55, { unit: "minutes", count: 1 }],
    [89, { unit: "minutes", count: 1 }],
    [90, { unit: "minutes", count: 2 }],
    [5400, { unit: "hours", count: 1.5 }],
  ])("of %d seconds is %o", (leftS, said) => {
    expect(eta(leftS)).toEqual(said);
  });
});

describe("progress", () => {
  it.each([
    [0, 0],
    [0.001, 1],
    [0.509, 50],
    [0.9999, 99],
    [1, 100],
  ])("of %d is %d per cent", (progress, said) => {
    expect(percent(progress)).toBe(said);
  });
});
