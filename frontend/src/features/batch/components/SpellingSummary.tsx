import { Loader } from "@mantine/core";
import { FormattedMessage, useIntl } from "react-intl";
import { Panel } from "@/components/Panel";
import { ProblemNotice } from "@/components/ProblemNotice";
import type { BatchStatusBody } from "@/lib/api";
import { useSpellingSummary } from "../api/spelling-summary";
import { useKindName } from "../lib/kind-name";
import { CommonErrors } from "./CommonErrors";
import classes from "./SpellingSummary.module.css";

/** What the class misspells most: how many errors of each kind, and the commonest drawn and as a table. */
export function SpellingSummary({ batch }: { batch: BatchStatusBody }) {
  const intl = useIntl();
  const { data, error, refetch } = useSpellingSummary(batch);
  const kindName = useKindName();
  const kinds = Object.entries(data?.counts_by_kind ?? {}).filter(([, count]) => count > 0);

  return (
    <Panel aria-labelledby="batch-spelling" className={classes.panel}>
      <h2 id="batch-spelling">
        <FormattedMessage id="batch.spelling" />
      </h2>
      {data ? (
        <p className={classes.lead}>
          <FormattedMessage
            id={
              data.essay_count === 0
                ? "batch.spelling.none"
                : data.error_count === 0
                  ? "batch.spelling.clean"
                  : "batch.spelling.lead"
            }
            values={{ errors: data.error_count, essays: data.essay_count }}
          />
        </p>
      ) : error ? (
        <ProblemNotice error={error} onRetry={() => refetch()} />
      ) : (
        <Loader
          type="dots"
          role="status"
          aria-label={intl.formatMessage({ id: "batch.spelling.loading" })}
        />
      )}
      {kinds.length > 0 && (
        <dl
          className={classes.kinds}
          aria-label={intl.formatMessage({ id: "batch.spelling.kinds" })}
        >
          {kinds.map(([kind, count]) => (
            <div key={kind}>
              <dt>{kindName(kind)}</dt>
              <dd>{intl.formatNumber(count)}</dd>
            </div>
          ))}
        </dl>
      )}
      {data && data.items.length > 0 && <CommonErrors items={data.items} />}
    </Panel>
  );
}
