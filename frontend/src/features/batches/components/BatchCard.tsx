import { Link } from "@tanstack/react-router";
import { FormattedMessage, useIntl } from "react-intl";
import { Icon, type IconName } from "@/components/Icon";
import { ButtonLink } from "@/components/Links";
import { Moment } from "@/components/Moment";
import { ProgressBar } from "@/components/ProgressBar";
import { StatusBadge } from "@/components/StatusBadge";
import type { ActionRequired, Batch } from "@/lib/api";
import classes from "./BatchCard.module.css";

const ACTIONS: Record<ActionRequired, { icon: IconName; isAboutFiles: boolean }> = {
  hand_in_files: { icon: "upload", isAboutFiles: true },
  fix_files: { icon: "alert", isAboutFiles: true },
  start_pipeline: { icon: "play", isAboutFiles: false },
  retry_failed: { icon: "retry", isAboutFiles: false },
};

/** A batch in the list: what it is, how far it has come and what it waits for. */
export function BatchCard({ batch }: { batch: Batch }) {
  const intl = useIntl();
  const isRunning = batch.status === "processing";
  const isDone = batch.status.startsWith("completed");
  const params = { batchId: batch.batch_id };

  return (
    <article className={classes.card} data-action={batch.action_required ?? undefined}>
      <div className={classes.what}>
        <h2 className={classes.title}>
          <Link to="/batches/$batchId" params={params} className={classes.link}>
            {batch.class_designation}
          </Link>
          <span className={classes.course}>{batch.course_code}</span>
        </h2>
        <p className={classes.facts}>
          <StatusBadge status={batch.status} />
          <FormattedMessage id="batches.essays" values={{ count: batch.expected_essay_count }} />
          <span aria-hidden="true">·</span>
          <Moment at={batch.created_at} />
        </p>
      </div>
      <div className={classes.next}>
        {isRunning && (
          <div className={classes.progress}>
            <ProgressBar
              value={progressOf(batch)}
              label={intl.formatMessage(
                { id: "batches.progress" },
                { name: batch.class_designation },
              )}
            />
            <span>{intl.formatNumber(progressOf(batch), { style: "percent" })}</span>
          </div>
        )}
        {batch.action_required && <Action batch={batch} action={batch.action_required} />}
        {isDone && !batch.action_required && (
          <ButtonLink to="/batches/$batchId/results" params={params} size="sm" variant="default">
            <FormattedMessage id="batches.results" />
            <span className="visually-hidden">: {batch.class_designation}</span>
          </ButtonLink>
        )}
      </div>
    </article>
  );
}

/** What the teacher has to do next, as a button that leads to where it is done. */
function Action({ batch, action }: { batch: Batch; action: ActionRequired }) {
  const { icon, isAboutFiles } = ACTIONS[action];
  const counts = batch.essay_counts;
  return (
    <>
      <p className={classes.why}>
        <FormattedMessage
          id={`batches.action.${action}.why`}
          values={{
            missing: counts.awaiting_content ?? 0,
            failed: action === "fix_files" ? (counts.content_failed ?? 0) : failedOf(batch),
          }}
        />
      </p>
      <ButtonLink
        to={isAboutFiles ? "/batches/$batchId/files" : "/batches/$batchId"}
        params={{ batchId: batch.batch_id }}
        size="sm"
        leftSection={<Icon name={icon} size={16} />}
      >
        <FormattedMessage id={`batches.action.${action}`} />
        <span className="visually-hidden">: {batch.class_designation}</span>
      </ButtonLink>
    </>
  );
}

/** Of all that the run's phases have to do, how much is done; 0 to 1. */
export function progressOf(batch: Pick<Batch, "phases">): number {
  const total = batch.phases.reduce((sum, phase) => sum + phase.total, 0);
  const ended = batch.phases.reduce((sum, phase) => sum + phase.done + phase.failed, 0);
  return total ? ended / total : 0;
}

function failedOf(batch: Batch): number {
  return Math.max(0, ...batch.phases.map((phase) => phase.failed));
}
