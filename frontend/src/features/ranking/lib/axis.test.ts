import { describe, expect, it } from "vitest";
import { scaleOf } from "./axis";

describe("a scale", () => {
  it("fills its room, with round values between the ends", () => {
    const { at, ticks } = scaleOf(-2.3, 3.1, [0, 100], 6);

    expect(ticks).toEqual([-2, -1, 0, 1, 2, 3]);
    expect(at(-2.3)).toBe(0);
    expect(at(3.1)).toBeCloseTo(100);
    expect(at(0.4)).toBeCloseTo(50);
  });

  it("has fewer values where there is less room", () => {
    expect(scaleOf(-2.3, 3.1, [0, 100], 3).ticks).toEqual([-2, 0, 2]);
  });

  it("has a middle where nothing differs", () => {
    expect(scaleOf(0, 0, [10, 30], 5).at(0)).toBe(20);
  });
});
