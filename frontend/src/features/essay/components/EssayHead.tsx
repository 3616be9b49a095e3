import { Button, TextInput } from "@mantine/core";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { announce } from "@/components/Announcer";
import { Icon } from "@/components/Icon";
import { ProblemNotice } from "@/components/ProblemNotice";
import type { BatchStatusBody, EssayRow } from "@/lib/api";
import { useNamePupil } from "../api/name-pupil";
import classes from "./EssayHead.module.css";
import { EssayLanguage } from "./EssayLanguage";

const LONGEST_NAME = 200;

interface EssayHeadProps {
  batchId: string;
  essay: EssayRow;
  batch: BatchStatusBody | undefined;
}

/** The file, whose essay it is and its language, which can be said or corrected here. */
export function EssayHead({ batchId, essay, batch }: EssayHeadProps) {
  const intl = useIntl();
  const [isEditing, setEditing] = useState(false);
  const [name, setName] = useState("");
  const rename = useNamePupil(batchId, essay.essay_id);
  const field = useRef<HTMLInputElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const wasEditing = useRef(false);

  useEffect(() => {
    if (isEditing) field.current?.select();
    else if (wasEditing.current) opener.current?.focus();
    wasEditing.current = isEditing;
  }, [isEditing]);

  const open = () => {
    setName(essay.student_name ?? "");
    rename.reset();
    setEditing(true);
  };
  const save = (event: FormEvent) => {
    event.preventDefault();
    const next = name.trim() || null;
    if (next === essay.student_name) return setEditing(false);
    rename.mutate(next, {
      onSuccess: () => {
        setEditing(false);
        announce(intl.formatMessage({ id: "essay.pupil.saved" }));
      },
    });
  };

  return (
    <div className={classes.head}>
      <span className={classes.file}>
        <Icon name="file" size={16} />
        {essay.file_name ?? <FormattedMessage id="essay.noFile" />}
      </span>
      {isEditing ? (
        <form
          className={classes.form}
          onSubmit={save}
          onKeyDown={(event) => event.key === "Escape" && setEditing(false)}
        >
          <TextInput
            ref={field}
            size="sm"
            aria-label={intl.formatMessage({ id: "essay.pupil" })}
            value={name}
            maxLength={LONGEST_NAME}
            onChange={(event) => setName(event.currentTarget.value)}
            autoComplete="off"
          />
          <Button type="submit" size="sm" loading={rename.isPending}>
            <FormattedMessage id="essay.pupil.save" />
          </Button>
          <Button variant="default" size="sm" onClick={() => setEditing(false)}>
            <FormattedMessage id="essay.pupil.cancel" />
          </Button>
          {rename.error && <ProblemNotice error={rename.error} />}
        </form>
      ) : (
        <span className={classes.pupil}>
          <Icon name="user" size={16} />
          {essay.student_name ?? <FormattedMessage id="essay.pupil.none" />}
          <button type="button" ref={opener} className={classes.edit} onClick={open}>
            <Icon name="pencil" size={14} />
            <FormattedMessage id={essay.student_name ? "essay.pupil.change" : "essay.pupil.add"} />
          </button>
        </span>
      )}
      {batch && (
        <EssayLanguage
          batchId={batchId}
          essay={essay}
          course={batch.language}
          isRunning={batch.status === "processing"}
        />
      )}
    </div>
  );
}
