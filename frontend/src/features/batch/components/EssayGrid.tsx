// biome-ignore-all lint/a11y/useSemanticElements: rows that come and go as one scrolls are laid out by themselves, which a table does not allow
// biome-ignore-all lint/a11y/useFocusableInteractive: in a grid only its cells take the focus, one of them at a time
import { Loader } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useNavigate } from "@tanstack/react-router";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { Panel } from "@/components/Panel";
import { useWorkNames } from "@/components/work";
import type { EssayRow } from "@/lib/api";
import { matches } from "@/lib/essays";
import { type Column, isShown, type Show } from "../lib/cell-state";
import { type At, kept, moved, refocused } from "../lib/grid-keys";
import classes from "./EssayGrid.module.css";
import { GridFilter } from "./GridFilter";
import { GridRow } from "./GridRow";

const ROW_PX = 52;
const AROUND = 8;

interface EssayGridProps {
  batchId: string;
  rows: readonly EssayRow[];
  columns: readonly Column[];
  /** The one column that is filtered by, or null for all. */
  phase: string | null;
  onPhase: (phase: string | null) => void;
  isLoading: boolean;
}

/**
 * Every essay by every phase. Only the rows in view are in the document; one cell at a time can be reached by Tab, the
 * arrow keys move from it, Enter opens the essay.
 */
export function EssayGrid({ batchId, rows, columns, phase, onPhase, isLoading }: EssayGridProps) {
  const intl = useIntl();
  const names = useWorkNames();
  const navigate = useNavigate();
  const isWide = useMediaQuery("(min-width: 62em)");
  const [show, setShow] = useState<Show>("all");
  const [search, setSearch] = useState("");
  const shown = useMemo(
    () => rows.filter((row) => matches(row, search) && isShown(row, columns, show, phase)),
    [rows, columns, search, show, phase],
  );
  const ids = useMemo(() => shown.map((row) => row.essay_id), [shown]);

  const scroller = useRef<HTMLDivElement>(null);
  const [focus, setFocus] = useState<At & { id: string | null }>({ row: 0, column: 0, id: null });
  const focusRow = refocused(ids, focus.id, focus.row);
  const width = columns.length + 1 + (isWide ? 1 : 0);
  const focusColumn = Math.min(focus.column, width - 1);
  const virtual = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    getItemKey: (index) => ids[index] ?? index,
    rangeExtractor: ({ startIndex, endIndex, count }) =>
      kept(startIndex, endIndex, AROUND, count, focusRow),
  });

  // After a key press the cell may only be drawn by the scrolling it causes.
  const wantsFocus = useRef(false);
  useEffect(() => {
    if (!wantsFocus.current) return;
    wantsFocus.current = false;
    scroller.current
      ?.querySelector<HTMLElement>(`[data-at="${focusRow} ${focusColumn}"]`)
      ?.focus({ preventScroll: true });
  }, [focusRow, focusColumn]);

  const open = (index: number) => {
    const essayId = ids[index];
    if (essayId === undefined) return;
    navigate({ to: "/batches/$batchId/essays/$essayId", params: { batchId, essayId } });
  };
  const press = (event: KeyboardEvent) => {
    if (event.key === "Enter") {
      event.preventDefault();
      return open(focusRow);
    }
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 400) / ROW_PX) - 2);
    const to = moved({ row: focusRow, column: focusColumn }, event, {
      rows: shown.length,
      columns: width,
      page,
    });
    if (!to || event.altKey || event.metaKey) return;
    event.preventDefault();
    wantsFocus.current = true;
    setFocus({ ...to, id: ids[to.row] ?? null });
    virtual.scrollToIndex(to.row);
  };

  return (
    <Panel aria-labelledby="batch-grid" className={classes.panel}>
      <div className={classes.top}>
        <h2 id="batch-grid">
          <FormattedMessage id="batch.grid" />
        </h2>
        <GridFilter
          show={show}
          onShow={setShow}
          search={search}
          onSearch={setSearch}
          phase={phase}
          phaseName={phase && names.phase(phase)}
          onPhase={onPhase}
        />
        <p className={classes.count} role="status">
          <FormattedMessage
            id="batch.grid.count"
            values={{ shown: shown.length, total: rows.length }}
          />
        </p>
      </div>
      {isLoading ? (
        <Loader
          type="dots"
          role="status"
          aria-label={intl.formatMessage({ id: "batch.grid.loading" })}
        />
      ) : shown.length === 0 ? (
        <p className={classes.none}>
          <FormattedMessage id="batch.grid.none" />
        </p>
      ) : (
        <div
          ref={scroller}
          className={classes.scroller}
          role="grid"
          aria-labelledby="batch-grid"
          aria-describedby="batch-grid-keys"
          aria-rowcount={shown.length + 1}
          aria-colcount={width}
          onKeyDown={press}
          style={{ "--columns": columns.length, maxHeight: "min(36rem, 72vh)" } as object}
        >
          <div role="rowgroup" className={classes.header}>
            <div
              role="row"
              aria-rowindex={1}
              className={classes.row}
              data-wide={isWide || undefined}
            >
              <div role="columnheader" aria-colindex={1}>
                <FormattedMessage id="batch.grid.essay" />
              </div>
              {columns.map((column, index) => (
                <div
                  key={column.name}
                  role="columnheader"
                  aria-colindex={index + 2}
                  data-chosen={phase === column.name || undefined}
                  title={names.phase(column.name)}
                >
                  {names.phase(column.name)}
                </div>
              ))}
              {isWide && (
                <div role="columnheader" aria-colindex={width}>
                  <FormattedMessage id="batch.grid.note" />
                </div>
              )}
            </div>
          </div>
          <div role="rowgroup" className={classes.rows} style={{ height: virtual.getTotalSize() }}>
            {virtual.getVirtualItems().map(({ index, start, key }) => {
              const row = shown[index];
              return (
                row && (
                  <GridRow
                    key={key}
                    batchId={batchId}
                    row={row}
                    index={index}
                    top={start}
                    columns={columns}
                    phase={phase}
                    isWide={isWide}
                    focusColumn={index === focusRow ? focusColumn : null}
                    onFocusCell={(column) => setFocus({ row: index, column, id: row.essay_id })}
                  />
                )
              );
            })}
          </div>
        </div>
      )}
      <p id="batch-grid-keys" className="visually-hidden">
        <FormattedMessage id="batch.grid.keys" />
      </p>
    </Panel>
  );
}
