import { useEffect, useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { Moment } from "@/components/Moment";
import { ProgressBar } from "@/components/ProgressBar";
import { StatusBadge } from "@/components/StatusBadge";
import { useWorkNames } from "@/components/work";
import type { BatchStatusBody } from "@/lib/api";
import { eta, percent, secondsBetween } from "../lib/duration";
import classes from "./BatchHead.module.css";
import { Length } from "./Length";

/** Course, state, times, and while it runs how far it has come. */
export function BatchHead({ batch }: { batch: BatchStatusBody }) {
  const isRunning = batch.status === "processing";
  return (
    <div className={classes.head}>
      <div className={classes.line}>
        <StatusBadge status={batch.status} />
        <span>{batch.course_code}</span>
        <span>
          <FormattedMessage id="batch.essays" values={{ count: batch.expected_essay_count }} />
        </span>
        <Started batch={batch} />
      </div>
      {isRunning && <Progress batch={batch} />}
    </div>
  );
}

function Started({ batch }: { batch: BatchStatusBody }) {
  const now = useSeconds(batch.status === "processing");
  const { run_started_at: started, completed_at: ended } = batch;
  if (!started) {
    return (
      <span>
        <FormattedMessage
          id="batch.registered"
          values={{ ago: <Moment at={batch.created_at} /> }}
        />
      </span>
    );
  }
  const isRunning = batch.status === "processing";
  const length = <Length seconds={secondsBetween(started, isRunning ? null : ended, now)} />;
  return (
    <>
      <span>
        <FormattedMessage id="batch.started" values={{ ago: <Moment at={started} /> }} />
      </span>
      <span>
        <FormattedMessage id={isRunning ? "batch.elapsed" : "batch.took"} values={{ length }} />
      </span>
    </>
  );
}

function Progress({ batch }: { batch: BatchStatusBody }) {
  const intl = useIntl();
  const names = useWorkNames();
  const { progress, eta_s: left } = batch;
  return (
    <div className={classes.progress}>
      <ProgressBar value={progress} label={intl.formatMessage({ id: "batch.progress" })} />
      <div className={classes.line}>
        <strong>
          {batch.run_status === "cancelling" ? (
            <FormattedMessage id="batch.cancelling" />
          ) : progress === null ? (
            <FormattedMessage id="batch.starting" />
          ) : (
            intl.formatNumber(percent(progress) / 100, { style: "percent" })
          )}
        </strong>
        {left !== null && batch.run_status === "active" && <Left seconds={left} />}
        {batch.round && (
          <span>
            <FormattedMessage
              id="batch.round"
              values={{
                phase: names.phase("cj_assessment"),
                round: batch.round.round_no,
                most: batch.round.most_rounds,
              }}
            />
          </span>
        )}
      </div>
    </div>
  );
}

function Left({ seconds }: { seconds: number }) {
  const left = eta(seconds);
  return (
    <span>
      {left.unit === "moment" ? (
        <FormattedMessage id="batch.left.moment" />
      ) : (
        <FormattedMessage id={`batch.left.${left.unit}`} values={{ count: left.count }} />
      )}
    </span>
  );
}

/** The time, once a second while it matters. */
function useSeconds(isTicking: boolean): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!isTicking) return;
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [isTicking]);
  return now;
}
