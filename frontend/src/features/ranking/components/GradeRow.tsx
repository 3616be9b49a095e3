import { Button, NativeSelect } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { Icon } from "@/components/Icon";
import type { RankedEssay } from "@/lib/api";
import { essayName } from "@/lib/essays";
import { useFigures } from "../lib/figures";
import { chancesOf, likeliest, wayOf } from "../lib/grades";
import classes from "./Grades.module.css";

interface GradeRowProps {
  batchId: string;
  essay: RankedEssay;
  /** The lowest first. */
  grades: readonly string[];
  isBusy: boolean;
  /** Tells when it has been done. */
  onGive: (grade: string, done: () => void) => void;
  onTakeBack: (done: () => void) => void;
}

/** One essay: what is suggested, how likely that is, and what the teacher says. */
export function GradeRow({ batchId, essay, grades, isBusy, onGive, onTakeBack }: GradeRowProps) {
  const intl = useIntl();
  const figures = useFigures();
  const { anchor, grade, decided_grade: decided } = essay;
  const name = essayName(essay);
  const select = useRef<HTMLSelectElement>(null);
  // What was chosen and not yet given: arrow keys pass by grades that nobody means.
  const [draft, setDraft] = useState<string | null>(null);
  const base = decided?.grade ?? grade?.grade ?? "";
  const value = draft ?? base;
  const isSuggested = !decided && value === grade?.grade;
  // What was pressed has gone.
  const settle = () => {
    setDraft(null);
    select.current?.focus();
  };

  return (
    <li className={classes.row}>
      <span className={classes.rank}>{figures.count(essay.rank)}</span>
      <Link
        to="/batches/$batchId/essays/$essayId"
        params={{ batchId, essayId: essay.essay_id }}
        preload={false}
        className={classes.name}
      >
        {name}
      </Link>
      <span className={classes.suggested}>
        {anchor ? (
          <FormattedMessage id="ranking.grades.known" values={{ grade: anchor.grade }} />
        ) : grade ? (
          <Suggestion essay={essay} grades={grades} />
        ) : (
          <FormattedMessage id="ranking.grades.nothing" />
        )}
      </span>
      <span className={classes.decision}>
        {(!anchor || decided) && (
          <NativeSelect
            ref={select}
            size="xs"
            aria-label={intl.formatMessage({ id: "ranking.grades.of" }, { name })}
            value={value}
            onChange={(event) => setDraft(event.currentTarget.value)}
            data={[
              ...(base
                ? []
                : [{ value: "", label: intl.formatMessage({ id: "ranking.grades.open" }) }]),
              ...[...grades].reverse().map((each) => ({ value: each, label: each })),
            ]}
          />
        )}
        {decided && value === decided.grade ? (
          <>
            <span className={classes.way} data-way={wayOf(decided)}>
              <Icon name={wayOf(decided) === "approved" ? "check" : "pencil"} size={14} />
              <FormattedMessage
                id={`ranking.grades.way.${wayOf(decided)}`}
                values={{ suggested: decided.suggested }}
              />
            </span>
            <button
              type="button"
              className={classes.remove}
              disabled={isBusy}
              aria-label={intl.formatMessage({ id: "ranking.grades.takeBack" }, { name })}
              onClick={() => onTakeBack(settle)}
            >
              <Icon name="cross" size={16} />
            </button>
          </>
        ) : (
          value &&
          (!anchor || decided) && (
            <Button
              size="xs"
              variant="default"
              disabled={isBusy}
              aria-label={intl.formatMessage(
                { id: `ranking.grades.${isSuggested ? "approve" : "give"}.for` },
                { grade: value, name },
              )}
              onClick={() => onGive(value, settle)}
            >
              <FormattedMessage
                id={`ranking.grades.${isSuggested ? "approve" : "give"}`}
                values={{ grade: value }}
              />
            </Button>
          )
        )}
        {decided?.has_other_text && (
          <span className={classes.warn}>
            <Icon name="alert" size={14} />
            <FormattedMessage id="ranking.grades.otherText" />
          </span>
        )}
      </span>
    </li>
  );
}

function Suggestion({ essay, grades }: { essay: RankedEssay; grades: readonly string[] }) {
  const figures = useFigures();
  const intl = useIntl();
  const { grade } = essay;
  if (!grade) return null;
  const chances = chancesOf(essay, grades);
  const said = likeliest(chances);
  return (
    <>
      <strong>
        {grade.between ? (
          <FormattedMessage
            id="ranking.grades.between"
            values={{ one: grade.between[0], other: grade.between[1] }}
          />
        ) : (
          grade.grade
        )}
      </strong>
      <span className={classes.bar} aria-hidden="true">
        {chances.map(({ grade: each, chance }) => (
          <span
            key={each}
            data-likeliest={each === grade.grade || undefined}
            style={{ flexGrow: chance }}
          />
        ))}
      </span>
      <span className={classes.chances}>
        {intl.formatList(
          said.map(({ grade: each, chance }) => `${each} ${figures.share(chance)}`),
          { type: "unit", style: "short" },
        )}
        {grade.is_beyond && (
          <>
            {" · "}
            <FormattedMessage id="ranking.grades.beyond" />
          </>
        )}
      </span>
    </>
  );
}
