import { describe, expect, it } from "vitest";
import { isToLookAt, remarksOn } from "./remarks";

const essay = (more: object = {}) => ({
  is_misfit: false,
  has_other_text: false,
  is_drifting: false,
  is_anchor: false,
  anchor: null,
  flags: [],
  ...more,
});

describe("what to know of an essay", () => {
  it("is nothing of most", () => {
    expect(remarksOn(essay())).toEqual([]);
    expect(isToLookAt(essay())).toBe(false);
  });

  it("is all there is, each once", () => {
    const found = essay({ is_misfit: true, has_other_text: true, flags: ["torn", "new", "newer"] });

    expect(remarksOn(found)).toEqual(["other_text", "misfit", "torn", "odd"]);
  });

  it("is that it is an anchor, which is nothing to look at", () => {
    const anchor = essay({ is_anchor: true });

    expect(remarksOn(anchor)).toEqual(["anchor"]);
    expect(isToLookAt(anchor)).toBe(false);
  });
});
