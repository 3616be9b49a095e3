import { FormattedMessage } from "react-intl";
import type { Reason } from "../lib/words";
import classes from "./Reasons.module.css";

interface ReasonsProps<T extends Reason> {
  legend: "judging.reasons" | "judging.cannot.why";
  reasons: readonly T[];
  chosen: readonly T[];
  onChange: (chosen: T[]) => void;
  /** Whether number keys choose, which is shown on the chips. */
  isNumbered?: boolean;
}

/** Reasons to tick, as many as there are. */
export function Reasons<T extends Reason>({
  legend,
  reasons,
  chosen,
  onChange,
  isNumbered,
}: ReasonsProps<T>) {
  return (
    <fieldset className={classes.reasons}>
      <legend>
        <FormattedMessage id={legend} />
      </legend>
      {reasons.map((reason, index) => (
        <label key={reason} className={classes.reason}>
          <input
            type="checkbox"
            className="visually-hidden"
            checked={chosen.includes(reason)}
            onChange={() => onChange(toggled(reasons, chosen, reason))}
          />
          {isNumbered && (
            <span className={classes.number} aria-hidden="true">
              {index + 1}
            </span>
          )}
          <FormattedMessage id={`judging.reason.${reason}`} />
        </label>
      ))}
    </fieldset>
  );
}

/** With a reason more or less, in the order in which they are shown. */
export function toggled<T extends Reason>(all: readonly T[], chosen: readonly T[], reason: T): T[] {
  return all.filter((each) => chosen.includes(each) !== (each === reason));
}
