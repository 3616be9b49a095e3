import { Loader } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { FormattedMessage, useIntl } from "react-intl";
import { EmptyState } from "@/components/EmptyState";
import { Icon } from "@/components/Icon";
import { ButtonLink } from "@/components/Links";
import { Page } from "@/components/Page";
import { ProblemNotice } from "@/components/ProblemNotice";
import { StatusBadge } from "@/components/StatusBadge";
import { type BatchStatusBody, type EssayRow, Problem } from "@/lib/api";
import { useBatchLive } from "@/lib/live";
import { ClassSummary } from "./components/ClassSummary";
import { FailedNotice } from "./components/FailedNotice";
import { ResultsTable } from "./components/ResultsTable";
import classes from "./ResultsPage.module.css";

/** What came of a batch: the class as a whole, and a row per essay. */
export function ResultsPage({ batchId }: { batchId: string }) {
  const intl = useIntl();
  const { status, rows } = useBatchLive(batchId);
  const error = status.error ?? rows.error;

  if (status.data && rows.data)
    return <Loaded batchId={batchId} batch={status.data} rows={rows.data.rows} />;
  const isMissing = error instanceof Problem && error.status === 404;
  return (
    <Page title={intl.formatMessage({ id: "results.title" })} above={<Back batchId={batchId} />}>
      {isMissing ? (
        <EmptyState
          icon="search"
          title={intl.formatMessage({ id: "results.missing" })}
          actions={
            <ButtonLink to="/batches">
              <FormattedMessage id="results.allBatches" />
            </ButtonLink>
          }
        />
      ) : error ? (
        <ProblemNotice
          error={error}
          onRetry={() => {
            status.refetch();
            rows.refetch();
          }}
        />
      ) : (
        <Loader
          type="dots"
          role="status"
          aria-label={intl.formatMessage({ id: "results.loading" })}
        />
      )}
    </Page>
  );
}

function Back({ batchId, name }: { batchId: string; name?: string }) {
  return (
    <Link to="/batches/$batchId" params={{ batchId }} className={classes.back}>
      <Icon name="arrowLeft" size={16} />
      {name ?? <FormattedMessage id="results.back" />}
    </Link>
  );
}

interface LoadedProps {
  batchId: string;
  batch: BatchStatusBody;
  rows: readonly EssayRow[];
}

function Loaded({ batchId, batch, rows }: LoadedProps) {
  const intl = useIntl();
  const hasAny = rows.some((row) => row.spelling !== null || row.metrics !== null);
  return (
    <Page
      title={intl.formatMessage({ id: "results.title" })}
      documentTitle={intl.formatMessage(
        { id: "results.documentTitle" },
        { name: batch.class_designation },
      )}
      above={<Back batchId={batchId} name={batch.class_designation} />}
      lead={
        <span className={classes.lead}>
          <StatusBadge status={batch.status} />
          <FormattedMessage
            id="results.lead"
            values={{
              count: rows.filter((row) => row.status === "processed").length,
              total: rows.length,
              course: batch.course_code,
            }}
          />
        </span>
      }
      actions={
        <ButtonLink to="/batches/$batchId/ranking" params={{ batchId }} variant="default">
          <FormattedMessage id="results.ranking" />
        </ButtonLink>
      }
    >
      <FailedNotice batchId={batchId} batch={batch} rows={rows} />
      {hasAny ? (
        <ClassSummary rows={rows} />
      ) : (
        <EmptyState
          icon="clock"
          title={intl.formatMessage({ id: "results.none" })}
          actions={
            <ButtonLink to="/batches/$batchId" params={{ batchId }}>
              <FormattedMessage id="results.none.go" />
            </ButtonLink>
          }
        >
          <FormattedMessage id="results.none.do" />
        </EmptyState>
      )}
      {rows.length > 0 && hasAny && <ResultsTable batchId={batchId} rows={rows} />}
    </Page>
  );
}
