import { type FormEvent, useId, useRef, useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { announce } from "@/components/Announcer";
import type { EssayRow } from "@/lib/api";
import { useNameStudent } from "../api/name-student";
import classes from "./Pupil.module.css";
import { RowButton } from "./RowButton";

interface PupilProps {
  batchId: string;
  essay: EssayRow;
  /** The class's names, offered while writing. */
  names: string[];
}

/** Whose essay it is; the pencil changes it, an empty name lets the file's name decide again. */
export function Pupil({ batchId, essay, names }: PupilProps) {
  const intl = useIntl();
  const [isOpen, setOpen] = useState(false);
  const name = useNameStudent(batchId);
  const listId = useId();
  const holder = useRef<HTMLDivElement>(null);

  const close = () => {
    setOpen(false);
    // The pencil is drawn again; it gets the focus back once it is there.
    requestAnimationFrame(() => holder.current?.querySelector("button")?.focus());
  };
  const save = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const written = String(new FormData(event.currentTarget).get("pupil")).trim();
    name.mutate(
      { essayId: essay.essay_id, name: written || null },
      {
        onSuccess: () => {
          announce(intl.formatMessage({ id: "handIn.pupil.saved" }));
          close();
        },
      },
    );
  };

  if (isOpen) {
    return (
      <form className={classes.form} onSubmit={save}>
        <input
          name="pupil"
          className={classes.input}
          list={listId}
          defaultValue={essay.student_name ?? ""}
          maxLength={200}
          aria-label={intl.formatMessage({ id: "handIn.pupil" })}
          // biome-ignore lint/a11y/noAutofocus: it appears where the pencil was pressed
          autoFocus
          onKeyDown={(event) => event.key === "Escape" && close()}
        />
        <datalist id={listId}>
          {names.map((each) => (
            <option key={each} value={each} />
          ))}
        </datalist>
        <button type="submit" className={classes.save}>
          <FormattedMessage id="handIn.pupil.save" />
        </button>
      </form>
    );
  }
  return (
    <div className={classes.shown} ref={holder}>
      <span className={essay.student_name ? undefined : classes.nobody}>
        {essay.student_name ?? <FormattedMessage id="handIn.pupil.nobody" />}
      </span>
      <RowButton
        icon="pencil"
        label={intl.formatMessage({ id: "handIn.pupil.change" }, { essay: essay.file_name })}
        onClick={() => setOpen(true)}
      />
    </div>
  );
}
