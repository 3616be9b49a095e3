import type { components } from "./schema";

type Schemas = components["schemas"];

/** What the API's description leaves open as "an object", written out where a screen reads it. */
export interface PhaseResult {
  status: "done" | "failed";
  failure_code: string | null;
  failure_reason: string | null;
}

export type Language = Batch["language"];
/** What a text is plainly written in instead of the language it was read in. */
export type Mismatch = Language | "unknown";

export interface Spelling {
  /** What it was read in; runs of earlier releases do not say. */
  language?: Language;
  mismatch?: Mismatch | null;
  word_count: number;
  error_count: number;
  /** Errors by checked words; null where nothing could be checked. */
  error_rate: number | null;
  counts_by_kind: Record<string, number>;
}

export type Metrics = Record<string, unknown>;

export type AllowedWord = Schemas["AllowedWord"];
export type SpellingSummary = Omit<Schemas["SpellingSummary"], "counts_by_kind"> & {
  counts_by_kind: Record<string, number>;
};
export type PhaseProgress = Schemas["PhaseProgress"];
export type Batch = Schemas["Batch"];
export type BatchStatusBody = Schemas["BatchStatus"];
export type BatchState = Batch["status"];
export type ActionRequired = NonNullable<Batch["action_required"]>;
export type BatchDetail = Schemas["BatchDetails"];
export type Course = Schemas["Course"];
export type Catalogue = Schemas["Catalogue"];
export type HandedIn = Schemas["HandedIn"];
export type HandedInFile = Omit<Schemas["File"], "status"> & {
  status: "received" | "reading" | "read" | "failed";
};
export type EssayRow = Omit<Schemas["EssayRow"], "phases" | "spelling" | "metrics"> & {
  phases: Record<string, PhaseResult>;
  spelling: Spelling | null;
  metrics: Metrics | null;
};
export type Essay = Omit<Schemas["Essay"], keyof EssayRow> & EssayRow;
export type Assessment = Omit<Schemas["Assessment"], "more_comparisons"> & {
  more_comparisons: Record<string, number | null>;
};
export type UsualJudging = NonNullable<Catalogue["phases"][number]["judging"]>;
export type JudgingCosts = Schemas["JudgingCosts"];
export type RankedEssay = Schemas["RankedEssay"];
export type Comparison = Schemas["Comparison"];
export type Me = Schemas["User"];
export type Notification = Schemas["Notification"];
export type NotificationPage = Schemas["NotificationList"];
