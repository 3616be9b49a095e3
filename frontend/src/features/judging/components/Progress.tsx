import { FormattedMessage, useIntl } from "react-intl";
import { ProgressBar } from "@/components/ProgressBar";
import { minutesLeft, type Sitting } from "../lib/sitting";
import classes from "./Progress.module.css";

/** How many pairs one has decided, how many the round has left, and how long that takes. */
export function Progress({ sitting }: { sitting: Sitting }) {
  const intl = useIntl();
  const { decided, left, outOf } = sitting;
  const minutes = minutesLeft(sitting);
  return (
    <div className={classes.progress}>
      <ProgressBar
        value={outOf === 0 ? null : (outOf - left) / outOf}
        label={intl.formatMessage({ id: "judging.progress" })}
      />
      <p className={classes.words}>
        <span>
          <FormattedMessage id="judging.decided" values={{ count: decided ?? 0 }} />
        </span>
        {left > 0 && (
          <span>
            <FormattedMessage id="judging.left" values={{ count: left }} />
          </span>
        )}
        {minutes !== null && left > 0 && (
          <span>
            <FormattedMessage id="judging.minutes" values={{ count: minutes }} />
          </span>
        )}
      </p>
    </div>
  );
}
