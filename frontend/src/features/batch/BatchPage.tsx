import { Loader } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { EmptyState } from "@/components/EmptyState";
import { Icon } from "@/components/Icon";
import { ButtonLink } from "@/components/Links";
import { Page } from "@/components/Page";
import { ProblemNotice } from "@/components/ProblemNotice";
import { type BatchStatusBody, type EssayRow, Problem } from "@/lib/api";
import { useBatchLive } from "@/lib/live";
import classes from "./BatchPage.module.css";
import { Assignment } from "./components/Assignment";
import { BatchHead } from "./components/BatchHead";
import { CancelRun } from "./components/CancelRun";
import { EssayGrid } from "./components/EssayGrid";
import { NextStep } from "./components/NextStep";
import { OtherLanguages } from "./components/OtherLanguages";
import { PipelineGraph } from "./components/PipelineGraph";
import { SpellingSummary } from "./components/SpellingSummary";
import { Timeline } from "./components/Timeline";
import { useColumns } from "./components/use-columns";

const NO_ROWS: EssayRow[] = [];

/** A batch as it moves: what comes first, how far each phase and each essay has come. */
export function BatchPage({ batchId }: { batchId: string }) {
  const intl = useIntl();
  const { status, rows } = useBatchLive(batchId);

  if (status.data) {
    return <Loaded batchId={batchId} batch={status.data} rows={rows} />;
  }
  const isMissing = status.error instanceof Problem && status.error.status === 404;
  return (
    <Page title={intl.formatMessage({ id: "batch.title" })} above={<Back />}>
      {isMissing ? (
        <EmptyState
          icon="search"
          title={intl.formatMessage({ id: "batch.missing" })}
          actions={
            <ButtonLink to="/batches">
              <FormattedMessage id="batch.back" />
            </ButtonLink>
          }
        >
          <FormattedMessage id="batch.missing.do" />
        </EmptyState>
      ) : status.error ? (
        <ProblemNotice error={status.error} onRetry={() => status.refetch()} />
      ) : (
        <Loader
          type="dots"
          role="status"
          aria-label={intl.formatMessage({ id: "batch.loading" })}
        />
      )}
    </Page>
  );
}

function Back() {
  return (
    <Link to="/batches" className={classes.back}>
      <Icon name="arrowLeft" size={16} />
      <FormattedMessage id="batch.back" />
    </Link>
  );
}

interface LoadedProps {
  batchId: string;
  batch: BatchStatusBody;
  rows: ReturnType<typeof useBatchLive>["rows"];
}

function Loaded({ batchId, batch, rows }: LoadedProps) {
  const intl = useIntl();
  const [phase, setPhase] = useState<string | null>(null);
  const essays = rows.data?.rows ?? NO_ROWS;
  const columns = useColumns(batch, essays);
  const hasResults = Object.values(batch.phases).some((each) => each.done + each.reused > 0);

  return (
    <Page
      title={batch.class_designation}
      documentTitle={intl.formatMessage(
        { id: "batch.documentTitle" },
        {
          name: batch.class_designation,
          status: intl.formatMessage({ id: `status.${batch.status}` }),
        },
      )}
      above={<Back />}
      lead={<BatchHead batch={batch} />}
      actions={
        <>
          <ButtonLink to="/batches/$batchId/files" params={{ batchId }} variant="default">
            <FormattedMessage id="batch.files" />
          </ButtonLink>
          {hasResults && (
            <ButtonLink to="/batches/$batchId/results" params={{ batchId }} variant="default">
              <FormattedMessage id="batch.results" />
            </ButtonLink>
          )}
          {batch.phases.some((each) => each.phase === "cj_assessment") && (
            <ButtonLink to="/batches/$batchId/ranking" params={{ batchId }} variant="default">
              <FormattedMessage id="batch.ranking" />
            </ButtonLink>
          )}
          {batch.status === "processing" && (
            <CancelRun batchId={batchId} isCancelling={batch.run_status === "cancelling"} />
          )}
        </>
      }
    >
      <NextStep batchId={batchId} batch={batch} rows={essays} />
      <OtherLanguages batch={batch} rows={essays} />
      <PipelineGraph batch={batch} columns={columns} chosen={phase} onChoose={setPhase} />
      {rows.error && !rows.data ? (
        <ProblemNotice error={rows.error} onRetry={() => rows.refetch()} />
      ) : (
        <EssayGrid
          batchId={batchId}
          rows={essays}
          columns={columns}
          phase={phase}
          onPhase={setPhase}
          isLoading={rows.isPending}
        />
      )}
      {batch.run_id !== null && <SpellingSummary batch={batch} />}
      <Assignment batch={batch} />
      <Timeline batchId={batchId} eventNo={batch.event_no ?? rows.data?.eventNo} />
    </Page>
  );
}
