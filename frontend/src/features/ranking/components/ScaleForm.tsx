import { Button, NativeSelect, Textarea } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { announce } from "@/components/Announcer";
import { ProblemNotice } from "@/components/ProblemNotice";
import type { Assessment } from "@/lib/api";
import { type ScaleName, useSetScale } from "../api/grading";
import { readGrades } from "../lib/grades";
import classes from "./Grades.module.css";

const SCALES: ScaleName[] = ["swedish_a_f", "eng5_national", "custom"];

interface ScaleFormProps {
  batchId: string;
  /** The scale there is, if there is one. */
  present?: Assessment["grading"];
}

/** On which scale the class is graded. */
export function ScaleForm({ batchId, present }: ScaleFormProps) {
  const intl = useIntl();
  const set = useSetScale(batchId);
  const [scale, setScale] = useState<ScaleName>(
    SCALES.find((each) => each === present?.scale) ?? "swedish_a_f",
  );
  const [written, setWritten] = useState(
    present?.scale === "custom" ? present.grades.join("\n") : "",
  );
  const grades = readGrades(written);
  const isTooFew = scale === "custom" && new Set(grades).size < Math.max(2, grades.length);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isTooFew) return;
    set.mutate(
      { scale, grades },
      { onSuccess: () => announce(intl.formatMessage({ id: "ranking.scale.saved" })) },
    );
  };
  return (
    <form className={classes.form} onSubmit={submit}>
      <NativeSelect
        label={intl.formatMessage({ id: "ranking.scale" })}
        value={scale}
        onChange={(event) => setScale(event.currentTarget.value as ScaleName)}
        data={SCALES.map((each) => ({
          value: each,
          label: intl.formatMessage({ id: `ranking.scale.${each}` }),
        }))}
      />
      {scale === "custom" && (
        <Textarea
          label={intl.formatMessage({ id: "ranking.scale.grades" })}
          description={intl.formatMessage({ id: "ranking.scale.grades.what" })}
          value={written}
          onChange={(event) => setWritten(event.currentTarget.value)}
          rows={5}
        />
      )}
      {set.error && <ProblemNotice error={set.error} />}
      <Button type="submit" variant="default" loading={set.isPending} disabled={isTooFew}>
        <FormattedMessage id="ranking.scale.use" />
      </Button>
    </form>
  );
}
