import { FormattedMessage, useIntl } from "react-intl";
import { Notice } from "@/components/Notice";
import type { Assessment } from "@/lib/api";
import classes from "./Standing.module.css";

const STOPS = [
  "reliable",
  "budget",
  "every_pair",
  "nothing_to_compare",
  "out_of_time",
  "no_decisions",
  "awaiting_decisions",
] as const;
type Stop = (typeof STOPS)[number];

/** What the ranking is and what it is not: who decided, why it ended, and what it lacks. */
export function Standing({ found }: { found: Assessment }) {
  const intl = useIntl();
  const builtin = found.judges.filter((judge) => judge.kind === "builtin").length;
  const isEstimate = builtin > 0 && builtin === found.judges.length;
  const stop = STOPS.includes(found.stop_reason as Stop) ? (found.stop_reason as Stop) : null;
  const hasGrades = found.grading.why_not === null;

  return (
    <>
      {isEstimate && (
        <Notice tone="warn" title={intl.formatMessage({ id: "ranking.estimate" })}>
          <p>
            <FormattedMessage id="ranking.estimate.what" />
          </p>
        </Notice>
      )}
      {found.components.length > 1 && (
        <Notice
          tone="warn"
          title={intl.formatMessage(
            { id: "ranking.components" },
            { count: found.components.length },
          )}
        >
          <p>
            <FormattedMessage
              id="ranking.components.what"
              values={{
                sizes: intl.formatList(found.components.map((each) => String(each.length))),
              }}
            />
          </p>
        </Notice>
      )}
      <ul className={classes.facts}>
        {stop && (
          <li>
            <FormattedMessage id={`ranking.stop.${stop}`} />
            {found.unmet.length > 0 && (
              <>
                {" "}
                <FormattedMessage
                  id="ranking.unmet"
                  values={{
                    what: intl.formatList(
                      found.unmet.map((each) =>
                        intl.formatMessage({ id: `ranking.unmet.${each}` }),
                      ),
                    ),
                  }}
                />
              </>
            )}
          </li>
        )}
        {!found.is_current && (
          <li>
            <FormattedMessage id="ranking.outdated" />
          </li>
        )}
        {builtin > 0 && !isEstimate && (
          <li>
            <FormattedMessage id="ranking.partlyEstimate" />
          </li>
        )}
        {found.prior_slope !== null && (
          <li>
            <FormattedMessage
              id="ranking.prior"
              values={{
                slope: intl.formatNumber(found.prior_slope, { maximumFractionDigits: 2 }),
              }}
            />
          </li>
        )}
        {!hasGrades && (
          <li>
            <FormattedMessage id="ranking.only" />
          </li>
        )}
      </ul>
    </>
  );
}
