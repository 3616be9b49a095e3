import { describe, expect, it } from "vitest";
import type { EssayRow, Spelling } from "./api/types";
import { languageOf, mismatchOf, outdated } from "./languages";

const essay = (language: EssayRow["language"], spelling: Partial<Spelling> | null) => ({
  language,
  spelling: spelling as Spelling | null,
});

describe("the language of an essay", () => {
  it("is the course's unless it has its own", () => {
    expect(languageOf(essay(null, null), "sv")).toBe("sv");
    expect(languageOf(essay("en", null), "sv")).toBe("en");
  });

  it("is another one than it was checked in until the next run", () => {
    expect(outdated(essay("en", { language: "sv" }), "sv")).toBe("sv");
    expect(outdated(essay("en", { language: "en" }), "sv")).toBeNull();
    expect(outdated(essay("en", null), "sv")).toBeNull();
    expect(outdated(essay("en", {}), "sv")).toBeNull();
  });

  it("may plainly be none it is read in", () => {
    expect(mismatchOf(essay(null, { language: "sv", mismatch: "en" }), "sv")).toBe("en");
    expect(mismatchOf(essay(null, { language: "sv", mismatch: null }), "sv")).toBeNull();
    expect(mismatchOf(essay(null, null), "sv")).toBeNull();
  });

  it("is no matter any more once it has been said", () => {
    expect(mismatchOf(essay("en", { language: "sv", mismatch: "en" }), "sv")).toBeNull();
  });
});
