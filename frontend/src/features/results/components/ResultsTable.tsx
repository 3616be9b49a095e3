import { Button, TextInput } from "@mantine/core";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import {
  createColumnHelper,
  createSortedRowModel,
  rowSortingFeature,
  tableFeatures,
  useTable,
} from "@tanstack/react-table";
import { useVirtualizer } from "@tanstack/react-virtual";
import { Fragment, useDeferredValue, useEffect, useMemo, useRef, useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { Icon } from "@/components/Icon";
import { Panel } from "@/components/Panel";
import type { EssayRow } from "@/lib/api";
import { essayName } from "@/lib/essays";
import { type Measure, measured, numberFormat } from "@/lib/measures";
import { compareNames, filtered } from "../lib/rows";
import { SHOWS, type Show, SORTS, type Sort, USUAL_COLUMNS } from "../search";
import { ColumnMenu } from "./ColumnMenu";
import { EssayStatus } from "./EssayStatus";
import classes from "./ResultsTable.module.css";

const ROW_PX = 56;

const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel() });
const helper = createColumnHelper<typeof features, EssayRow>();

const STATUSES: readonly EssayRow["status"][] = [
  "processed",
  "partly_processed",
  "in_processing",
  "ready_for_processing",
  "awaiting_content",
  "failed",
  "content_failed",
];

function useColumns(shown: readonly Measure[]) {
  return useMemo(
    () =>
      helper.columns([
        helper.accessor((row) => row.position, { id: "position" }),
        helper.accessor((row) => row.student_name ?? undefined, {
          id: "student",
          sortFn: (a, b) => compareNames(a.original.student_name, b.original.student_name),
          sortUndefined: "last",
        }),
        helper.accessor((row) => row.file_name ?? undefined, {
          id: "file",
          sortFn: (a, b) => compareNames(a.original.file_name, b.original.file_name),
          sortUndefined: "last",
        }),
        helper.accessor((row) => STATUSES.indexOf(row.status), { id: "status", sortFn: byNumber }),
        ...shown.map((measure) =>
          helper.accessor((row) => measured(row, measure) ?? undefined, {
            id: measure,
            sortFn: byNumber,
            sortUndefined: "last",
          }),
        ),
      ]),
    [shown],
  );
}

function byNumber(
  a: { getValue: (id: string) => unknown },
  b: { getValue: (id: string) => unknown },
  id: string,
): number {
  return Number(a.getValue(id)) - Number(b.getValue(id));
}

