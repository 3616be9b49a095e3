import { Button } from "@mantine/core";
import { FormattedMessage, useIntl } from "react-intl";
import { announce } from "@/components/Announcer";
import { ButtonLink } from "@/components/Links";
import { Notice } from "@/components/Notice";
import { ProblemNotice } from "@/components/ProblemNotice";
import type { BatchStatusBody, EssayRow } from "@/lib/api";
import { useRetry } from "../api/retry";
import { failureOf } from "../lib/rows";
import classes from "./FailedNotice.module.css";

interface FailedNoticeProps {
  batchId: string;
  batch: BatchStatusBody;
  rows: readonly EssayRow[];
}

/** Essays that lack a result, and what to do about them; nothing when all is well. */
export function FailedNotice({ batchId, batch, rows }: FailedNoticeProps) {
  const intl = useIntl();
  const retry = useRetry(batchId);
  const failures = rows.map(failureOf).filter((failure) => failure !== null);
  const files = failures.filter((failure) => failure.phase === null).length;
  const phases = failures.length - files;
  if (failures.length === 0) return null;

  return (
    <Notice
      tone="warn"
      title={intl.formatMessage({ id: "results.failed" }, { count: failures.length })}
    >
      <p>
        <FormattedMessage id="results.failed.what" values={{ files, phases }} />
      </p>
      {retry.error && <ProblemNotice error={retry.error} />}
      <div className={classes.actions}>
        {phases > 0 && batch.status !== "processing" && (
          <Button
            size="xs"
            loading={retry.isPending}
            onClick={() =>
              retry.mutate(undefined, {
                onSuccess: () => announce(intl.formatMessage({ id: "results.retry.said" })),
              })
            }
          >
            <FormattedMessage id="results.retry" />
          </Button>
        )}
        {files > 0 && (
          <ButtonLink to="/batches/$batchId/files" params={{ batchId }} variant="default" size="xs">
            <FormattedMessage id="results.files" />
          </ButtonLink>
        )}
      </div>
    </Notice>
  );
}
