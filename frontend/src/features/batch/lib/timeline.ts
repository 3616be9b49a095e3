/** One event of a batch as the API gives it. */
export interface BatchEvent {
  event_no: number;
  event_type: string;
  event_timestamp: string;
  data: Record<string, unknown>;
}

export type Tone = "plain" | "good" | "bad";

/** One line of the timeline: the last part of a message's id, and what goes into it. */
export interface Entry {
  /** The event's number; of several said in one line, the last one's. */
  no: number;
  at: string;
  text: EntryText;
  tone: Tone;
  values: Record<string, string | number>;
  phase: string | null;
}

export type EntryText =
  | "registered"
  | "files-uploaded"
  | "files-refused"
  | "texts-read"
  | "texts-failed"
  | "all-ready"
  | "none-ready"
  | "timed-out"
  | "run-asked"
  | "phase-started"
  | "round"
  | "auto-start-refused"
  | "auto-start-refused-assignment"
  | "phase-skipped"
  | "phase-not-asked-for"
  | "phase-skipped-nothing-passed"
  | "phase-ended"
  | "phase-ended-with-failures"
  | "phase-failed"
  | "phase-cancelled"
  | "cancelling"
  | "deadline-passed"
  | "run-completed"
  | "run-completed-with-failures"
  | "run-failed"
  | "run-cancelled"
  | "results-landed"
  | "results-failed"
  | "results-ready";

/**
 * Events in plain words, oldest first. What happens essay by essay, or round by round, is said once for all of them:
 * their lines come before the next line about the whole batch.
 */
export function timeline(events: readonly BatchEvent[]): Entry[] {
  const entries: Entry[] = [];
  const gathered = new Map<string, Entry>();
  for (const event of events) {
    const each = ofOneEssay(event) ?? ofOneRound(event);
    if (each) {
      const key = `${each.text} ${each.phase ?? ""}`;
      const count = Number(gathered.get(key)?.values.count ?? 0) + 1;
      gathered.delete(key);
      gathered.set(key, { ...each, values: { ...each.values, count } });
      continue;
    }
    const entry = ofTheBatch(event);
    if (!entry) continue;
    entries.push(...gathered.values(), entry);
    gathered.clear();
  }
  return [...entries, ...gathered.values()];
}

function ofOneEssay(event: BatchEvent): Entry | null {
  const { event_type: type, data } = event;
  if (type === "EssayContentReady") return entry(event, "texts-read");
  if (type === "EssayContentFailedV1") return entry(event, "texts-failed", "bad");
  if (!RESULTS.has(type)) return null;
  const phase = word(data.phase_name);
  return data.status === "failed"
    ? entry(event, "results-failed", "bad", {}, phase)
    : entry(event, "results-landed", "good", {}, phase);
}

/** Of rounds only the latest is said. */
function ofOneRound(event: BatchEvent): Entry | null {
  const { event_type: type, data } = event;
  if (type !== "BatchPhaseWaveStartedV1" || typeof data.round_no !== "number") return null;
  return entry(
    event,
    "round",
    "plain",
    { round: data.round_no, most: number(data.most_rounds) },
    word(data.phase_name),
  );
}

const RESULTS = new Set(["SpellcheckResultDataV1", "NlpResultDataV1", "EssayPhaseResultV1"]);

function ofTheBatch(event: BatchEvent): Entry | null {
  const { data } = event;
  const phase = word(data.phase_name);
  switch (event.event_type) {
    case "BatchEssaysRegistered":
      return entry(event, "registered", "plain", { count: number(data.expected_essay_count) });
    case "BatchFilesUploadedV1":
      return entry(event, "files-uploaded", "plain", {
        count: number(data.file_count),
        refused: number(data.refused_count),
      });
    case "BatchFilesRefusedV1":
      // Beside files that were taken it is said with them.
      return number(data.taken_count) === 0
        ? entry(event, "files-refused", "bad", { count: number(data.refused_count) })
        : null;
    case "BatchEssaysReady":
      return number(data.ready_count) === 0
        ? entry(event, "none-ready", "bad")
        : entry(event, "all-ready", "good", {
            count: number(data.ready_count),
            without: number(data.failed_count) + number(data.missing_count),
          });
    case "BatchReadinessTimeout":
      return entry(event, "timed-out", "bad");
    case "ClientBatchPipelineRequestV1":
      return entry(event, "run-asked", "plain", { pipeline: word(data.requested_pipeline) ?? "" });
    case "BatchServiceSpellcheckInitiateCommandDataV1":
      return entry(event, "phase-started", "plain", { count: number(data.units) }, "spellcheck");
    case "BatchPhaseStartedV1":
      return entry(event, "phase-started", "plain", { count: number(data.units) }, phase);
    case "BatchAutoStartRefusedV1":
      return entry(
        event,
        data.reason === "MissingPrerequisite"
          ? "auto-start-refused-assignment"
          : "auto-start-refused",
        "bad",
      );
    case "BatchPhaseSkippedV1":
      return skipped(event, word(data.reason), phase);
    case "ELSBatchPhaseOutcomeV1":
      return outcome(event, phase);
    case "BatchPipelineCancellingV1":
      return data.reason === "deadline_passed"
        ? entry(event, "deadline-passed", "bad")
        : entry(event, "cancelling");
    case "BatchPipelineEndedV1":
      return ended(event);
    case "BatchResultsReadyV1":
      return entry(event, "results-ready", "good");
    default:
      // A later wave of a phase that says nothing of it, or something newer than this page: nothing a teacher would miss.
      return null;
  }
}

function skipped(event: BatchEvent, reason: string | null, phase: string | null): Entry {
  switch (reason) {
    case "already_done":
      return entry(event, "phase-skipped", "plain", {}, phase);
    case "not_asked_for":
      return entry(event, "phase-not-asked-for", "plain", {}, phase);
    default:
      return entry(event, "phase-skipped-nothing-passed", "bad", {}, phase);
  }
}

function outcome(event: BatchEvent, phase: string | null): Entry {
  const failed = list(event.data.failed_essay_ids);
  const values = { count: list(event.data.processed_essays), failed };
  switch (event.data.phase_status) {
    case "failed":
      return entry(event, "phase-failed", "bad", values, phase);
    case "cancelled":
      return entry(event, "phase-cancelled", "plain", values, phase);
    case "completed_with_failures":
      return entry(event, "phase-ended-with-failures", "bad", values, phase);
    default:
      return entry(event, "phase-ended", "good", values, phase);
  }
}

function ended(event: BatchEvent): Entry {
  const { data } = event;
  const values = {
    count: number(data.completed_essays),
    total: number(data.total_essays),
    seconds: number(data.processing_duration_seconds),
  };
  switch (data.run_status) {
    case "completed_successfully":
      return entry(event, "run-completed", "good", values);
    case "completed_with_failures":
      return entry(event, "run-completed-with-failures", "bad", values);
    case "cancelled":
      return entry(event, "run-cancelled", "plain", values);
    default:
      return entry(event, "run-failed", "bad", values);
  }
}

function entry(
  event: BatchEvent,
  text: EntryText,
  tone: Tone = "plain",
  values: Entry["values"] = {},
  phase: string | null = null,
): Entry {
  return { no: event.event_no, at: event.event_timestamp, text, tone, values, phase };
}

const number = (value: unknown): number => (typeof value === "number" ? value : 0);
const word = (value: unknown): string | null => (typeof value === "string" ? value : null);
const list = (value: unknown): number => (Array.isArray(value) ? value.length : 0);
