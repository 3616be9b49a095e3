import { Button, Loader } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { announce } from "@/components/Announcer";
import { Icon } from "@/components/Icon";
import { ProblemNotice } from "@/components/ProblemNotice";
import { needAssignment, useCatalogue, useWorkNames, withNeeded } from "@/components/work";
import type { EssayRow } from "@/lib/api";
import { useBatchDetail } from "@/lib/batch-detail";
import { useStartRun } from "../api/run";
import { changes, type Judging } from "../lib/judging";
import { toBeSkipped } from "../lib/next-step";
import { JudgingCosts } from "./JudgingCosts";
import { JudgingOptions } from "./JudgingOptions";
import classes from "./StartRun.module.css";
import { WriteAssignment } from "./WriteAssignment";

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
  const assignment = useBatchDetail(batchId).data?.essay_instructions;
  const [picked, setPicked] = useState<string | null>(null);
  const [chosenJudging, setJudging] = useState<Judging | null>(null);
  const [hasWritten, setWritten] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const isAssignmentMissing = assignment !== undefined && !assignment.trim();

  // What was written into has gone; the next thing to do is to start.
  useEffect(() => {
    if (hasWritten && !isAssignmentMissing) button.current?.focus();
  }, [hasWritten, isAssignmentMissing]);

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
  const lacking = (wanted: readonly string[]) =>
    isAssignmentMissing ? needAssignment(wanted, catalogue.data.phases) : [];
  const lacks = lacking(phases).map(names.phase);
  const usual = catalogue.data.phases.find(
    (each) => phases.includes(each.name) && each.judging,
  )?.judging;
  const judging = chosenJudging ?? usual;
  // What works on the class as a whole is done anew each time, perhaps by another judge.
  const isOfEssays = (phase: string) =>
    catalogue.data.phases.find((each) => each.name === phase)?.scope === "essay";
  const skippedOf = (wanted: readonly string[]) => toBeSkipped(wanted.filter(isOfEssays), rows);
  const isAllDone = phases.length > 0 && skippedOf(phases).length === phases.length;

  const run = () =>
    start.mutate(
      { pipeline: chosen, judging: usual && judging ? changes(usual, judging) : {} },
      {
        onSuccess: ({ skipped }) =>
          announce(
            intl.formatMessage(
              { id: "batch.start.said" },
              { skipped: intl.formatList(skipped.map(names.phase)), count: skipped.length },
            ),
          ),
      },
    );

  return (
    <div className={classes.start}>
      <fieldset className={classes.choices}>
        <legend>
          <FormattedMessage id="batch.start.which" />
        </legend>
        {pipelines.map((pipeline) => {
          const skipped = skippedOf(pipeline.phases);
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
                {lacking(pipeline.phases).map((phase) => (
                  <span key={phase} className={classes.lacks}>
                    <Icon name="alert" size={14} />
                    <FormattedMessage
                      id="batch.start.needsAssignment"
                      values={{ phase: names.phase(phase) }}
                    />
                  </span>
                ))}
              </span>
            </label>
          );
        })}
      </fieldset>
      {judging && (
        <JudgingOptions judging={judging} model={catalogue.data.model} onChange={setJudging} />
      )}
      {judging?.judge === "llm" && (
        <JudgingCosts batchId={batchId} mostRounds={judging.most_rounds} />
      )}
      {lacks.length > 0 && (
        <div className={classes.missing}>
          <p>
            <strong>
              <FormattedMessage
                id="batch.start.lacksAssignment"
                values={{ phase: intl.formatList(lacks) }}
              />
            </strong>{" "}
            <FormattedMessage id="batch.start.lacksAssignment.do" />
          </p>
          <WriteAssignment batchId={batchId} text="" onSaved={() => setWritten(true)} />
        </div>
      )}
      {start.error && <ProblemNotice error={start.error} />}
      <div className={classes.go}>
        <Button
          ref={button}
          onClick={run}
          loading={start.isPending}
          disabled={isAllDone || lacks.length > 0}
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
