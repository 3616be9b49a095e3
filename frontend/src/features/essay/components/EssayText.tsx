// biome-ignore-all lint/a11y/useSemanticElements: a button element does not break across lines as a word in a text does
import { type KeyboardEvent, memo, useId } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import type { Paragraph } from "../lib/segments";
import type { SpellingError, Version } from "../lib/spelling";
import classes from "./EssayText.module.css";

interface EssayTextProps {
  text: string;
  paragraphs: readonly Paragraph[];
  errors: readonly SpellingError[];
  current: number | undefined;
  version: Version;
  onLook: (id: number) => void;
  /** To the explanation of the error that is looked at. */
  onEnter: () => void;
}

/**
 * The text in its paragraphs. Every error is a mark whose line tells its kind; Tab reaches one of them, the one looked
 * at or else the first, and J and K go on from there.
 */
export const EssayText = memo(function EssayText(props: EssayTextProps) {
  const { text, paragraphs, errors, current, version, onLook, onEnter } = props;
  const intl = useIntl();
  const prefix = useId();
  const byId = new Map(errors.map((error) => [error.id, error]));
  const reached = current ?? errors[0]?.id;
  const press = (event: KeyboardEvent, id: number) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    onLook(id);
    onEnter();
  };

  return (
    <div className={classes.text}>
      {paragraphs.map((paragraph) => (
        <p key={paragraph.start}>
          {paragraph.segments.map(({ start, end, ids, begins }) => {
            const words = text.slice(start, end);
            const id = ids.includes(current ?? -1) ? (current ?? -1) : ids.at(-1);
            const error = id === undefined ? undefined : byId.get(id);
            if (id === undefined || !error) return words;
            const begun = begins.at(-1);
            return (
              <mark
                key={start}
                data-kind={error.kind}
                data-current={id === current || undefined}
                data-corrected={(version === "corrected" && error.applied) || undefined}
              >
                {begun === undefined ? (
                  words
                ) : (
                  <span
                    role="button"
                    tabIndex={begins.includes(reached ?? -1) ? 0 : -1}
                    data-error={begun}
                    aria-pressed={begun === current}
                    aria-describedby={`${prefix}-${error.kind}`}
                    onFocus={() => begun !== current && onLook(begun)}
                    onClick={() => onLook(begun)}
                    onKeyDown={(event) => press(event, begun)}
                  >
                    {words}
                  </span>
                )}
              </mark>
            );
          })}
        </p>
      ))}
      <div hidden>
        {[...new Set(errors.map((error) => error.kind))].map((kind) => (
          <span key={kind} id={`${prefix}-${kind}`}>
            {intl.formatMessage({ id: `essay.kind.${kind}` })}
          </span>
        ))}
      </div>
      {paragraphs.length === 0 && (
        <p>
          <FormattedMessage id="essay.text.blank" />
        </p>
      )}
    </div>
  );
});
