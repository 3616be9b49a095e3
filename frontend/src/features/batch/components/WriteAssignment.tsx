import { Button, Textarea } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { announce } from "@/components/Announcer";
import { ProblemNotice } from "@/components/ProblemNotice";
import { useWriteAssignment } from "../api/change-batch";
import classes from "./WriteAssignment.module.css";

interface WriteAssignmentProps {
  batchId: string;
  /** What it says so far. */
  text: string;
  onSaved?: () => void;
}

/** What the pupils were asked to write, for the teacher to write or to mend. */
export function WriteAssignment({ batchId, text, onSaved }: WriteAssignmentProps) {
  const intl = useIntl();
  const save = useWriteAssignment(batchId);
  const [written, setWritten] = useState(text);
  const isSame = written.trim() === text.trim();

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isSame) return;
    onSaved?.();
    save.mutate(written.trim(), {
      onSuccess: () => announce(intl.formatMessage({ id: "batch.assignment.saved" })),
    });
  };
  return (
    <form className={classes.form} onSubmit={submit}>
      <Textarea
        label={intl.formatMessage({ id: "batch.assignment" })}
        description={intl.formatMessage({ id: "batch.assignment.what" })}
        value={written}
        onChange={(event) => setWritten(event.currentTarget.value)}
        maxLength={20_000}
        rows={4}
      />
      {save.error && <ProblemNotice error={save.error} />}
      <Button
        type="submit"
        variant="default"
        className={classes.save}
        loading={save.isPending}
        disabled={isSame}
      >
        <FormattedMessage id="batch.assignment.save" />
      </Button>
    </form>
  );
}
