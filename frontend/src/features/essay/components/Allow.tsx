import { Button } from "@mantine/core";
import { useEffect, useRef } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { announce } from "@/components/Announcer";
import { Icon } from "@/components/Icon";
import { ProblemNotice } from "@/components/ProblemNotice";
import { useAllowWord, useDisallowWord } from "../api/allowed-words";
import { asOneWord, type SpellingError } from "../lib/spelling";
import classes from "./Allow.module.css";

interface AllowProps {
  batchId: string;
  error: SpellingError;
  onAllowed: (error: SpellingError) => void;
}

/** Says of the word that is looked at that it is no error in this class. */
export function Allow({ batchId, error, onAllowed }: AllowProps) {
  const intl = useIntl();
  const allow = useAllowWord(batchId);
  const word = asOneWord(error.text);
  // By the time all is read anew, the error and with it this button may have gone; a callback of `mutate` would be lost.
  const press = () =>
    allow.mutateAsync(word).then(
      () => {
        announce(intl.formatMessage({ id: "essay.allow.done" }, { word }));
        onAllowed(error);
      },
      () => undefined, // it is shown below
    );
  return (
    <>
      <Button
        className={classes.button}
        variant="default"
        size="sm"
        loading={allow.isPending}
        onClick={press}
      >
        <FormattedMessage id="essay.allow" />
      </Button>
      {allow.error && <ProblemNotice error={allow.error} />}
    </>
  );
}

interface UndoProps {
  batchId: string;
  /** What has just been allowed. */
  error: SpellingError;
  onUndone: (error: SpellingError) => void;
}

/** The way back, where the button was that has gone with its error. */
export function UndoAllow({ batchId, error, onUndone }: UndoProps) {
  const intl = useIntl();
  const disallow = useDisallowWord(batchId);
  const button = useRef<HTMLButtonElement>(null);
  const word = asOneWord(error.text);
  useEffect(() => button.current?.focus(), []);
  const press = () =>
    disallow.mutateAsync(word).then(
      () => {
        announce(intl.formatMessage({ id: "essay.allow.undone" }, { word }));
        onUndone(error);
      },
      () => undefined, // it is shown below
    );
  return (
    <>
      <p className={classes.done}>
        <Icon name="check" size={16} />
        <span>
          <FormattedMessage id="essay.allow.done" values={{ word }} />
        </span>
      </p>
      <Button
        ref={button}
        className={classes.button}
        variant="default"
        size="sm"
        loading={disallow.isPending}
        onClick={press}
      >
        <FormattedMessage id="essay.allow.undo" />
      </Button>
      {disallow.error && <ProblemNotice error={disallow.error} />}
    </>
  );
}
