import { useMemo } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { Panel } from "@/components/Panel";
import type { EssayRow } from "@/lib/api";
import { MEASURES, type Measure, measured, numberFormat, spread, standing } from "@/lib/measures";
import classes from "./Measures.module.css";
import { SpreadLine } from "./SpreadLine";

const FIRST = 8;

/** What was measured of the essay, what each figure means, and where it stands in its class. */
export function Measures({ essay, rows }: { essay: EssayRow; rows: readonly EssayRow[] }) {
  const known = MEASURES.filter((measure) => measured(essay, measure) !== null);
  if (known.length === 0) return null;
  const [first, more] = [known.slice(0, FIRST), known.slice(FIRST)];
  return (
    <Panel className={classes.panel} aria-labelledby="essay-measures">
      <h2 id="essay-measures">
        <FormattedMessage id="essay.measures" />
      </h2>
      <dl className={classes.measures}>
        {first.map((measure) => (
          <One key={measure} measure={measure} essay={essay} rows={rows} />
        ))}
      </dl>
      {more.length > 0 && (
        <details className={classes.more}>
          <summary>
            <FormattedMessage id="essay.measures.more" values={{ count: more.length }} />
          </summary>
          <dl className={classes.measures}>
            {more.map((measure) => (
              <One key={measure} measure={measure} essay={essay} rows={rows} />
            ))}
          </dl>
        </details>
      )}
    </Panel>
  );
}

interface OneProps {
  measure: Measure;
  essay: EssayRow;
  rows: readonly EssayRow[];
}

function One({ measure, essay, rows }: OneProps) {
  const intl = useIntl();
  const value = measured(essay, measure) ?? 0;
  const values = useMemo(() => rows.map((row) => measured(row, measure)), [rows, measure]);
  const all = useMemo(() => spread(values), [values]);
  const stands = useMemo(() => standing(value, values), [value, values]);
  const said = (number: number) => intl.formatNumber(number, numberFormat(measure));

  return (
    <div className={classes.measure}>
      <dt>
        <FormattedMessage id={`measure.${measure}.title`} />
      </dt>
      <dd>
        <strong>{said(value)}</strong>
        {all && stands.others > 1 && (
          <span className={classes.standing}>
            <SpreadLine value={value} spread={all} />
            <FormattedMessage
              id="essay.standing"
              values={{ ...stands, median: said(all.median) }}
            />
          </span>
        )}
        <span className={classes.meaning}>
          <FormattedMessage id={`measure.${measure}.meaning`} />
        </span>
      </dd>
    </div>
  );
}
