import { describe, expect, it } from "vitest";
import type { EssayRow } from "@/lib/api";
import { compareNames, failureOf, filtered } from "./rows";

const essay = (status: EssayRow["status"], more: Partial<EssayRow> = {}): EssayRow => ({
  essay_id: "essay-1",
  position: 0,
  status,
  file_name: "a.txt",
  student_name: null,
  language: null,
  failure_code: null,
  failure_reason: null,
  phases: {},
  spelling: null,
  metrics: null,
  ...more,
});
const failed = { status: "failed" as const, failure_code: "no_words", failure_reason: "Why." };

describe("the failure of an essay", () => {
  it("is that of its file", () => {
    const row = essay("content_failed", { failure_code: "empty", failure_reason: "Why." });

    expect(failureOf(row)).toEqual({ code: "empty", reason: "Why.", phase: null });
  });

  it("or that of a phase", () => {
    expect(failureOf(essay("failed", { phases: { nlp: failed } }))).toEqual({
      code: "no_words",
      reason: "Why.",
      phase: "nlp",
    });
  });

  it("or none", () => {
    expect(failureOf(essay("processed"))).toBeNull();
  });
});

describe("the list", () => {
  const rows = [
    essay("processed", { file_name: "Anna.txt" }),
    essay("partly_processed", { file_name: "Bo.txt", phases: { nlp: failed } }),
    essay("in_processing", { file_name: "Åke.txt" }),
  ];
  const names = (show: "all" | "done" | "failed", search = "") =>
    filtered(rows, show, search).map((row) => row.file_name);

  it("is filtered by outcome and by name", () => {
    expect(names("all")).toHaveLength(3);
    expect(names("done")).toEqual(["Anna.txt"]);
    expect(names("failed")).toEqual(["Bo.txt"]);
    expect(names("all", "åk")).toEqual(["Åke.txt"]);
  });

  it("is sorted as in Swedish, with those without a name last", () => {
    expect(["Öst", null, "Zorn", "Äng", "a10", "a9", "Åke"].sort(compareNames)).toEqual([
      "a9",
      "a10",
      "Zorn",
      "Åke",
      "Äng",
      "Öst",
      null,
    ]);
  });
});
