import { FormattedMessage, useIntl } from "react-intl";
import { ButtonLink } from "@/components/Links";
import { Notice } from "@/components/Notice";
import { failureText } from "@/components/work";
import type { EssayRow } from "@/lib/api";
import classes from "./NotChecked.module.css";

/** A text whose spelling nobody has looked at: not asked for, under way, or failed. */
export function NotChecked({ batchId, essay }: { batchId: string; essay: EssayRow }) {
  const intl = useIntl();
  const failed = essay.phases.spellcheck;
  const isWorking = essay.status === "in_processing";
  const failure = failed && failureText(intl, failed.failure_code, failed.failure_reason);
  return (
    <div className={classes.above}>
      <Notice
        tone={failure ? "fail" : "info"}
        title={intl.formatMessage({
          id: failure ? "essay.checkFailed" : isWorking ? "essay.checking" : "essay.notChecked",
        })}
      >
        {failure ? (
          <p>
            {failure.why} {failure.todo}
          </p>
        ) : (
          <p>
            <FormattedMessage id={isWorking ? "essay.checking.do" : "essay.notChecked.do"} />
          </p>
        )}
        <ButtonLink to="/batches/$batchId" params={{ batchId }} size="xs" variant="default">
          <FormattedMessage id="essay.toBatch" />
        </ButtonLink>
      </Notice>
    </div>
  );
}
