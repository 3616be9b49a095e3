import { Button, Loader } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { FormattedMessage, useIntl } from "react-intl";
import { EmptyState } from "@/components/EmptyState";
import { Icon } from "@/components/Icon";
import { ButtonLink } from "@/components/Links";
import { Page } from "@/components/Page";
import { ProblemNotice } from "@/components/ProblemNotice";
import { Problem } from "@/lib/api";
import { Bench } from "./components/Bench";
import { Progress } from "./components/Progress";
import classes from "./JudgingPage.module.css";
import { useSitting } from "./lib/use-sitting";

/** A person as judge: two texts, which is better, and the next two. */
export function JudgingPage({ batchId }: { batchId: string }) {
  const intl = useIntl();
  const bench = useSitting(batchId);
  const { shown, sitting, borrowError } = bench;
  const isUnprepared =
    borrowError instanceof Problem && borrowError.slug === "assessment-not-found";

  return (
    <Page
      title={intl.formatMessage({ id: shown ? "judging.which" : "judging.title" })}
      documentTitle={intl.formatMessage({ id: "judging.title" })}
      above={
        <Link to="/batches/$batchId/ranking" params={{ batchId }} className={classes.back}>
          <Icon name="arrowLeft" size={16} />
          <FormattedMessage id="judging.ranking" />
        </Link>
      }
      lead={
        shown?.instructions && (
          <details className={classes.task}>
            <summary>
              <FormattedMessage id="judging.task" />
            </summary>
            <p>{shown.instructions}</p>
          </details>
        )
      }
      actions={sitting.decided !== null && <Progress sitting={sitting} />}
    >
      {shown ? (
        <Bench pair={shown} bench={bench} />
      ) : isUnprepared ? (
        <EmptyState
          icon="clock"
          title={intl.formatMessage({ id: "judging.unprepared" })}
          actions={
            <ButtonLink to="/batches/$batchId" params={{ batchId }}>
              <FormattedMessage id="judging.batch" />
            </ButtonLink>
          }
        >
          <FormattedMessage id="judging.unprepared.do" />
        </EmptyState>
      ) : borrowError ? (
        <ProblemNotice error={borrowError} onRetry={bench.fetchNext} />
      ) : bench.isDone ? (
        <EmptyState
          icon="check"
          title={intl.formatMessage({ id: "judging.done" })}
          actions={
            <>
              <ButtonLink to="/batches/$batchId/ranking" params={{ batchId }}>
                <FormattedMessage id="judging.ranking" />
              </ButtonLink>
              {sitting.made.length > 0 && (
                <Button variant="default" onClick={bench.takeBack}>
                  <FormattedMessage id="judging.undo" />
                </Button>
              )}
              <Button variant="default" onClick={bench.fetchNext}>
                <FormattedMessage id="judging.done.again" />
              </Button>
            </>
          }
        >
          <FormattedMessage id="judging.done.do" />
        </EmptyState>
      ) : (
        <Loader
          type="dots"
          role="status"
          aria-label={intl.formatMessage({ id: "judging.loading" })}
        />
      )}
    </Page>
  );
}
