import { Button } from "@mantine/core";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { Dialog } from "@/components/Dialog";
import { AGAINST, type Reason } from "../lib/words";
import classes from "./CannotJudge.module.css";
import { Reasons } from "./Reasons";

interface CannotJudgeProps {
  isOpen: boolean;
  onClose: () => void;
  onDecide: (reasons: readonly Reason[]) => void;
}

/** Asks why a pair cannot be judged, which one may leave open. */
export function CannotJudge({ isOpen, onClose, onDecide }: CannotJudgeProps) {
  const intl = useIntl();
  const [chosen, setChosen] = useState<(typeof AGAINST)[number][]>([]);
  const leave = (then: () => void) => () => {
    setChosen([]);
    then();
  };
  return (
    <Dialog
      isOpen={isOpen}
      onClose={leave(onClose)}
      title={intl.formatMessage({ id: "judging.cannot.title" })}
      footer={
        <>
          <Button variant="default" onClick={leave(onClose)}>
            <FormattedMessage id="judging.cannot.back" />
          </Button>
          <Button onClick={leave(() => onDecide(chosen))}>
            <FormattedMessage id="judging.cannot" />
          </Button>
        </>
      }
    >
      <p className={classes.what}>
        <FormattedMessage id="judging.cannot.what" />
      </p>
      <Reasons legend="judging.cannot.why" reasons={AGAINST} chosen={chosen} onChange={setChosen} />
      {chosen.includes("worrying") && (
        <p className={classes.worrying} role="status">
          <FormattedMessage id="judging.cannot.worrying" />
        </p>
      )}
    </Dialog>
  );
}
