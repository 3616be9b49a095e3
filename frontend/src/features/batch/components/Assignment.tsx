import { FormattedMessage } from "react-intl";
import { Panel } from "@/components/Panel";
import type { BatchStatusBody } from "@/lib/api";
import { useBatchDetail } from "@/lib/batch-detail";
import folds from "./Timeline.module.css";
import { WriteAssignment } from "./WriteAssignment";
import classes from "./WriteAssignment.module.css";

/** What the pupils were asked to write, closed until somebody wants to read or mend it. */
export function Assignment({ batch }: { batch: BatchStatusBody }) {
  const detail = useBatchDetail(batch.batch_id);
  const text = detail.data?.essay_instructions;
  if (text === undefined) return null;
  return (
    <Panel>
      <details className={folds.fold}>
        <summary>
          <h2>
            <FormattedMessage id="batch.assignment" />
          </h2>
        </summary>
        <div className={classes.folded}>
          {batch.status === "processing" ? (
            <>
              <p className={classes.text}>
                {text || <FormattedMessage id="batch.assignment.none" />}
              </p>
              <p className={classes.note}>
                <FormattedMessage id="batch.assignment.running" />
              </p>
            </>
          ) : (
            <WriteAssignment key={text} batchId={batch.batch_id} text={text} />
          )}
        </div>
      </details>
    </Panel>
  );
}
