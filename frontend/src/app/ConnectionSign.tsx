import { FormattedMessage } from "react-intl";
import { useConnectionState } from "@/lib/live";
import classes from "./ConnectionSign.module.css";

/** Whether what one sees is live. */
export function ConnectionSign() {
  const state = useConnectionState();
  return (
    <span className={classes.sign} data-state={state}>
      <span className={classes.dot} aria-hidden="true" />
      <span className={classes.word}>
        <FormattedMessage id={`connection.${state}`} />
      </span>
    </span>
  );
}
