import { FormattedMessage, useIntl } from "react-intl";
import { Notice } from "@/components/Notice";
import { Panel } from "@/components/Panel";
import type { Assessment, RankedEssay } from "@/lib/api";
import { Anchors } from "./Anchors";
import { GradeList } from "./GradeList";
import classes from "./Grades.module.css";
import { ScaleForm } from "./ScaleForm";

const KNOWN_SCALES = ["swedish_a_f", "eng5_national", "custom"] as const;
const WHY_NOT = ["no_anchors", "one_grade", "too_few_at_an_end"] as const;

interface GradesProps {
  found: Assessment;
  /** Of the class. */
  name: string;
  /** As many as are shown. */
  essays: readonly RankedEssay[];
}

/** From a ranking to grades: the scale, the essays whose grade is known, and the teacher's word on the others. */
export function Grades({ found, name, essays }: GradesProps) {
  const intl = useIntl();
  const { scale, grades, why_not, without_anchors } = found.grading;
  const why = WHY_NOT.find((each) => each === why_not);
  const known = KNOWN_SCALES.find((each) => each === scale);
  const hasDecided = essays.some((essay) => essay.decided_grade);

  return (
    <Panel aria-labelledby="ranking-grades" className={classes.panel}>
      <h2 id="ranking-grades">
        <FormattedMessage id="ranking.grades" />
      </h2>
      {scale === null ? (
        <>
          <p className={classes.what}>
            <FormattedMessage id="ranking.grades.noScale" />
          </p>
          <ScaleForm batchId={found.batch_id} />
        </>
      ) : (
        <>
          <details className={classes.fold}>
            <summary>
              <FormattedMessage
                id="ranking.grades.scale"
                values={{
                  name: known ? intl.formatMessage({ id: `ranking.scale.${known}` }) : scale,
                  grades: grades.join(" – "),
                }}
              />
            </summary>
            <ScaleForm batchId={found.batch_id} present={found.grading} />
          </details>
          <Anchors found={found} />
          {why && (
            <Notice tone="info" title={intl.formatMessage({ id: `ranking.grades.whyNot.${why}` })}>
              <p>
                <FormattedMessage id="ranking.grades.whyNot.do" />
              </p>
            </Notice>
          )}
          {why_not === null && without_anchors.length > 0 && (
            <p className={classes.what}>
              <FormattedMessage
                id="ranking.grades.without"
                values={{ grades: intl.formatList(without_anchors), count: without_anchors.length }}
              />
            </p>
          )}
          {(why_not === null || hasDecided) && (
            <GradeList found={found} name={name} essays={essays} />
          )}
        </>
      )}
    </Panel>
  );
}
