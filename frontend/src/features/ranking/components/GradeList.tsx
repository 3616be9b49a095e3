import { Button } from "@mantine/core";
import { useRef, useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { announce } from "@/components/Announcer";
import { Icon } from "@/components/Icon";
import { ProblemNotice } from "@/components/ProblemNotice";
import type { Assessment, RankedEssay } from "@/lib/api";
import { useDecideGrades, useDownloadGrades, useTakeBackGrade } from "../api/grading";
import { toApprove } from "../lib/grades";
import { GradeRow } from "./GradeRow";
import classes from "./Grades.module.css";

interface GradeListProps {
  found: Assessment;
  /** Of the class, for the file's name. */
  name: string;
  essays: readonly RankedEssay[];
}

/** What grade each essay may have, and the teacher's word on it. */
export function GradeList({ found, name, essays }: GradeListProps) {
  const intl = useIntl();
  const decide = useDecideGrades(found.batch_id);
  const takeBack = useTakeBackGrade(found.batch_id);
  const download = useDownloadGrades(found.batch_id);
  const heading = useRef<HTMLHeadingElement>(null);
  const [isAsking, setAsking] = useState(false);
  const open = toApprove(found);
  const unsure = open.filter(
    ({ essay_id }) =>
      found.essays.find((essay) => essay.essay_id === essay_id)?.grade?.between != null,
  ).length;
  const graded = found.essays.filter((essay) => essay.anchor || essay.decided_grade).length;
  const isBusy = decide.isPending || takeBack.isPending;

  const approveAll = () =>
    decide.mutate(open, {
      onSuccess: () => {
        announce(intl.formatMessage({ id: "ranking.grades.approved.all" }, { count: open.length }));
        heading.current?.focus();
      },
      onSettled: () => setAsking(false),
    });
  const said = () => announce(intl.formatMessage({ id: "ranking.grades.saved" }));

  return (
    <section className={classes.graded} aria-labelledby="ranking-grade-list">
      <div className={classes.head}>
        <h3 id="ranking-grade-list" ref={heading} tabIndex={-1}>
          <FormattedMessage id="ranking.grades.list" />
        </h3>
        <span className={classes.what}>
          <FormattedMessage
            id="ranking.grades.count"
            values={{ graded, total: found.essays.length }}
          />
        </span>
      </div>
      {open.length > 0 && (
        <div className={classes.all}>
          <Button
            onClick={unsure > 0 && !isAsking ? () => setAsking(true) : approveAll}
            loading={isBusy}
            leftSection={<Icon name="check" size={16} />}
          >
            <FormattedMessage
              id={isAsking ? "ranking.grades.approve.sure" : "ranking.grades.approve.all"}
              values={{ count: open.length }}
            />
          </Button>
          <span role="status" className={isAsking ? classes.warn : classes.what}>
            {unsure > 0 && (
              <FormattedMessage
                id={isAsking ? "ranking.grades.unsure.ask" : "ranking.grades.unsure"}
                values={{ count: unsure }}
              />
            )}
          </span>
        </div>
      )}
      {decide.error && <ProblemNotice error={decide.error} />}
      {takeBack.error && <ProblemNotice error={takeBack.error} />}
      <ol className={classes.rows}>
        {essays.map((essay) => (
          <GradeRow
            key={essay.essay_id}
            batchId={found.batch_id}
            essay={essay}
            grades={found.grading.grades}
            isBusy={isBusy}
            onGive={(grade, done) =>
              decide.mutate([{ essay_id: essay.essay_id, grade }], {
                onSuccess: () => {
                  said();
                  done();
                },
              })
            }
            onTakeBack={(done) =>
              takeBack.mutate(essay.essay_id, {
                onSuccess: () => {
                  said();
                  done();
                },
              })
            }
          />
        ))}
      </ol>
      <p className={classes.what}>
        <FormattedMessage id="ranking.grades.kept" />
      </p>
      <div>
        <Button
          variant="default"
          loading={download.isPending}
          leftSection={<Icon name="download" size={16} />}
          onClick={() =>
            download.mutate(intl.formatMessage({ id: "ranking.grades.file" }, { name }))
          }
        >
          <FormattedMessage id="ranking.grades.out" />
        </Button>
      </div>
      {download.error && <ProblemNotice error={download.error} />}
    </section>
  );
}
