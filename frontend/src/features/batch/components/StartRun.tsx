import { Button, Loader } from "@mantine/core";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { announce } from "@/components/Announcer";
import { Icon } from "@/components/Icon";
import { ProblemNotice } from "@/components/ProblemNotice";
import { useCatalogue, useWorkNames } from "@/components/work";
import type { EssayRow } from "@/lib/api";
import { useStartRun } from "../api/run";
import { toBeSkipped, withNeeded } from "../lib/next-step";
import classes from "./StartRun.module.css";

interface StartRunProps {
  batchId: string;
  rows: readonly EssayRow[];
  isFirst: boolean;
}

/** The choice of a pipeline, with what each would do and what of it is there already. */
export function StartRun({ batchId, rows, isFirst }: StartRunProps) {
  const intl = useIntl();
  const names = useWorkNames();
  const catalogue = useCatalogue();
  const start = useStartRun(batchId);
  const [picked, setPicked] = useState<string | null>(null);

  if (catalogue.error)
    return <ProblemNotice error={catalogue.error} onRetry={() => catalogue.refetch()} />;
  if (!catalogue.data) return <Loader type="dots" size="sm" />;

  // The fullest first: it is what most want. What a phase needs runs with it.
  const pipelines = catalogue.data.pipelines
    .map((each) => ({ ...each, phases: withNeeded(each.phases, catalogue.data.phases) }))
    .reverse()
    .sort((a, b) => b.phases.length - a.phases.length);
  const chosen = picked ?? pipelines[0]?.name ?? "";
  const phases = pipelines.find((each) => each.name === chosen)?.phases ?? [];
  const isAllDone = phases.length > 0 && toBeSkipped(phases, rows).length === phases.length;

  const run = () =>
    start.mutate(chosen, {
      onSuccess: ({ skipped }) =>
        announce(
          intl.formatMessage(
            { id: "batch.start.said" },
            { skipped: intl.formatList(skipped.map(names.phase)), count: skipped.length },
          ),
        ),
    });

  return (
    <div className={classes.start}>
      <fieldset className={classes.choices}>
        <legend>
          <FormattedMessage id="batch.start.which" />
        </legend>
        {pipelines.map((pipeline) => {
          const skipped = toBeSkipped(pipeline.phases, rows);
          return (
            <label key={pipeline.name} className={classes.choice}>
              <input
                type="radio"
                name={`pipeline-${batchId}`}
                value={pipeline.name}
                checked={chosen === pipeline.name}
                onChange={() => setPicked(pipeline.name)}
              />
              <span className={classes.words}>
                <strong>{names.pipeline(pipeline.name)}</strong>
                <span className={classes.phases}>
                  {pipeline.phases.map((phase) => (
                    <span
                      key={phase}
                      className={classes.phase}
                      data-skipped={skipped.includes(phase) || undefined}
                    >
                      {skipped.includes(phase) && <Icon name="check" size={14} />}
                      {skipped.includes(phase) ? (
                        <FormattedMessage
                          id="batch.start.there"
                          values={{ phase: names.phase(phase) }}
                        />
                      ) : (
                        names.phase(phase)
                      )}
                    </span>
                  ))}
                </span>
              </span>
            </label>
          );
        })}
      </fieldset>
      {start.error && <ProblemNotice error={start.error} />}
      <div className={classes.go}>
        <Button
          onClick={run}
          loading={start.isPending}
          disabled={isAllDone}
          variant={isFirst ? "filled" : "light"}
          leftSection={<Icon name="play" size={16} />}
        >
          <FormattedMessage id="batch.start" />
        </Button>
        {isAllDone && (
          <span className={classes.note}>
            <FormattedMessage id="batch.start.allThere" />
          </span>
        )}
      </div>
    </div>
  );
}
