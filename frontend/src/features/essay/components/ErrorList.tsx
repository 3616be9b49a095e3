import { FormattedMessage } from "react-intl";
import { Icon } from "@/components/Icon";
import { Panel } from "@/components/Panel";
import type { SpellingError } from "../lib/spelling";
import classes from "./ErrorList.module.css";

interface ErrorListProps {
  errors: readonly SpellingError[];
  current: number | undefined;
  onChoose: (id: number) => void;
}

/** The same errors as in the text, as a list. */
export function ErrorList({ errors, current, onChoose }: ErrorListProps) {
  if (errors.length === 0) return null;
  return (
    <Panel className={classes.panel} aria-labelledby="essay-errors">
      <h2 id="essay-errors">
        <FormattedMessage id="essay.errors" />
      </h2>
      <ol className={classes.errors}>
        {errors.map((error) => (
          <li key={error.id}>
            <button
              type="button"
              aria-current={error.id === current || undefined}
              onClick={() => onChoose(error.id)}
            >
              <span className={classes.words}>
                <span className={classes.wrong}>{error.text}</span>
                {error.suggestions[0] && error.kind !== "foreign" && (
                  <>
                    <Icon name="arrowRight" size={14} />
                    <span className="visually-hidden">
                      <FormattedMessage id="essay.errors.meant" />
                    </span>
                    <strong>{error.suggestions[0].text}</strong>
                  </>
                )}
              </span>
              <span className={classes.kind}>
                <FormattedMessage id={`essay.kind.${error.kind}`} />
                {error.applied && (
                  <>
                    {" · "}
                    <FormattedMessage id="essay.errors.applied" />
                  </>
                )}
              </span>
            </button>
          </li>
        ))}
      </ol>
    </Panel>
  );
}
