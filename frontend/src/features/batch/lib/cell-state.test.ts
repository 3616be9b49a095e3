import { describe, expect, it } from "vitest";
import type { EssayRow, PhaseProgress } from "@/lib/api";
import { type Column, cellOf, isShown, TEXT } from "./cell-state";

type Row = Pick<EssayRow, "status" | "phases" | "failure_code" | "failure_reason">;

const row = (status: EssayRow["status"], phases: Record<string, string> = {}): Row => ({
  status,
  failure_code: status === "content_failed" ? "empty" : null,
  failure_reason: status === "content_failed" ? "It has no text." : null,
  phases: Object.fromEntries(
    Object.entries(phases).map(([name, outcome]) => [
      name,
      outcome === "done"
        ? { status: "done", failure_code: null, failure_reason: null }
        : { status: "failed", failure_code: outcome, failure_reason: "Why." },
    ]),
  ),
});
const column = (
  name: string,
  status?: PhaseProgress["status"],
  ...dependsOn: string[]
): Column => ({
  name,
  dependsOn,
  progress: status && ({ phase: name, status } as PhaseProgress),
});
const text = column(TEXT);

describe("the cell of a text", () => {
  it.each([
    ["awaiting_content", "waiting"],
    ["ready_for_processing", "done"],
    ["in_processing", "done"],
    ["failed", "done"],
  ] as const)("of an essay that is %s is %s", (status, state) => {
    expect(cellOf(row(status), text).state).toBe(state);
  });

  it("says why there is none", () => {
    expect(cellOf(row("content_failed"), text)).toMatchObject({
      state: "failed",
      failureCode: "empty",
    });
  });
});

describe("the cell of a phase", () => {
  const spelling = column("spellcheck", "in_progress");
  const language = column("nlp", "pending", "spellcheck");

  it("is done or failed once there is a result, whatever the run does", () => {
    expect(cellOf(row("processed", { spellcheck: "done" }), spelling).state).toBe("done");
    expect(cellOf(row("in_processing", { spellcheck: "no_words" }), spelling)).toMatchObject({
      state: "failed",
      failureCode: "no_words",
      failureReason: "Why.",
    });
  });

  it("is running where the phase works on it, and queued where something comes first", () => {
    expect(cellOf(row("in_processing"), spelling).state).toBe("running");
    expect(cellOf(row("in_processing"), { ...language, ...{} }).state).toBe("queued");
    const streaming = column("nlp", "in_progress", "spellcheck");
    expect(cellOf(row("in_processing"), streaming).state).toBe("queued");
    expect(cellOf(row("in_processing", { spellcheck: "done" }), streaming).state).toBe("running");
  });

  it("is blocked by what failed before it", () => {
    expect(cellOf(row("content_failed"), spelling).blockedBy).toBe("text");
    expect(cellOf(row("failed", { spellcheck: "no_words" }), language)).toMatchObject({
      state: "blocked",
      blockedBy: "spellcheck",
    });
  });

  it("waits for the text, and is idle where nobody asked for it", () => {
    expect(cellOf(row("awaiting_content"), spelling).state).toBe("waiting");
    expect(cellOf(row("ready_for_processing"), column("nlp")).state).toBe("idle");
    expect(cellOf(row("ready_for_processing"), column("nlp", "cancelled")).state).toBe("cancelled");
  });
});

describe("what the grid shows", () => {
  const columns = [text, column("spellcheck", "completed"), column("nlp", "completed")];
  const good = row("processed", { spellcheck: "done", nlp: "done" });
  const bad = row("partly_processed", { spellcheck: "done", nlp: "no_words" });

  it("is failed in any column, done in every one", () => {
    expect([good, bad].map((each) => isShown(each, columns, "failed", null))).toEqual([
      false,
      true,
    ]);
    expect([good, bad].map((each) => isShown(each, columns, "done", null))).toEqual([true, false]);
  });

  it("can be asked of one phase", () => {
    expect(isShown(bad, columns, "failed", "spellcheck")).toBe(false);
    expect(isShown(bad, columns, "done", "spellcheck")).toBe(true);
  });

  it("is unfinished where something is still to come and nothing failed", () => {
    expect(isShown(row("awaiting_content"), columns, "unfinished", null)).toBe(true);
    expect(isShown(bad, columns, "unfinished", null)).toBe(false);
  });
});