/** A row per essay, its name beside every figure; what is shown and in which order stands in the address. */
export function ResultsTable({ batchId, rows }: { batchId: string; rows: readonly EssayRow[] }) {
  const intl = useIntl();
  const navigate = useNavigate({ from: "/batches/$batchId/results" });
  const asked = useSearch({ from: "/signed-in/batches/$batchId/results" });
  const show: Show = asked.show ?? "all";
  const sort: Sort = asked.sort ?? "position";
  const isDesc = asked.desc ?? false;
  const shown = asked.columns ?? USUAL_COLUMNS;
  const change = (next: Record<string, unknown>) =>
    navigate({
      search: (before) => ({ ...before, ...next }),
      replace: true,
      resetScroll: false,
    });

  const data = useMemo(() => filtered(rows, show, asked.search ?? ""), [rows, show, asked.search]);
  // A column that one sorts by counts even while it is not shown.
  const sortable = useMemo(
    () => (SORTS.indexOf(sort) < 4 ? shown : [...new Set([...shown, sort as Measure])]),
    [shown, sort],
  );
  const table = useTable({
    features,
    columns: useColumns(sortable),
    data,
    state: { sorting: [{ id: sort, desc: isDesc }] },
    getRowId: (row) => row.essay_id,
  });
  const sorted = table.getRowModel().rows;

  const by = (column: Sort) => {
    const isNumber = SORTS.indexOf(column) >= 4;
    const next = column !== sort ? { sort: column, desc: isNumber } : { sort, desc: !isDesc };
    change({ ...next, desc: next.desc || undefined });
  };
  const head = (column: Sort, label: string, className?: string) => (
    <th
      key={column}
      scope="col"
      className={className}
      aria-sort={sort === column ? (isDesc ? "descending" : "ascending") : undefined}
    >
      <button type="button" onClick={() => by(column)}>
        {label}
        <Arrow isOn={sort === column} isDesc={sort === column && isDesc} />
      </button>
    </th>
  );

  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: sorted.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    getItemKey: (index) => sorted[index]?.id ?? index,
    overscan: 10,
  });
  const items = virtual.getVirtualItems();
  const above = items[0]?.start ?? 0;
  const below = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  const width = 2 + shown.length;

  return (
    <Panel aria-labelledby="results-essays" className={classes.panel}>
      <div className={classes.top}>
        <h2 id="results-essays">
          <FormattedMessage id="results.essays" />
        </h2>
        <div className={classes.filter}>
          <fieldset className={classes.shows}>
            <legend className="visually-hidden">
              <FormattedMessage id="results.show" />
            </legend>
            {SHOWS.map((each) => (
              <label key={each}>
                <input
                  type="radio"
                  name="results-show"
                  className="visually-hidden"
                  checked={show === each}
                  onChange={() => change({ show: each === "all" ? undefined : each })}
                />
                <FormattedMessage id={`results.show.${each}`} />
              </label>
            ))}
          </fieldset>
          <Search
            value={asked.search ?? ""}
            onChange={(search) => change({ search: search || undefined })}
          />
          <ColumnMenu shown={shown} onChange={(columns) => change({ columns })} />
        </div>
        <p className={classes.count} role="status">
          <FormattedMessage
            id="results.count"
            values={{ shown: sorted.length, total: rows.length }}
          />
        </p>
      </div>
      {sorted.length === 0 ? (
        <div className={classes.none}>
          <p>
            <FormattedMessage id="results.noMatch" />
          </p>
          <Button
            variant="default"
            size="xs"
            onClick={() => change({ show: undefined, search: undefined })}
          >
            <FormattedMessage id="results.showAll" />
          </Button>
        </div>
      ) : (
        <section
          ref={scroller}
          className={classes.scroller}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be scrolled by keyboard too
          tabIndex={0}
          aria-label={intl.formatMessage({ id: "results.table" })}
        >
          <table aria-rowcount={sorted.length + 1} className={classes.table}>
            <caption className="visually-hidden">
              <FormattedMessage id="results.caption" />
            </caption>
            <thead>
              <tr aria-rowindex={1}>
                <th
                  scope="col"
                  className={classes.name}
                  aria-sort={
                    sort === "student" || sort === "file"
                      ? isDesc
                        ? "descending"
                        : "ascending"
                      : undefined
                  }
                >
                  <span className={classes.names}>
                    {(["student", "file"] as const).map((column) => (
                      <button key={column} type="button" onClick={() => by(column)}>
                        <FormattedMessage id={`results.column.${column}`} />
                        <Arrow isOn={sort === column} isDesc={sort === column && isDesc} />
                      </button>
                    ))}
                  </span>
                </th>
                {head("status", intl.formatMessage({ id: "results.column.status" }))}
                {shown.map((measure) =>
                  head(
                    measure,
                    intl.formatMessage({ id: `measure.${measure}.title` }),
                    classes.number,
                  ),
                )}
              </tr>
            </thead>
            <tbody>
              {above > 0 && <Gap height={above} width={width} />}
              {items.map(({ index, key }) => {
                const row = sorted[index]?.original;
                return (
                  row && (
                    <tr key={key} aria-rowindex={index + 2}>
                      <th scope="row" className={classes.name}>
                        <Link
                          to="/batches/$batchId/essays/$essayId"
                          params={{ batchId, essayId: row.essay_id }}
                          preload={false}
                        >
                          {essayName(row)}
                        </Link>
                        {row.student_name && <span>{row.file_name}</span>}
                      </th>
                      <td>
                        <EssayStatus row={row} />
                      </td>
                      {shown.map((measure) => (
                        <Fragment key={measure}>
                          <Value row={row} measure={measure} />
                        </Fragment>
                      ))}
                    </tr>
                  )
                );
              })}
              {below > 0 && <Gap height={below} width={width} />}
            </tbody>
          </table>
        </section>
      )}
    </Panel>
  );
}

function Value({ row, measure }: { row: EssayRow; measure: Measure }) {
  const intl = useIntl();
  const value = measured(row, measure);
  return (
    <td className={classes.number}>
      {value === null ? (
        <>
          <span aria-hidden="true">–</span>
          <span className="visually-hidden">
            <FormattedMessage id="results.noValue" />
          </span>
        </>
      ) : (
        intl.formatNumber(value, numberFormat(measure))
      )}
    </td>
  );
}

function Arrow({ isOn, isDesc }: { isOn: boolean; isDesc: boolean }) {
  return (
    <span className={classes.arrow} data-on={isOn || undefined} data-desc={isDesc || undefined}>
      <Icon name="chevronDown" size={14} />
    </span>
  );
}

/** Stands for the rows that are not drawn. */
function Gap({ height, width }: { height: number; width: number }) {
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: this row of a table cannot take the focus
    <tr aria-hidden="true" className={classes.gap}>
      <td colSpan={width} style={{ height }} />
    </tr>
  );
}

function Search({ value, onChange }: { value: string; onChange: (search: string) => void }) {
  const intl = useIntl();
  const [typed, setTyped] = useState(value);
  const settled = useDeferredValue(typed);
  const latest = useRef({ value, onChange });
  latest.current = { value, onChange };
  useEffect(() => {
    if (settled !== latest.current.value) latest.current.onChange(settled);
  }, [settled]);
  useEffect(() => {
    // Cleared from elsewhere, by a link or the button that shows all.
    if (value === "") setTyped("");
  }, [value]);

  return (
    <TextInput
      type="search"
      size="sm"
      value={typed}
      onChange={(event) => setTyped(event.currentTarget.value)}
      aria-label={intl.formatMessage({ id: "results.search" })}
      placeholder={intl.formatMessage({ id: "results.search" })}
      leftSection={<Icon name="search" size={16} />}
    />
  );
}
