import { describe as about, expect, it } from "vitest";
import type { Notification } from "@/lib/api";
import en from "../messages/en.json";
import sv from "../messages/sv.json";
import { describe, isUrgent } from "./describe";

const told = (type: string, payload: Record<string, unknown> = {}): Notification => ({
  seq: 1,
  notification_id: "n",
  type: type as Notification["type"],
  category: "batch_progress",
  priority: "standard",
  action_required: false,
  batch_id: "b",
  correlation_id: "c",
  payload,
  created_at: "2026-03-02T10:00:00Z",
  read_at: null,
});

const EVERY: [string, Record<string, unknown>, string, string | null][] = [
  ["batch_files_uploaded", { file_count: 28, refused_count: 1, free_slots: 2 }, "files", "files"],
  ["files_refused", { refused_count: 2 }, "files-refused", "files"],
  ["file_failed", { essay_id: "e", failure_code: "empty" }, "file-failed", "files"],
  ["batch_ready", { ready_count: 30, failed_count: 0, missing_count: 0 }, "ready", "batch"],
  [
    "batch_ready",
    { ready_count: 28, failed_count: 1, missing_count: 1 },
    "ready-with-gaps",
    "batch",
  ],
  ["batch_ready", { ready_count: 0, failed_count: 30, missing_count: 0 }, "none-ready", "files"],
  ["readiness_timeout", { missing_count: 3 }, "timed-out", "files"],
  ["auto_start_refused", {}, "auto-start-refused", "batch"],
  [
    "auto_start_refused",
    { requested_pipeline: "comprehensive", reason: "MissingPrerequisite" },
    "auto-start-refused-assignment",
    "batch",
  ],
  ["processing_started", { requested_pipeline: "nlp" }, "started", "batch"],
  ["phase_skipped", { phase_name: "nlp", reason: "already_done" }, "phase-skipped", "batch"],
  [
    "phase_skipped",
    { phase_name: "nlp", reason: "no_essay_passed:spellcheck" },
    "phase-skipped-nothing-passed",
    "batch",
  ],
  ["phase_completed", { phase_name: "nlp", phase_status: "completed" }, "phase-done", "batch"],
  ["phase_completed", { phase_status: "completed_with_failures" }, "phase-partly", "batch"],
  ["phase_completed", { phase_status: "failed" }, "phase-failed", "batch"],
  ["batch_assessment_completed", { rankings_available: true }, "ranked", "ranking"],
  ["batch_results_ready", { overall_status: "completed_successfully" }, "results", "results"],
  [
    "batch_results_ready",
    { overall_status: "completed_with_failures" },
    "results-partly",
    "results",
  ],
  ["run_failed", { reason: null }, "run-failed", "batch"],
  ["run_failed", { reason: "deadline_passed" }, "run-too-long", "batch"],
  ["run_cancelled", { completed_essays: 4 }, "run-cancelled", "batch"],
  ["something_new", {}, "other", "batch"],
];

about("a notification", () => {
  it.each(EVERY)("%s %j is said and leads somewhere", (type, payload, text, page) => {
    expect(describe(told(type, payload))).toMatchObject({ text, page });
    expect(en).toHaveProperty([`notifications.said.${text}`]);
    expect(sv).toHaveProperty([`notifications.said.${text}`]);
  });

  it("never shows what the server wrote", () => {
    const said = describe(
      told("batch_results_ready", { message: "29 of 30 essays are complete." }),
    );

    expect(JSON.stringify(said)).not.toContain("complete.");
  });

  it("about no batch leads nowhere", () => {
    expect(describe({ ...told("batch_ready"), batch_id: null }).page).toBeNull();
  });

  it("interrupts only when it hurries or needs somebody", () => {
    const base = told("batch_ready");

    expect(isUrgent(base)).toBe(false);
    expect(isUrgent({ ...base, action_required: true })).toBe(true);
    expect(isUrgent({ ...base, priority: "immediate" })).toBe(true);
    expect(isUrgent({ ...base, priority: "low" })).toBe(false);
  });
});
