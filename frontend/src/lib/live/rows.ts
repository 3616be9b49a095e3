import type { EssayRow, PhaseResult } from "../api/types";
import type { Cell, LiveRows } from "./types";

/** Rows with the states of some cells; figures stay as they are until the whole rows are read. */
export function withCells(live: LiveRows, cells: Cell[]): LiveRows {
  if (cells.length === 0) return live;
  const byId = new Map(cells.map((cell) => [cell.essay_id, cell]));
  return {
    ...live,
    rows: live.rows.map((row) => {
      const cell = byId.get(row.essay_id);
      return cell ? withCell(row, cell) : row;
    }),
  };
}

function withCell(row: EssayRow, cell: Cell): EssayRow {
  const phases = Object.fromEntries(
    Object.entries(cell.phases).map(([phase, status]): [string, PhaseResult] => {
      const known = row.phases[phase];
      return [
        phase,
        known?.status === status ? known : { status, failure_code: null, failure_reason: null },
      ];
    }),
  );
  return { ...row, status: cell.status, failure_code: cell.failure_code, phases };
}

/** Rows with those that have changed in place of the old ones; an answer older than what is here changes nothing. */
export function withChanges(live: LiveRows, changed: EssayRow[], eventNo: number): LiveRows {
  if (eventNo < live.eventNo) return live;
  if (changed.length === 0) return { ...live, eventNo };
  const byId = new Map(changed.map((row) => [row.essay_id, row]));
  return { eventNo, rows: live.rows.map((row) => byId.get(row.essay_id) ?? row) };
}
