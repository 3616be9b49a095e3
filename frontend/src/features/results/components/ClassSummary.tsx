import { NativeSelect } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { Panel } from "@/components/Panel";
import type { EssayRow } from "@/lib/api";
import { MEASURES, type Measure, measured, numberFormat, spread } from "@/lib/measures";
import classes from "./ClassSummary.module.css";
import { Histogram } from "./Histogram";

const SHOWN: readonly Measure[] = ["words", "errors_per_100", "lix"];

/** The class as a whole: averages, and how one measure is spread. */
export function ClassSummary({ rows }: { rows: readonly EssayRow[] }) {
  const intl = useIntl();
  const navigate = useNavigate({ from: "/batches/$batchId/results" });
  const search = useSearch({ from: "/signed-in/batches/$batchId/results" });
  const chart = search.chart ?? "errors_per_100";
  const values = useMemo(
    () => rows.map((row) => measured(row, chart)).filter((value) => value !== null),
    [rows, chart],
  );

  return (
    <Panel aria-labelledby="results-class" className={classes.panel}>
      <h2 id="results-class">
        <FormattedMessage id="results.class" />
      </h2>
      <dl className={classes.figures}>
        {SHOWN.map((measure) => (
          <Figure key={measure} measure={measure} rows={rows} />
        ))}
      </dl>
      <div className={classes.chart}>
        <NativeSelect
          size="sm"
          className={classes.select}
          label={intl.formatMessage({ id: "results.chart.measure" })}
          value={chart}
          onChange={(event) => {
            const next = event.currentTarget.value as Measure;
            navigate({
              search: ({ chart: _, ...before }) =>
                next === "errors_per_100" ? before : { ...before, chart: next },
              replace: true,
              resetScroll: false,
            });
          }}
          data={MEASURES.map((measure) => ({
            value: measure,
            label: intl.formatMessage({ id: `measure.${measure}.title` }),
          }))}
        />
        <p className={classes.meaning}>
          <FormattedMessage id={`measure.${chart}.meaning`} />
        </p>
        <Histogram measure={chart} values={values} />
      </div>
    </Panel>
  );
}

function Figure({ measure, rows }: { measure: Measure; rows: readonly EssayRow[] }) {
  const intl = useIntl();
  const all = useMemo(() => spread(rows.map((row) => measured(row, measure))), [rows, measure]);
  const said = (value: number) => intl.formatNumber(value, numberFormat(measure));
  return (
    <div className={classes.figure}>
      <dt>{intl.formatMessage({ id: `measure.${measure}.title` })}</dt>
      <dd>
        {all ? (
          <>
            <strong>{said(all.mean)}</strong>
            <span>
              <FormattedMessage
                id="results.middle"
                values={{ from: said(all.lowerQuartile), to: said(all.upperQuartile) }}
              />
            </span>
          </>
        ) : (
          <FormattedMessage id="results.noValue" />
        )}
      </dd>
    </div>
  );
}
