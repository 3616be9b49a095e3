import { FormattedMessage, useIntl } from "react-intl";
import { Panel } from "@/components/Panel";
import { failureText } from "@/components/work";
import type { Assessment } from "@/lib/api";
import { essayName } from "@/lib/essays";
import classes from "./LeftOut.module.css";

/** Essays of the batch that were not compared, and why. */
export function LeftOut({ essays }: { essays: Assessment["left_out"] }) {
  const intl = useIntl();
  if (essays.length === 0) return null;
  return (
    <Panel aria-labelledby="ranking-left-out" className={classes.panel}>
      <h2 id="ranking-left-out">
        <FormattedMessage id="ranking.leftOut" />
      </h2>
      <ul>
        {essays.map((essay) => (
          <li key={essay.essay_id}>
            <strong>{essayName(essay)}</strong>{" "}
            {essay.failure_code === null ? (
              <FormattedMessage id="ranking.leftOut.noPart" />
            ) : (
              failureText(intl, essay.failure_code, null).why
            )}
          </li>
        ))}
      </ul>
    </Panel>
  );
}
