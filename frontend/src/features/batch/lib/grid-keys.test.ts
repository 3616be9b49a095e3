import { describe, expect, it } from "vitest";
import { kept, moved, refocused } from "./grid-keys";

const size = { rows: 100, columns: 4, page: 10 };
const go = (key: string, row: number, column: number, ctrlKey = false) => {
  const to = moved({ row, column }, { key, ctrlKey }, size);
  return to && [to.row, to.column];
};

describe("keys in the grid", () => {
  it("step by a cell and stop at the edges", () => {
    expect(go("ArrowDown", 5, 1)).toEqual([6, 1]);
    expect(go("ArrowUp", 0, 1)).toEqual([0, 1]);
    expect(go("ArrowRight", 5, 3)).toEqual([5, 3]);
    expect(go("ArrowLeft", 5, 3)).toEqual([5, 2]);
  });

  it("go to the ends of the row, with Ctrl to the ends of the grid", () => {
    expect(go("Home", 5, 3)).toEqual([5, 0]);
    expect(go("End", 5, 0)).toEqual([5, 3]);
    expect(go("Home", 5, 3, true)).toEqual([0, 0]);
    expect(go("End", 5, 0, true)).toEqual([99, 3]);
  });

  it("go by a page", () => {
    expect(go("PageDown", 95, 2)).toEqual([99, 2]);
    expect(go("PageUp", 95, 2)).toEqual([85, 2]);
  });

  it("leave other keys alone", () => {
    expect(go("a", 1, 1)).toBeNull();
  });
});

describe("the rows that are kept", () => {
  it("are those in view and some around them", () => {
    expect(kept(3, 5, 2, 100, 4)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(kept(0, 1, 2, 3, 0)).toEqual([0, 1, 2]);
  });

  it("hold the one with the focus, wherever it is", () => {
    expect(kept(50, 51, 0, 100, 2)).toEqual([2, 50, 51]);
    expect(kept(0, 1, 0, 100, 99)).toEqual([0, 1, 99]);
  });

  it("are none of an empty list", () => {
    expect(kept(0, 0, 5, 0, 0)).toEqual([]);
  });
});

describe("the focus, when rows change", () => {
  it("follows its essay", () => {
    expect(refocused(["b", "a"], "a", 0)).toBe(1);
  });

  it("stays near when the essay is gone", () => {
    expect(refocused(["b", "c"], "a", 7)).toBe(1);
    expect(refocused([], "a", 7)).toBe(0);
  });
});
