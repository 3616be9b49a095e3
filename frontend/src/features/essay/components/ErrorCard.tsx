import { ActionIcon } from "@mantine/core";
import { type ReactNode, useEffect } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { announce } from "@/components/Announcer";
import { Icon } from "@/components/Icon";
import { Panel } from "@/components/Panel";
import { occurrences, type SpellingError, sureness } from "../lib/spelling";
import { Allow, UndoAllow } from "./Allow";
import { Copy } from "./Copy";
import classes from "./ErrorCard.module.css";

interface ErrorCardProps {
  batchId: string;
  errors: readonly SpellingError[];
  error: SpellingError | undefined;
  /** The number of the error among those that are shown, from 1. */
  place: number;
  count: number;
  total: number;
  /** What has just been allowed in this class, until another error is looked at. */
  allowed: SpellingError | undefined;
  onAllowed: (error: SpellingError) => void;
  onUndone: (error: SpellingError) => void;
  onStep: (by: 1 | -1) => void;
  /** Back to the word in the text. */
  onLeave: () => void;
}

/** The error that is looked at: what it is, what was meant, and how sure that is. */
export function ErrorCard(props: ErrorCardProps) {
  const { batchId, errors, error, place, count, total, onStep, onLeave } = props;
  const { allowed, onAllowed, onUndone } = props;
  const intl = useIntl();
  const best = error?.suggestions[0]?.text;

  // The word itself is read out with the focus.
  useEffect(() => {
    if (error)
      announce(
        intl.formatMessage(
          { id: "essay.error.said" },
          { place, count, suggestion: best ?? "", has: best ? "yes" : "no" },
        ),
      );
  }, [error, place, count, best, intl]);

  return (
    <Panel
      className={classes.card}
      aria-label={intl.formatMessage({ id: "essay.error" })}
      tabIndex={-1}
      data-error-card
      onKeyDown={(event) => event.key === "Escape" && onLeave()}
    >
      <div className={classes.top}>
        <h2 className={classes.counter}>
          {total === 0 ? (
            <FormattedMessage id="essay.errors.clean" />
          ) : place > 0 ? (
            <FormattedMessage id="essay.errors.place" values={{ place, count }} />
          ) : (
            <FormattedMessage id="essay.errors.count" values={{ count }} />
          )}
        </h2>
        {count > 0 && (
          <span className={classes.steps}>
            <ActionIcon
              variant="default"
              size="lg"
              onClick={() => onStep(-1)}
              aria-label={intl.formatMessage({ id: "essay.key.previousError" })}
            >
              <Icon name="chevronLeft" />
            </ActionIcon>
            <ActionIcon
              variant="default"
              size="lg"
              onClick={() => onStep(1)}
              aria-label={intl.formatMessage({ id: "essay.key.nextError" })}
            >
              <Icon name="chevronRight" />
            </ActionIcon>
          </span>
        )}
      </div>
      {error ? (
        <Details errors={errors} error={error}>
          <Allow key={error.id} batchId={batchId} error={error} onAllowed={onAllowed} />
        </Details>
      ) : allowed ? (
        <UndoAllow batchId={batchId} error={allowed} onUndone={onUndone} />
      ) : (
        <p className={classes.hint}>
          {total === 0 ? (
            <FormattedMessage id="essay.errors.clean.what" />
          ) : (
            <FormattedMessage
              id="essay.errors.hint"
              values={{ next: <kbd>J</kbd>, previous: <kbd>K</kbd> }}
            />
          )}
        </p>
      )}
    </Panel>
  );
}

interface DetailsProps {
  errors: readonly SpellingError[];
  error: SpellingError;
  /** What can be done about it; above the suggestions, where it never has to be scrolled to. */
  children: ReactNode;
}

function Details({ errors, error, children }: DetailsProps) {
  const intl = useIntl();
  const times = occurrences(errors, error);
  return (
    <>
      <p className={classes.word}>
        <span>{error.text}</span>
        <span className={classes.kind}>
          <FormattedMessage id={`essay.kind.${error.kind}`} />
        </span>
      </p>
      <p className={classes.why}>
        <FormattedMessage id={`essay.kind.${error.kind}.why`} />{" "}
        {times > 1 && <FormattedMessage id="essay.error.times" values={{ times }} />}
      </p>
      <p className={classes.sure} data-applied={error.applied || undefined}>
        <Icon name={error.applied ? "check" : "info"} size={16} />
        <span>
          <FormattedMessage
            id={`essay.error.${error.applied ? "applied" : error.kind === "foreign" ? "foreign" : "flagged"}`}
            values={{
              how: intl.formatMessage({ id: `essay.sure.${sureness(error)}` }),
              confidence: intl.formatNumber(error.confidence, { style: "percent" }),
            }}
          />
        </span>
      </p>
      {children}
      {error.suggestions.length > 0 ? (
        <>
          <h3 className={classes.label}>
            <FormattedMessage id="essay.suggestions" />
          </h3>
          <ul className={classes.suggestions}>
            {error.suggestions.map((suggestion) => (
              <li key={suggestion.text}>
                <span>{suggestion.text}</span>
                <Copy text={suggestion.text} />
              </li>
            ))}
          </ul>
        </>
      ) : (
        <p className={classes.why}>
          <FormattedMessage id="essay.suggestions.none" />
        </p>
      )}
    </>
  );
}
