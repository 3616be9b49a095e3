import type { BatchStatusBody, EssayRow } from "@/lib/api";

/** What the teacher is to do or to know first. */
export type Step =
  | { kind: "hand_in"; expected: number }
  | { kind: "await_files"; withText: number; expected: number }
  | { kind: "start"; withText: number }
  | { kind: "watch"; finished: number }
  | { kind: "read"; finished: number }
  | { kind: "retry"; failed: number; finished: number }
  | { kind: "no_texts" }
  | { kind: "start_again"; finished: number };

type Status = Pick<
  BatchStatusBody,
  "status" | "essay_counts" | "expected_essay_count" | "run_id" | "phases"
>;

/** The one step that comes first on the page. */
export function nextStep(batch: Status): Step {
  const count = (status: EssayRow["status"]) => batch.essay_counts[status] ?? 0;
  const expected = batch.expected_essay_count;
  const withText = expected - count("awaiting_content") - count("content_failed");
  const finished = count("processed");
  const failed = count("failed") + count("partly_processed");
  switch (batch.status) {
    case "registered":
      return count("awaiting_content") === expected
        ? { kind: "hand_in", expected }
        : { kind: "await_files", withText, expected };
    case "ready":
      return { kind: "start", withText };
    case "processing":
      return { kind: "watch", finished };
    case "completed_successfully":
      return { kind: "read", finished };
    case "cancelled":
      return { kind: "start_again", finished };
    case "completed_with_failures":
    case "failed":
      if (batch.run_id === null) return { kind: "no_texts" };
      return failed > 0 || batch.status === "failed"
        ? { kind: "retry", failed, finished }
        : { kind: "read", finished };
    default:
      return { kind: "watch", finished };
  }
}

/** How many essays have no text because of their file. */
export function filesToMend(batch: Pick<BatchStatusBody, "essay_counts">): number {
  return batch.essay_counts.content_failed ?? 0;
}

/**
 * The phases of a pipeline that will be skipped, as far as can be seen from here: every essay with a text has its
 * result already. The server decides when the run starts, and its answer says what it skipped.
 */
export function toBeSkipped(
  phases: readonly string[],
  rows: readonly Pick<EssayRow, "status" | "phases">[],
): string[] {
  const texts = rows.filter(
    (row) => row.status !== "awaiting_content" && row.status !== "content_failed",
  );
  if (texts.length === 0) return [];
  return phases.filter((phase) => texts.every((row) => row.phases[phase]?.status === "done"));
}
