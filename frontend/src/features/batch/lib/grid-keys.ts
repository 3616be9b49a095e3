export interface At {
  row: number;
  column: number;
}

interface Press {
  key: string;
  ctrlKey: boolean;
}

/**
 * Where a key goes from a cell, as the ARIA pattern for grids has it; null for keys that do not move. `page` is how
 * many rows PageUp and PageDown go.
 */
export function moved(
  at: At,
  { key, ctrlKey }: Press,
  size: { rows: number; columns: number; page: number },
): At | null {
  const lastRow = size.rows - 1;
  const lastColumn = size.columns - 1;
  const to = (row: number, column: number): At => ({
    row: Math.max(0, Math.min(lastRow, row)),
    column: Math.max(0, Math.min(lastColumn, column)),
  });
  switch (key) {
    case "ArrowUp":
      return to(at.row - 1, at.column);
    case "ArrowDown":
      return to(at.row + 1, at.column);
    case "ArrowLeft":
      return to(at.row, at.column - 1);
    case "ArrowRight":
      return to(at.row, at.column + 1);
    case "Home":
      return to(ctrlKey ? 0 : at.row, 0);
    case "End":
      return to(ctrlKey ? lastRow : at.row, lastColumn);
    case "PageUp":
      return to(at.row - size.page, at.column);
    case "PageDown":
      return to(at.row + size.page, at.column);
    default:
      return null;
  }
}

/**
 * The rows to keep in the document: those in view with some around them, and always the one that has the focus, so
 * that scrolling away does not drop it.
 */
export function kept(first: number, last: number, around: number, count: number, focus: number) {
  const from = Math.max(0, first - around);
  const to = Math.min(count - 1, last + around);
  const rows = Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);
  if (focus >= 0 && focus < count && (focus < from || focus > to)) {
    rows.push(focus);
    rows.sort((a, b) => a - b);
  }
  return rows;
}

/** The row an essay is in now, or, when it is not shown any more, the nearest place to where it was. */
export function refocused(ids: readonly string[], id: string | null, was: number): number {
  const found = id === null ? -1 : ids.indexOf(id);
  return found >= 0 ? found : Math.max(0, Math.min(was, ids.length - 1));
}
