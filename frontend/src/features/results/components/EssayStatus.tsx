import { FormattedMessage, useIntl } from "react-intl";
import { failureText, StateMark, useWorkNames, type WorkState } from "@/components/work";
import type { EssayRow } from "@/lib/api";
import { failureOf } from "../lib/rows";
import classes from "./EssayStatus.module.css";

const STATES: Record<EssayRow["status"], WorkState> = {
  awaiting_content: "waiting",
  content_failed: "failed",
  ready_for_processing: "idle",
  in_processing: "running",
  processed: "done",
  partly_processed: "partly",
  failed: "failed",
};

/** How far an essay has come, and why it lacks something. */
export function EssayStatus({ row }: { row: EssayRow }) {
  const intl = useIntl();
  const names = useWorkNames();
  const failure = failureOf(row);
  return (
    <span className={classes.status} data-failed={failure !== null || undefined}>
      <StateMark state={STATES[row.status]} size={16} />
      <span className={classes.words}>
        <FormattedMessage id={`essayStatus.${row.status}`} />
        {failure && (
          <span className={classes.why}>
            {failure.phase === null
              ? failureText(intl, failure.code, failure.reason).why
              : intl.formatMessage(
                  { id: "results.phaseFailed" },
                  {
                    phase: names.phase(failure.phase),
                    why: failureText(intl, failure.code, failure.reason).why,
                  },
                )}
          </span>
        )}
      </span>
    </span>
  );
}
