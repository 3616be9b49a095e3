import type { IconName } from "@/components/Icon";
import type { Notification } from "@/lib/api";

export type Tone = "info" | "ok" | "warn" | "fail";

/** What a notification says: the last part of a message's id, what goes into it, and how it looks. */
export interface Said {
  text: SaidText;
  values: Record<string, string | number>;
  /** Names to be put into the teacher's language before they go into the sentence. */
  phase: string | null;
  pipeline: string | null;
  failureCode: string | null;
  tone: Tone;
  icon: IconName;
  /** The page of the batch where one sees more or does something about it. */
  page: "batch" | "files" | "results" | "ranking" | null;
}

export type SaidText =
  | "files"
  | "files-refused"
  | "file-failed"
  | "ready"
  | "ready-with-gaps"
  | "none-ready"
  | "timed-out"
  | "auto-start-refused"
  | "auto-start-refused-assignment"
  | "started"
  | "phase-skipped"
  | "phase-skipped-nothing-passed"
  | "phase-done"
  | "phase-partly"
  | "phase-failed"
  | "ranked"
  | "results"
  | "results-partly"
  | "run-failed"
  | "run-too-long"
  | "run-cancelled"
  | "other";

/** A notification in words of ours; nothing the server wrote is shown. */
export function describe({ type, payload, batch_id }: Notification): Said {
  const number = (name: string) => (typeof payload[name] === "number" ? Number(payload[name]) : 0);
  const word = (name: string) => (typeof payload[name] === "string" ? String(payload[name]) : null);
  const said = (
    text: SaidText,
    tone: Tone,
    icon: IconName,
    page: Said["page"],
    values: Said["values"] = {},
  ): Said => ({
    text,
    tone,
    icon,
    values,
    page: batch_id === null ? null : page,
    phase: word("phase_name"),
    pipeline: word("requested_pipeline"),
    failureCode: word("failure_code"),
  });

  switch (type) {
    case "batch_files_uploaded":
      return said("files", "info", "upload", "files", {
        count: number("file_count"),
        refused: number("refused_count"),
        free: number("free_slots"),
      });
    case "files_refused":
      return said("files-refused", "fail", "alert", "files", { count: number("refused_count") });
    case "file_failed":
      return said("file-failed", "fail", "alert", "files");
    case "batch_ready": {
      const without = number("failed_count") + number("missing_count");
      const count = number("ready_count");
      if (count === 0) return said("none-ready", "fail", "alert", "files");
      return without > 0
        ? said("ready-with-gaps", "warn", "alert", "batch", { count, without })
        : said("ready", "ok", "check", "batch", { count });
    }
    case "readiness_timeout":
      return said("timed-out", "warn", "clock", "files", { missing: number("missing_count") });
    case "auto_start_refused":
      return word("reason") === "MissingPrerequisite"
        ? said("auto-start-refused-assignment", "warn", "alert", "batch")
        : said("auto-start-refused", "warn", "alert", "batch");
    case "processing_started":
      return said("started", "info", "play", "batch");
    case "phase_skipped":
      return word("reason") === "already_done"
        ? said("phase-skipped", "info", "minus", "batch")
        : said("phase-skipped-nothing-passed", "warn", "minus", "batch");
    case "phase_completed":
      return phase(word("phase_status"), number("processed_count"), number("failed_count"), said);
    case "batch_assessment_completed":
      return said("ranked", "ok", "check", "ranking");
    case "batch_results_ready": {
      const values = { count: number("completed_essays"), total: number("total_essays") };
      return word("overall_status") === "completed_with_failures"
        ? said("results-partly", "warn", "alert", "results", values)
        : said("results", "ok", "check", "results", values);
    }
    case "run_failed":
      return word("reason") === "deadline_passed"
        ? said("run-too-long", "fail", "alert", "batch")
        : said("run-failed", "fail", "alert", "batch");
    case "run_cancelled":
      return said("run-cancelled", "info", "stop", "batch", { count: number("completed_essays") });
    default:
      return said("other", "info", "info", "batch");
  }
}

function phase(
  status: string | null,
  count: number,
  failed: number,
  said: (
    text: SaidText,
    tone: Tone,
    icon: IconName,
    page: Said["page"],
    values: Said["values"],
  ) => Said,
): Said {
  const values = { count, failed };
  if (status === "failed") return said("phase-failed", "fail", "alert", "batch", values);
  if (status === "completed_with_failures")
    return said("phase-partly", "warn", "alert", "batch", values);
  return said("phase-done", "ok", "check", "batch", values);
}

const URGENT = new Set(["critical", "immediate", "high"]);

/** Whether it is worth interrupting for. */
export function isUrgent(notification: Notification): boolean {
  return notification.action_required || URGENT.has(notification.priority);
}
