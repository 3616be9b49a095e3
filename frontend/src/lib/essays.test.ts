import { describe, expect, it } from "vitest";
import { essayName, matches } from "./essays";

const essay = { essay_id: "essay-7", file_name: "Uppsats Åsa.docx", student_name: "Åsa Öberg" };

describe("an essay", () => {
  it("is called after its pupil, its file, or its id", () => {
    expect(essayName(essay)).toBe("Åsa Öberg");
    expect(essayName({ ...essay, student_name: null })).toBe("Uppsats Åsa.docx");
    expect(essayName({ ...essay, student_name: null, file_name: null })).toBe("essay-7");
  });

  it("is found by words of its file's or its pupil's name", () => {
    expect(matches(essay, "åsa ÖB")).toBe(true);
    expect(matches(essay, "  ")).toBe(true);
    expect(matches(essay, "åsa berit")).toBe(false);
    expect(matches({ ...essay, file_name: "a\u030asa", student_name: null }, "åsa")).toBe(true);
  });
});
