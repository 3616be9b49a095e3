import { FormattedMessage, useIntl } from "react-intl";
import { Icon } from "@/components/Icon";
import { Panel } from "@/components/Panel";
import type { Assessment } from "@/lib/api";
import { useJudgingCosts } from "@/lib/judging-costs";
import { useMoney } from "@/lib/money";
import { useFigures } from "../lib/figures";
import classes from "./Judges.module.css";

type Report = Assessment["judges"][number];

/** How each judge decided. */
export function Judges({ batchId, judges }: { batchId: string; judges: readonly Report[] }) {
  const intl = useIntl();
  const figures = useFigures();
  const share = (value: number | null) =>
    value === null ? <FormattedMessage id="ranking.cannotBeSaid" /> : figures.share(value);

  if (judges.length === 0) return null;
  return (
    <Panel aria-labelledby="ranking-judges" className={classes.panel}>
      <h2 id="ranking-judges">
        <FormattedMessage id="ranking.judges" />
      </h2>
      <section
        className={classes.scroller}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be scrolled by keyboard too
        tabIndex={0}
        aria-label={intl.formatMessage({ id: "ranking.judges.table" })}
      >
        <table>
          <thead>
            <tr>
              <th scope="col">
                <FormattedMessage id="ranking.judge" />
              </th>
              {COLUMNS.map((column) => (
                <th key={column} scope="col" className={classes.number}>
                  <FormattedMessage id={`ranking.judge.${column}`} />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {judges.map((judge) => (
              <tr key={judge.judge}>
                <th scope="row">
                  <JudgeName judge={judge} />
                  {judge.is_misfit && (
                    <span className={classes.misfit}>
                      <Icon name="alert" size={14} />
                      <FormattedMessage id="ranking.judge.misfit" />
                    </span>
                  )}
                </th>
                <td className={classes.number}>{figures.count(judge.n)}</td>
                <td className={classes.number}>{figures.count(judge.invalid)}</td>
                <td className={classes.number}>{share(judge.agreement)}</td>
                <td className={classes.number}>{share(judge.left_rate)}</td>
                <td className={classes.number}>{share(judge.swap_consistency)}</td>
                <td className={classes.number}>
                  {judge.kind === "builtin" || judge.median_ms === null ? (
                    <FormattedMessage id="ranking.cannotBeSaid" />
                  ) : (
                    intl.formatNumber(judge.median_ms / 1000, {
                      style: "unit",
                      unit: "second",
                      maximumFractionDigits: judge.median_ms < 10_000 ? 1 : 0,
                    })
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <p className={classes.what}>
        <FormattedMessage id="ranking.judges.what" />
      </p>
      {judges.some((judge) => judge.kind === "llm") && <Spent batchId={batchId} />}
    </Panel>
  );
}

/** What the language model has cost; nothing where that cannot be said, for instance because it is set up no more. */
function Spent({ batchId }: { batchId: string }) {
  const money = useMoney();
  const costs = useJudgingCosts(batchId, 1).data;
  if (!costs) return null;
  return (
    <p className={classes.what}>
      <FormattedMessage
        id="ranking.judges.spent"
        values={{
          model: costs.model,
          spent: money(costs.spent, costs.currency),
          budget: money(costs.budget, costs.currency),
        }}
      />
    </p>
  );
}

const COLUMNS = ["n", "invalid", "agreement", "left", "swap", "time"] as const;

function JudgeName({ judge }: { judge: Report }) {
  if (judge.kind === "builtin") return <FormattedMessage id="ranking.judge.builtin" />;
  if (judge.kind === "llm")
    return <FormattedMessage id="ranking.judge.llm" values={{ name: judge.judge }} />;
  return judge.name ?? judge.judge;
}
