import { Button, Loader } from "@mantine/core";
import { useMemo, useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { Panel } from "@/components/Panel";
import { ProblemNotice } from "@/components/ProblemNotice";
import { useWorkNames } from "@/components/work";
import { useEvents } from "../api/get-events";
import { parts } from "../lib/duration";
import { type Entry, timeline } from "../lib/timeline";
import classes from "./Timeline.module.css";

/** What happened so far, in plain words; closed until somebody wants to know. */
export function Timeline({ batchId, eventNo }: { batchId: string; eventNo: number | undefined }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <Panel>
      <details
        className={classes.fold}
        open={isOpen}
        onToggle={(event) => setOpen(event.currentTarget.open)}
      >
        <summary>
          <h2>
            <FormattedMessage id="batch.timeline" />
          </h2>
        </summary>
        {isOpen && <Entries batchId={batchId} eventNo={eventNo} />}
      </details>
    </Panel>
  );
}

function Entries({ batchId, eventNo }: { batchId: string; eventNo: number | undefined }) {
  const intl = useIntl();
  const names = useWorkNames();
  const events = useEvents(batchId, eventNo, true);
  const entries = useMemo(
    () => timeline(events.data?.pages.flatMap((page) => page.items) ?? []),
    [events.data],
  );

  if (events.error && entries.length === 0)
    return <ProblemNotice error={events.error} onRetry={() => events.refetch()} />;
  if (events.isPending) return <Loader type="dots" size="sm" />;

  const words = (entry: Entry) =>
    intl.formatMessage(
      { id: `batch.event.${entry.text}` },
      {
        ...entry.values,
        phase: entry.phase === null ? "" : names.phase(entry.phase),
        pipeline: names.pipeline(String(entry.values.pipeline ?? "")),
        length: length(Number(entry.values.seconds ?? 0)),
      },
    );
  const length = (seconds: number) => {
    const { unit, ...values } = parts(seconds);
    return intl.formatMessage({ id: `batch.length.${unit}` }, values);
  };

  return (
    <>
      <ol className={classes.entries}>
        {entries.map((entry) => (
          <li key={entry.no} data-tone={entry.tone}>
            <time dateTime={entry.at}>
              {intl.formatDate(entry.at, {
                month: "short",
                day: "numeric",
                hour: "2-digit",
                minute: "2-digit",
                second: "2-digit",
              })}
            </time>
            <span>{words(entry)}</span>
          </li>
        ))}
      </ol>
      {events.hasNextPage && (
        <Button
          variant="default"
          loading={events.isFetchingNextPage}
          onClick={() => events.fetchNextPage()}
        >
          <FormattedMessage id="batch.timeline.more" />
        </Button>
      )}
    </>
  );
}
