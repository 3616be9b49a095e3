import type { ReactNode } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { Notice } from "@/components/Notice";
import { Panel } from "@/components/Panel";
import type { Assessment } from "@/lib/api";
import { cautions, stillToGo } from "../lib/caution";
import { useFigures } from "../lib/figures";
import classes from "./Reliability.module.css";
import { ReliabilityCurve } from "./ReliabilityCurve";

/** What is asked of a ranking that decides something. */
const TARGET = 0.8;

/** How far the order can be trusted: three figures side by side, what to mind about them, and how they grew. */
export function Reliability({ found }: { found: Assessment }) {
  const intl = useIntl();
  const figures = useFigures();
  const { honest, honest_low: low, honest_high: high, ssr, split_half } = found.reliability;
  const isInternal = found.reliability.is_internal;
  const values = {
    honest: figures.two(honest ?? 0),
    ssr: figures.two(ssr ?? 0),
    split: figures.two(split_half ?? 0),
  };
  const more = isInternal ? [] : stillToGo(found.more_comparisons);

  return (
    <Panel aria-labelledby="ranking-reliability" className={classes.panel}>
      <h2 id="ranking-reliability">
        <FormattedMessage id={isInternal ? "ranking.internal" : "ranking.reliability"} />
      </h2>
      <dl className={classes.figures}>
        <Figure
          title={<FormattedMessage id={isInternal ? "ranking.internal" : "ranking.honest"} />}
          value={honest}
          isMain
        >
          {low !== null && high !== null && (
            <>
              <FormattedMessage
                id="ranking.honest.range"
                values={{ low: figures.two(low), high: figures.two(high) }}
              />{" "}
            </>
          )}
          <FormattedMessage id={isInternal ? "ranking.internal.what" : "ranking.honest.what"} />
        </Figure>
        <Figure title={<FormattedMessage id="ranking.ssr" />} value={ssr}>
          <FormattedMessage id="ranking.ssr.what" />
        </Figure>
        <Figure title={<FormattedMessage id="ranking.split" />} value={split_half}>
          <FormattedMessage id="ranking.split.what" />
        </Figure>
      </dl>
      {cautions(found.reliability).map((caution) => (
        <Notice
          key={caution}
          tone="warn"
          title={intl.formatMessage({ id: `ranking.caution.${caution}` })}
        >
          <p>
            <FormattedMessage id={`ranking.caution.${caution}.what`} values={values} />
          </p>
        </Notice>
      ))}
      {found.curve.length > 0 && (
        <div className={classes.curve}>
          <h3>
            <FormattedMessage id="ranking.curve" />
          </h3>
          <ReliabilityCurve found={found} target={TARGET} />
          {more.length > 0 && (
            <ul className={classes.more}>
              {more.map(({ target, n }) => (
                <li key={target}>
                  <FormattedMessage
                    id="ranking.more"
                    values={{ count: n, target: figures.two(target) }}
                  />
                </li>
              ))}
            </ul>
          )}
        </div>
      )}
    </Panel>
  );
}

interface FigureProps {
  title: ReactNode;
  value: number | null;
  isMain?: boolean;
  children: ReactNode;
}

function Figure({ title, value, isMain, children }: FigureProps) {
  const figures = useFigures();
  return (
    <div className={classes.figure} data-main={isMain || undefined}>
      <dt>{title}</dt>
      <dd>
        <strong>
          {value === null ? <FormattedMessage id="ranking.cannotBeSaid" /> : figures.two(value)}
        </strong>
        <span>{children}</span>
      </dd>
    </div>
  );
}
