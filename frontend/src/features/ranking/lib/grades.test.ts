import { describe, expect, it } from "vitest";
import { anEssay, aRanking } from "../testing";
import { chancesOf, likeliest, readGrades, toApprove, wayOf } from "./grades";

const suggested = (grade: string, chances: Record<string, number>) => ({
  grade,
  chances,
  between: null,
  is_beyond: false,
});
const decided = (grade: string, suggestion: string | null) => ({
  grade,
  suggested: suggestion,
  is_override: grade !== suggestion,
  decided_at: "2026-03-02T10:00:00Z",
  has_other_text: false,
});
const known = { grade: "A", marked_at: "2026-03-02T10:00:00Z", has_other_text: false };

describe("the chances of an essay", () => {
  const essay = anEssay({ grade: suggested("C", { C: 0.56, E: 0.02, D: 0.42 }) });

  it("are in the order of the scale, without what hardly counts", () => {
    expect(chancesOf(essay, ["F", "E", "D", "C"]).map(({ grade }) => grade)).toEqual(["D", "C"]);
  });

  it("are said with the likeliest first", () => {
    const said = likeliest(chancesOf(essay, ["F", "E", "D", "C"]));

    expect(said.map(({ grade }) => grade)).toEqual(["C", "D"]);
  });
});

describe("what can be approved", () => {
  it("is suggested, not decided, and not known", () => {
    const found = aRanking({
      essays: [
        anEssay({ essay_id: "open", grade: suggested("C", { C: 1 }) }),
        anEssay({
          essay_id: "decided",
          grade: suggested("C", { C: 1 }),
          decided_grade: decided("D", "C"),
        }),
        anEssay({ essay_id: "known", grade: suggested("A", { A: 1 }), anchor: known }),
        anEssay({ essay_id: "nothing" }),
      ],
    });

    expect(toApprove(found)).toEqual([{ essay_id: "open", grade: "C" }]);
  });
});

describe("grades of one's own", () => {
  it("are read line by line or between commas", () => {
    expect(readGrades(" fail\npass, good;\n\n")).toEqual(["fail", "pass", "good"]);
  });
});

describe("a decided grade", () => {
  it("is approved, an override, or one's own", () => {
    expect(wayOf(decided("C", "C"))).toBe("approved");
    expect(wayOf(decided("B", "C"))).toBe("override");
    expect(wayOf(decided("B", null))).toBe("own");
  });
});
