import { describe, expect, it } from "vitest";
import type { BatchStatusBody, EssayRow } from "@/lib/api";
import { filesToMend, nextStep, toBeSkipped } from "./next-step";

const batch = (
  status: BatchStatusBody["status"],
  essay_counts: Record<string, number>,
  run_id: string | null = "run",
) => ({ status, essay_counts, run_id, phases: [], expected_essay_count: 30 });

describe("what comes first", () => {
  it("is handing in, as long as there is nothing", () => {
    expect(nextStep(batch("registered", { awaiting_content: 30 }))).toEqual({
      kind: "hand_in",
      expected: 30,
    });
  });

  it("is the files still missing, once some are there", () => {
    const some = { awaiting_content: 18, content_failed: 1, ready_for_processing: 11 };

    expect(nextStep(batch("registered", some))).toEqual({
      kind: "await_files",
      withText: 11,
      expected: 30,
    });
  });

  it("is starting, when every text is there", () => {
    expect(nextStep(batch("ready", { ready_for_processing: 29, content_failed: 1 }))).toEqual({
      kind: "start",
      withText: 29,
    });
  });

  it("is watching while it works, with what can be read already", () => {
    expect(nextStep(batch("processing", { in_processing: 20, processed: 10 }))).toEqual({
      kind: "watch",
      finished: 10,
    });
  });

  it("is reading, when all went well or only files failed", () => {
    expect(nextStep(batch("completed_successfully", { processed: 30 })).kind).toBe("read");
    expect(
      nextStep(batch("completed_with_failures", { processed: 29, content_failed: 1 })).kind,
    ).toBe("read");
  });

  it("is trying again, when something failed", () => {
    const counts = { processed: 27, partly_processed: 2, failed: 1 };

    expect(nextStep(batch("completed_with_failures", counts))).toEqual({
      kind: "retry",
      failed: 3,
      finished: 27,
    });
    expect(nextStep(batch("failed", { failed: 30 })).kind).toBe("retry");
  });

  it("is the files, when none of them could be read", () => {
    expect(nextStep(batch("failed", { content_failed: 30 }, null)).kind).toBe("no_texts");
  });

  it("is starting again after a cancellation", () => {
    expect(nextStep(batch("cancelled", { processed: 5, ready_for_processing: 25 }))).toEqual({
      kind: "start_again",
      finished: 5,
    });
  });

  it("counts the files to mend beside it", () => {
    expect(filesToMend(batch("ready", { content_failed: 2 }))).toBe(2);
    expect(filesToMend(batch("ready", {}))).toBe(0);
  });
});

describe("phases that will be skipped", () => {
  const done = { status: "done" as const, failure_code: null, failure_reason: null };

  it("are those every essay with a text has a result of", () => {
    const rows: Pick<EssayRow, "status" | "phases">[] = [
      { status: "processed", phases: { spellcheck: done, nlp: done } },
      { status: "partly_processed", phases: { spellcheck: done } },
      { status: "content_failed", phases: {} },
    ];

    expect(toBeSkipped(["spellcheck", "nlp"], rows)).toEqual(["spellcheck"]);
  });

  it("are none while there is no text", () => {
    expect(toBeSkipped(["spellcheck"], [{ status: "awaiting_content", phases: {} }])).toEqual([]);
  });
});
