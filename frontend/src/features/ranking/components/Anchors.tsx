import { Button, NativeSelect } from "@mantine/core";
import { type FormEvent, useRef, useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { announce } from "@/components/Announcer";
import { Icon } from "@/components/Icon";
import { ProblemNotice } from "@/components/ProblemNotice";
import type { Assessment } from "@/lib/api";
import { essayName } from "@/lib/essays";
import { useMarkAnchor } from "../api/grading";
import classes from "./Grades.module.css";

/** The essays whose grade the teacher knows, by which the others are graded. */
export function Anchors({ found }: { found: Assessment }) {
  const intl = useIntl();
  const mark = useMarkAnchor(found.batch_id);
  const [essayId, setEssayId] = useState("");
  const [grade, setGrade] = useState("");
  const select = useRef<HTMLSelectElement>(null);
  const anchors = found.essays.filter((essay) => essay.anchor);
  const others = found.essays.filter((essay) => !essay.anchor);
  const best = [...found.grading.grades].reverse();

  const add = (event: FormEvent) => {
    event.preventDefault();
    if (!essayId || !grade) return;
    mark.mutate(
      { essayId, grade },
      {
        onSuccess: () => {
          setEssayId("");
          select.current?.focus();
          announce(intl.formatMessage({ id: "ranking.anchors.added" }));
        },
      },
    );
  };
  const remove = (id: string) =>
    mark.mutate(
      { essayId: id, grade: null },
      {
        onSuccess: () => {
          select.current?.focus();
          announce(intl.formatMessage({ id: "ranking.anchors.removed" }));
        },
      },
    );

  return (
    <section className={classes.anchors} aria-labelledby="ranking-anchors">
      <h3 id="ranking-anchors">
        <FormattedMessage id="ranking.anchors" />
      </h3>
      <p className={classes.what}>
        <FormattedMessage id="ranking.anchors.what" />
      </p>
      {anchors.length > 0 && (
        <ul className={classes.known}>
          {anchors.map((essay) => (
            <li key={essay.essay_id}>
              <strong>{essay.anchor?.grade}</strong>
              <span className={classes.who}>
                {essayName(essay)}
                {essay.anchor?.has_other_text && (
                  <span className={classes.warn}>
                    <Icon name="alert" size={14} />
                    <FormattedMessage id="ranking.anchors.otherText" />
                  </span>
                )}
                {essay.is_drifting && (
                  <span className={classes.warn}>
                    <Icon name="alert" size={14} />
                    <FormattedMessage id="ranking.remark.drifting" />
                  </span>
                )}
              </span>
              <button
                type="button"
                className={classes.remove}
                disabled={mark.isPending}
                aria-label={intl.formatMessage(
                  { id: "ranking.anchors.remove" },
                  { name: essayName(essay) },
                )}
                onClick={() => remove(essay.essay_id)}
              >
                <Icon name="cross" size={16} />
              </button>
            </li>
          ))}
        </ul>
      )}
      <form className={classes.add} onSubmit={add}>
        <NativeSelect
          ref={select}
          className={classes.essay}
          label={intl.formatMessage({ id: "ranking.anchors.essay" })}
          value={essayId}
          onChange={(event) => setEssayId(event.currentTarget.value)}
          data={[
            { value: "", label: intl.formatMessage({ id: "ranking.anchors.choose" }) },
            ...others.map((essay) => ({
              value: essay.essay_id,
              label: `${essay.rank}. ${essayName(essay)}`,
            })),
          ]}
        />
        <NativeSelect
          label={intl.formatMessage({ id: "ranking.anchors.grade" })}
          value={grade}
          onChange={(event) => setGrade(event.currentTarget.value)}
          data={["", ...best]}
        />
        <Button
          type="submit"
          variant="default"
          loading={mark.isPending}
          disabled={!essayId || !grade}
        >
          <FormattedMessage id="ranking.anchors.add" />
        </Button>
      </form>
      {mark.error && <ProblemNotice error={mark.error} />}
    </section>
  );
}
