import { describe, expect, it } from "vitest";
import { toUnits } from "./code-points";

const slice = (text: string, start: number, end: number) => {
  const unit = toUnits(text);
  return text.slice(unit(start), unit(end));
};

describe("offsets in code points", () => {
  it("are those of JavaScript as long as there is nothing beyond the first plane", () => {
    expect(slice("Jag såg en älg", 4, 7)).toBe("såg");
  });

  it("find the word behind an emoji", () => {
    expect(slice("😀 och 🐶🐶 recieve it", 9, 16)).toBe("recieve");
  });

  it("count a joined emoji as the code points it is made of", () => {
    const family = "👩‍👧";

    expect([...family]).toHaveLength(3);
    expect(slice(`${family}x`, 3, 4)).toBe("x");
  });

  it("keep combining marks apart", () => {
    expect(slice("a\u030ar 🎈 fel", 6, 9)).toBe("fel");
  });

  it("end at the ends of the text", () => {
    const unit = toUnits("a😀");

    expect([unit(-1), unit(2), unit(99)]).toEqual([0, 3, 3]);
    expect(toUnits("ab")(99)).toBe(2);
  });
});
