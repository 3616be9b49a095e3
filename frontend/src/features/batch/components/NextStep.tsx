import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { announce } from "@/components/Announcer";
import { Icon, type IconName } from "@/components/Icon";
import { ButtonLink } from "@/components/Links";
import { Panel } from "@/components/Panel";
import { ProblemNotice } from "@/components/ProblemNotice";
import type { BatchStatusBody, EssayRow } from "@/lib/api";
import { useRetry } from "../api/run";
import { filesToMend, nextStep, type Step } from "../lib/next-step";
import classes from "./NextStep.module.css";
import { StartRun } from "./StartRun";

interface NextStepProps {
  batchId: string;
  batch: BatchStatusBody;
  rows: readonly EssayRow[];
}

const ICONS: Record<Step["kind"], IconName> = {
  hand_in: "upload",
  await_files: "upload",
  start: "play",
  watch: "clock",
  read: "check",
  retry: "alert",
  no_texts: "alert",
  start_again: "play",
};

const NEEDS_YOU = new Set<Step["kind"]>(["hand_in", "await_files", "start", "retry", "no_texts"]);

/** What the teacher is to do first, in one place at the top; and what else can be mended. */
export function NextStep({ batchId, batch, rows }: NextStepProps) {
  const step = nextStep(batch);
  const failedFiles = filesToMend(batch);
  const canStart = step.kind === "start" || step.kind === "start_again";
  const canStartAnother = step.kind === "read" || step.kind === "retry";

  return (
    <Panel
      className={classes.step}
      data-needs-you={NEEDS_YOU.has(step.kind) || undefined}
      aria-labelledby="batch-next-step"
    >
      <div className={classes.main}>
        <span className={classes.icon}>
          <Icon name={ICONS[step.kind]} size={22} />
        </span>
        <div className={classes.words}>
          <h2 id="batch-next-step">
            <FormattedMessage id={`batch.step.${step.kind}`} values={{ ...step }} />
          </h2>
          <p>
            <FormattedMessage id={`batch.step.${step.kind}.do`} values={{ ...step }} />
          </p>
        </div>
        <Actions step={step} batchId={batchId} />
      </div>
      {failedFiles > 0 && step.kind !== "no_texts" && (
        <Aside>
          <FormattedMessage id="batch.step.files" values={{ count: failedFiles }} />{" "}
          <ButtonLink to="/batches/$batchId/files" params={{ batchId }} variant="default" size="xs">
            <FormattedMessage id="batch.step.files.do" />
          </ButtonLink>
        </Aside>
      )}
      {canStart && <StartRun batchId={batchId} rows={rows} isFirst={step.kind === "start"} />}
      {canStartAnother && (
        <details className={classes.another}>
          <summary>
            <FormattedMessage id="batch.another" />
          </summary>
          <StartRun batchId={batchId} rows={rows} isFirst={false} />
        </details>
      )}
    </Panel>
  );
}

function Aside({ children }: { children: ReactNode }) {
  return (
    <p className={classes.aside}>
      <Icon name="alert" size={16} />
      <span>{children}</span>
    </p>
  );
}

function Actions({ step, batchId }: { step: Step; batchId: string }) {
  const params = { batchId };
  switch (step.kind) {
    case "hand_in":
    case "await_files":
    case "no_texts":
      return (
        <ButtonLink to="/batches/$batchId/files" params={params}>
          <FormattedMessage
            id={step.kind === "no_texts" ? "batch.step.files.do" : "batch.handIn"}
          />
        </ButtonLink>
      );
    case "read":
      return <ToResults batchId={batchId} />;
    case "watch":
    case "start_again":
      return step.finished > 0 ? <ToResults batchId={batchId} isQuiet /> : null;
    case "retry":
      return (
        <div className={classes.actions}>
          {step.finished > 0 && <ToResults batchId={batchId} isQuiet />}
          <Retry batchId={batchId} />
        </div>
      );
    default:
      return null;
  }
}

function ToResults({ batchId, isQuiet }: { batchId: string; isQuiet?: boolean }) {
  return (
    <ButtonLink
      to="/batches/$batchId/results"
      params={{ batchId }}
      variant={isQuiet ? "default" : "filled"}
    >
      <FormattedMessage id="batch.readResults" />
    </ButtonLink>
  );
}

function Retry({ batchId }: { batchId: string }) {
  const intl = useIntl();
  const retry = useRetry(batchId);
  return (
    <>
      <Button
        loading={retry.isPending}
        onClick={() =>
          retry.mutate(undefined, {
            onSuccess: () => announce(intl.formatMessage({ id: "batch.retry.said" })),
          })
        }
      >
        <FormattedMessage id="batch.retry" />
      </Button>
      {retry.error && <ProblemNotice error={retry.error} />}
    </>
  );
}
