import type { EssayRow } from "@/lib/api";
import { matches } from "@/lib/essays";
import type { Show } from "../search";

/** Why an essay lacks something: its file, or the first phase that failed. */
export interface Failure {
  code: string | null;
  reason: string | null;
  /** The phase that failed; null when it is the file. */
  phase: string | null;
}

export function failureOf(row: EssayRow): Failure | null {
  if (row.status === "content_failed")
    return { code: row.failure_code, reason: row.failure_reason, phase: null };
  for (const [phase, result] of Object.entries(row.phases)) {
    if (result.status === "failed")
      return { code: result.failure_code, reason: result.failure_reason, phase };
  }
  return null;
}

/** The essays to list: by outcome, and by words of their names. */
export function filtered(rows: readonly EssayRow[], show: Show, search: string): EssayRow[] {
  return rows.filter(
    (row) =>
      matches(row, search) &&
      (show === "all" ||
        (show === "failed" ? failureOf(row) !== null : row.status === "processed")),
  );
}

/** Compares names as Swedish does: å ä ö last, and 2 before 10. Without a name comes last. */
export function compareNames(a: string | null, b: string | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return swedish.compare(a, b);
}

const swedish = new Intl.Collator("sv", { numeric: true });
