import { Link } from "@tanstack/react-router";
import { FormattedMessage, useIntl } from "react-intl";
import { Icon } from "@/components/Icon";
import type { Assessment, RankedEssay } from "@/lib/api";
import { essayName } from "@/lib/essays";
import { useFigures } from "../lib/figures";
import { remarksOn } from "../lib/remarks";
import { tieGroups } from "../lib/tie-groups";
import classes from "./RankTable.module.css";

interface RankTableProps {
  found: Assessment;
  essays: readonly RankedEssay[];
}

/** The ranking in figures; essays that cannot be told apart stand between the same two lines. */
export function RankTable({ found, essays }: RankTableProps) {
  const intl = useIntl();
  const figures = useFigures();
  const starts = new Set(tieGroups(essays).map((group) => group.from));
  const hasPrior = found.prior_slope !== null;
  const hasGroups = found.components.length > 1;

  return (
    <section
      className={classes.scroller}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be scrolled by keyboard too
      tabIndex={0}
      aria-label={intl.formatMessage({ id: "ranking.table" })}
    >
      <table className={classes.table}>
        <caption className="visually-hidden">
          <FormattedMessage id="ranking.table.caption" />
        </caption>
        <thead>
          <tr>
            <th scope="col" className={classes.number}>
              <FormattedMessage id="ranking.column.rank" />
            </th>
            <th scope="col" className={classes.name}>
              <FormattedMessage id="ranking.column.essay" />
            </th>
            <th scope="col" className={classes.number}>
              <FormattedMessage id="ranking.column.likely" />
            </th>
            {hasPrior && (
              <th scope="col" className={classes.number}>
                <FormattedMessage id="ranking.column.withoutPrior" />
              </th>
            )}
            {hasGroups && (
              <th scope="col" className={classes.number}>
                <FormattedMessage id="ranking.column.group" />
              </th>
            )}
            <th scope="col" className={classes.number}>
              <FormattedMessage id="ranking.column.score" />
            </th>
            <th scope="col" className={classes.number}>
              <FormattedMessage id="ranking.column.se" />
            </th>
            <th scope="col" className={classes.number}>
              <FormattedMessage id="ranking.column.top" values={{ top: found.top }} />
            </th>
            <th scope="col" className={classes.number}>
              <FormattedMessage id="ranking.column.n" />
            </th>
            <th scope="col" className={classes.number}>
              <FormattedMessage id="ranking.column.infit" />
            </th>
            <th scope="col">
              <FormattedMessage id="ranking.column.remarks" />
            </th>
          </tr>
        </thead>
        <tbody>
          {essays.map((essay, index) => (
            <tr key={essay.essay_id} data-starts={starts.has(index) || undefined}>
              <td className={classes.number}>
                <strong>{figures.count(essay.rank)}</strong>
              </td>
              <th scope="row" className={classes.name}>
                <Link
                  to="/batches/$batchId/essays/$essayId"
                  params={{ batchId: found.batch_id, essayId: essay.essay_id }}
                  preload={false}
                >
                  {essayName(essay)}
                </Link>
                {essay.student_name && <span>{essay.file_name}</span>}
              </th>
              <td className={classes.number}>
                <FormattedMessage
                  id="ranking.likely"
                  values={{ low: essay.rank_low, high: essay.rank_high }}
                />
              </td>
              {hasPrior && (
                <td className={classes.number}>
                  {essay.rank_without_prior === null ? (
                    <NoValue />
                  ) : (
                    figures.count(essay.rank_without_prior)
                  )}
                </td>
              )}
              {hasGroups && (
                <td className={classes.number}>{figures.count(essay.component + 1)}</td>
              )}
              <td className={classes.number}>{figures.score(essay.score)}</td>
              <td className={classes.number}>{figures.two(essay.se)}</td>
              <td className={classes.number}>{figures.share(essay.p_top)}</td>
              <td className={classes.number}>{figures.count(essay.n)}</td>
              <td className={classes.number}>
                {essay.infit === null ? <NoValue /> : figures.two(essay.infit)}
              </td>
              <td>
                <Remarks essay={essay} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Remarks({ essay }: { essay: RankedEssay }) {
  const remarks = remarksOn(essay);
  if (remarks.length === 0) return null;
  return (
    <ul className={classes.remarks}>
      {remarks.map((remark) => (
        <li key={remark} data-calm={remark === "anchor" || undefined}>
          {remark !== "anchor" && <Icon name="alert" size={14} />}
          <FormattedMessage id={`ranking.remark.${remark}`} />
        </li>
      ))}
    </ul>
  );
}

function NoValue() {
  return (
    <>
      <span aria-hidden="true">–</span>
      <span className="visually-hidden">
        <FormattedMessage id="ranking.noValue" />
      </span>
    </>
  );
}
