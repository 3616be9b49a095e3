import { Button, Loader } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { EmptyState } from "@/components/EmptyState";
import { Icon } from "@/components/Icon";
import { ButtonLink } from "@/components/Links";
import { Moment } from "@/components/Moment";
import { Page } from "@/components/Page";
import { Panel } from "@/components/Panel";
import { ProblemNotice } from "@/components/ProblemNotice";
import { type Assessment, type BatchStatusBody, Problem } from "@/lib/api";
import { useBatchLive } from "@/lib/live";
import { useAssessment } from "./api/get-assessment";
import { DecisionFiles } from "./components/DecisionFiles";
import { Disagreements } from "./components/Disagreements";
import { Grades } from "./components/Grades";
import { Judges } from "./components/Judges";
import { LeftOut } from "./components/LeftOut";
import { RankChart } from "./components/RankChart";
import { RankTable } from "./components/RankTable";
import { Reliability } from "./components/Reliability";
import { Standing } from "./components/Standing";
import classes from "./RankingPage.module.css";

/** As many essays as are drawn at once; the next ones on demand. */
const STEP = 100;

/** Who is ahead of whom in a class, how sure that is, and who decided it. */
export function RankingPage({ batchId }: { batchId: string }) {
  const intl = useIntl();
  const { status } = useBatchLive(batchId);

  if (status.data) return <OfBatch batch={status.data} />;
  const isMissing = status.error instanceof Problem && status.error.status === 404;
  return (
    <Page title={intl.formatMessage({ id: "ranking.title" })} above={<Back batchId={batchId} />}>
      {isMissing ? (
        <EmptyState
          icon="search"
          title={intl.formatMessage({ id: "ranking.missing" })}
          actions={
            <ButtonLink to="/batches">
              <FormattedMessage id="ranking.allBatches" />
            </ButtonLink>
          }
        />
      ) : status.error ? (
        <ProblemNotice error={status.error} onRetry={() => status.refetch()} />
      ) : (
        <Loading />
      )}
    </Page>
  );
}

function OfBatch({ batch }: { batch: BatchStatusBody }) {
  const intl = useIntl();
  const { data: found, error, refetch } = useAssessment(batch);
  const isNone = error instanceof Problem && error.slug === "assessment-not-found";

  return (
    <Page
      title={intl.formatMessage({ id: "ranking.title" })}
      documentTitle={intl.formatMessage(
        { id: "ranking.documentTitle" },
        { name: batch.class_designation },
      )}
      above={<Back batchId={batch.batch_id} name={batch.class_designation} />}
      lead={found && <Lead batch={batch} found={found} />}
      actions={
        found && (
          <ButtonLink to="/batches/$batchId/judging" params={{ batchId: batch.batch_id }}>
            <FormattedMessage id="ranking.judging" />
          </ButtonLink>
        )
      }
    >
      {found ? (
        <Loaded batch={batch} found={found} />
      ) : isNone ? (
        <None batch={batch} />
      ) : error ? (
        <ProblemNotice error={error} onRetry={() => refetch()} />
      ) : (
        <Loading />
      )}
    </Page>
  );
}

function Loading() {
  const intl = useIntl();
  return (
    <Loader type="dots" role="status" aria-label={intl.formatMessage({ id: "ranking.loading" })} />
  );
}

function Back({ batchId, name }: { batchId: string; name?: string }) {
  return (
    <Link to="/batches/$batchId" params={{ batchId }} className={classes.back}>
      <Icon name="arrowLeft" size={16} />
      {name ?? <FormattedMessage id="ranking.back" />}
    </Link>
  );
}

function Lead({ batch, found }: { batch: BatchStatusBody; found: Assessment }) {
  return (
    <FormattedMessage
      id="ranking.lead"
      values={{
        course: batch.course_code,
        essays: found.essays.length,
        comparisons: found.decision_count,
        rounds: found.rounds,
        ago: <Moment at={found.updated_at} />,
      }}
    />
  );
}

function None({ batch }: { batch: BatchStatusBody }) {
  const intl = useIntl();
  const isRunning = batch.status === "processing";
  return (
    <EmptyState
      icon="clock"
      title={intl.formatMessage({ id: isRunning ? "ranking.running" : "ranking.none" })}
      actions={
        <ButtonLink to="/batches/$batchId" params={{ batchId: batch.batch_id }}>
          <FormattedMessage id="ranking.back" />
        </ButtonLink>
      }
    >
      <FormattedMessage id={isRunning ? "ranking.running.do" : "ranking.none.do"} />
    </EmptyState>
  );
}

function Loaded({ batch, found }: { batch: BatchStatusBody; found: Assessment }) {
  const [most, setMost] = useState(STEP);
  const { essays } = found;
  const shown = essays.slice(0, most);
  const range = [
    Math.min(...essays.map((essay) => essay.low)),
    Math.max(...essays.map((essay) => essay.high)),
  ] as const;

  return (
    <>
      <Standing found={found} />
      {essays.length > 0 && (
        <Panel aria-labelledby="ranking-order" className={classes.order}>
          <h2 id="ranking-order">
            <FormattedMessage id="ranking.order" />
          </h2>
          <RankChart essays={shown} range={range} />
          <RankTable found={found} essays={shown} />
          {essays.length > most && (
            <Button variant="default" onClick={() => setMost(most + STEP)}>
              <FormattedMessage
                id="ranking.order.more"
                values={{ count: Math.min(STEP, essays.length - most) }}
              />
            </Button>
          )}
        </Panel>
      )}
      {essays.length > 0 && <Grades found={found} name={batch.class_designation} essays={shown} />}
      <Reliability found={found} />
      <Disagreements found={found} />
      <Judges batchId={batch.batch_id} judges={found.judges} />
      <DecisionFiles batchId={batch.batch_id} name={batch.class_designation} />
      <LeftOut essays={found.left_out} />
    </>
  );
}
