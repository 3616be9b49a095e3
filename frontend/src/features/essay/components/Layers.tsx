import { FormattedMessage } from "react-intl";
import type { Kind, SpellingError, Version } from "../lib/spelling";
import text from "./EssayText.module.css";
import classes from "./Layers.module.css";

interface LayersProps {
  version: Version;
  onVersion: (version: Version) => void;
  isOn: boolean;
  onOn: (isOn: boolean) => void;
  kinds: readonly Kind[];
  hidden: ReadonlySet<Kind>;
  onKind: (kind: Kind) => void;
  errors: readonly SpellingError[];
}

const VERSIONS: readonly Version[] = ["original", "corrected"];

/** Which text, and what is marked in it; at the same time the key to the marks. */
export function Layers(props: LayersProps) {
  const { version, onVersion, isOn, onOn, kinds, hidden, onKind, errors } = props;
  return (
    <div className={classes.layers}>
      <fieldset className={classes.versions}>
        <legend className="visually-hidden">
          <FormattedMessage id="essay.version" />
        </legend>
        {VERSIONS.map((each) => (
          <label key={each}>
            <input
              type="radio"
              name="essay-version"
              className="visually-hidden"
              checked={version === each}
              onChange={() => onVersion(each)}
            />
            <FormattedMessage id={`essay.version.${each}`} />
          </label>
        ))}
      </fieldset>
      {errors.length > 0 && (
        <fieldset className={classes.kinds}>
          <legend className="visually-hidden">
            <FormattedMessage id="essay.layers" />
          </legend>
          <label>
            <input type="checkbox" checked={isOn} onChange={() => onOn(!isOn)} />
            <FormattedMessage id="essay.layers.spelling" />
          </label>
          {kinds.map((kind) => (
            <label key={kind} data-off={!isOn || undefined}>
              <input
                type="checkbox"
                disabled={!isOn}
                checked={!hidden.has(kind)}
                onChange={() => onKind(kind)}
              />
              <span className={text.text}>
                <mark data-kind={kind}>
                  <FormattedMessage id={`essay.kind.${kind}`} />
                </mark>
              </span>
              <span className={classes.count}>
                {errors.filter((error) => error.kind === kind).length}
              </span>
            </label>
          ))}
        </fieldset>
      )}
    </div>
  );
}
