import { describe, expect, it } from "vitest";
import { needAssignment, withNeeded } from "./phases";

describe("the phases of a pipeline", () => {
  const phase = (name: string, ...depends_on: string[]) => ({ name, depends_on });
  const catalogue = [
    phase("spellcheck"),
    phase("nlp", "spellcheck"),
    phase("cj"),
    phase("feedback", "nlp"),
  ];

  it("bring what they depend on, however far back", () => {
    expect(withNeeded(["feedback"], catalogue)).toEqual(["spellcheck", "nlp", "feedback"]);
    expect(withNeeded(["cj", "spellcheck"], catalogue)).toEqual(["spellcheck", "cj"]);
  });

  it("may need the text of the assignment", () => {
    const needing = [
      { name: "spellcheck", prerequisites: [] },
      { name: "cj", prerequisites: ["instructions"] },
    ];

    expect(needAssignment(["spellcheck", "cj"], needing)).toEqual(["cj"]);
    expect(needAssignment(["spellcheck"], needing)).toEqual([]);
  });
});
