import type { EssayRow, PhaseProgress } from "@/lib/api";

/**
 * What a cell of the grid shows of one essay in one column.
 *
 * `waiting` nothing to work on yet · `queued` will be worked on in this run · `running` under way · `blocked` can have
 * no result, because of what failed before it · `idle` not asked for.
 */
export type CellState =
  | "idle"
  | "waiting"
  | "queued"
  | "running"
  | "done"
  | "failed"
  | "blocked"
  | "cancelled";

export interface Cell {
  state: CellState;
  /** Why it failed, or what it is blocked by: the name of a phase, or `text`. */
  failureCode: string | null;
  failureReason: string | null;
  blockedBy: string | null;
}

/** The first column: whether the essay has its text. The others are phases, by name. */
export const TEXT = "text";

export interface Column {
  name: string;
  dependsOn: readonly string[];
  progress: PhaseProgress | undefined;
  /** Whether it works on the class as a whole, in rounds, so that nobody knows beforehand how many steps it takes. */
  isOfClass?: boolean;
}

type Row = Pick<EssayRow, "status" | "phases" | "failure_code" | "failure_reason">;

const cell = (state: CellState, more: Partial<Cell> = {}): Cell => ({
  state,
  failureCode: null,
  failureReason: null,
  blockedBy: null,
  ...more,
});

/** The state of one cell; `column` is `TEXT` or a phase of the run. */
export function cellOf(row: Row, column: Column): Cell {
  if (column.name === TEXT) return textCell(row);
  const result = row.phases[column.name];
  if (result?.status === "done") return cell("done");
  if (result)
    return cell("failed", {
      failureCode: result.failure_code,
      failureReason: result.failure_reason,
    });
  if (row.status === "content_failed") return cell("blocked", { blockedBy: TEXT });
  if (row.status === "awaiting_content") return cell("waiting");
  const failedBefore = column.dependsOn.find((name) => row.phases[name]?.status === "failed");
  if (failedBefore) return cell("blocked", { blockedBy: failedBefore });
  return cell(unfinished(row, column));
}

function textCell(row: Row): Cell {
  if (row.status === "awaiting_content") return cell("waiting");
  if (row.status !== "content_failed") return cell("done");
  return cell("failed", { failureCode: row.failure_code, failureReason: row.failure_reason });
}

function unfinished(row: Row, { dependsOn, progress }: Column): CellState {
  if (!progress || progress.status === "skipped") return "idle";
  if (progress.status === "cancelled" || progress.status === "failed") return "cancelled";
  if (row.status !== "in_processing") return "waiting";
  const isNext = dependsOn.every((name) => row.phases[name]?.status === "done");
  return progress.status === "in_progress" && isNext ? "running" : "queued";
}

export type Show = "all" | "failed" | "done" | "unfinished";
export const SHOWS: readonly Show[] = ["all", "unfinished", "failed", "done"];

/** Whether a row belongs to what is asked for: in one column, or in any (failed) or every one (done). */
export function isShown(
  row: Row,
  columns: readonly Column[],
  show: Show,
  only: string | null,
): boolean {
  if (show === "all") return true;
  const looked = only === null ? columns : columns.filter((column) => column.name === only);
  const states = looked.map((column) => cellOf(row, column).state);
  const isDone = (state: CellState) => state === "done" || state === "idle";
  if (show === "failed") return states.includes("failed");
  if (show === "done") return states.every(isDone);
  return !states.every(isDone) && !states.includes("failed");
}
