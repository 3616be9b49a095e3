// biome-ignore-all lint/a11y/useSemanticElements: see EssayGrid.tsx
// biome-ignore-all lint/a11y/useFocusableInteractive: in a grid only its cells take the focus, one of them at a time
import { Link } from "@tanstack/react-router";
import { memo, useEffect, useRef, useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { failureText, StateMark, useWorkNames } from "@/components/work";
import type { EssayRow } from "@/lib/api";
import { essayName } from "@/lib/essays";
import { type Cell, type Column, cellOf, TEXT } from "../lib/cell-state";
import classes from "./EssayGrid.module.css";

interface GridRowProps {
  batchId: string;
  row: EssayRow;
  index: number;
  top: number;
  columns: readonly Column[];
  phase: string | null;
  isWide: boolean;
  /** The column that Tab reaches, if this is the row. */
  focusColumn: number | null;
  onFocusCell: (column: number) => void;
}

/** One essay: whose it is, what became of it in every phase, and why something failed. */
export const GridRow = memo(
  function GridRow(props: GridRowProps) {
    const { batchId, row, index, top, columns, phase, isWide, focusColumn, onFocusCell } = props;
    const cells = columns.map((column) => cellOf(row, column));
    const failed = cells.find((cell) => cell.state === "failed");
    const at = (column: number) => ({
      "data-at": `${index} ${column}`,
      tabIndex: focusColumn === column ? 0 : -1,
      onFocus: () => onFocusCell(column),
    });

    return (
      <div
        role="row"
        aria-rowindex={index + 2}
        className={classes.row}
        data-wide={isWide || undefined}
        data-odd={index % 2 === 1 || undefined}
        style={{ transform: `translateY(${top}px)` }}
      >
        <div role="rowheader" aria-colindex={1} className={classes.essay}>
          <Link
            to="/batches/$batchId/essays/$essayId"
            params={{ batchId, essayId: row.essay_id }}
            preload={false}
            {...at(0)}
          >
            {essayName(row)}
          </Link>
          <span className={classes.second} data-failed={(!isWide && !!failed) || undefined}>
            {!isWide && failed ? <Why cell={failed} /> : row.student_name ? row.file_name : null}
          </span>
        </div>
        {cells.map((cell, number) => {
          const name = columns[number]?.name ?? "";
          return (
            <StateCell
              key={name}
              cell={cell}
              isChosen={phase === name}
              colIndex={number + 2}
              at={at(number + 1)}
            />
          );
        })}
        {isWide && (
          <div
            role="gridcell"
            aria-colindex={columns.length + 2}
            className={classes.note}
            {...at(columns.length + 1)}
          >
            {failed && <Why cell={failed} />}
          </div>
        )}
      </div>
    );
  },
  (before, after) =>
    before.row === after.row &&
    before.index === after.index &&
    before.top === after.top &&
    before.columns === after.columns &&
    before.phase === after.phase &&
    before.isWide === after.isWide &&
    before.focusColumn === after.focusColumn,
);

function Why({ cell }: { cell: Cell }) {
  return failureText(useIntl(), cell.failureCode, cell.failureReason).why;
}

interface StateCellProps {
  cell: Cell;
  isChosen: boolean;
  colIndex: number;
  at: { tabIndex: number; onFocus: () => void; "data-at": string };
}

function StateCell({ cell, isChosen, colIndex, at }: StateCellProps) {
  const hasChanged = useHasChanged(cell.state);
  return (
    <div
      role="gridcell"
      aria-colindex={colIndex}
      className={classes.cell}
      data-state={cell.state}
      data-chosen={isChosen || undefined}
      data-changed={hasChanged || undefined}
      {...at}
    >
      <StateMark state={cell.state} />
      <span className={classes.word}>
        <FormattedMessage id={`state.${cell.state}`} />
        {cell.blockedBy && <Blocked by={cell.blockedBy} />}
      </span>
    </div>
  );
}

function Blocked({ by }: { by: string }) {
  const names = useWorkNames();
  return (
    <span className="visually-hidden">
      {" "}
      {by === TEXT ? (
        <FormattedMessage id="batch.grid.blockedByText" />
      ) : (
        <FormattedMessage id="batch.grid.blockedBy" values={{ phase: names.phase(by) }} />
      )}
    </span>
  );
}

/** Whether the value is another than when the component came: what landed while one looks lights up once. */
function useHasChanged(value: string): boolean {
  const first = useRef(value);
  const [hasChanged, setChanged] = useState(false);
  useEffect(() => {
    if (value === first.current) return;
    first.current = value;
    setChanged(true);
    const timer = setTimeout(() => setChanged(false), 1200);
    return () => clearTimeout(timer);
  }, [value]);
  return hasChanged;
}
