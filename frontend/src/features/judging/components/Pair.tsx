import { useEffect, useRef, useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { Segmented } from "@/components/Segmented";
import type { Comparison } from "@/lib/api";
import classes from "./Pair.module.css";

const SIDES = ["left", "right"] as const;
type Side = (typeof SIDES)[number];

/** The two texts beside each other, without names; on a phone one at a time. */
export function Pair({ pair }: { pair: Comparison }) {
  const intl = useIntl();
  const [side, setSide] = useState<Side>("left");

  return (
    <div className={classes.pair}>
      <div className={classes.tabs}>
        <Segmented
          legend={intl.formatMessage({ id: "judging.side" })}
          value={side}
          options={SIDES.map((value) => ({
            value,
            label: intl.formatMessage({ id: `judging.text.${value}` }),
          }))}
          onChange={setSide}
        />
      </div>
      <div className={classes.panes}>
        {SIDES.map((each) => (
          <Pane
            key={each}
            side={each}
            text={pair[each].text}
            lang={pair[each].language}
            isOn={side === each}
          />
        ))}
      </div>
    </div>
  );
}

interface PaneProps {
  side: Side;
  text: string;
  lang: string;
  isOn: boolean;
}

function Pane({ side, text, lang, isOn }: PaneProps) {
  const pane = useRef<HTMLElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another text is read from its beginning
  useEffect(() => {
    if (pane.current) pane.current.scrollTop = 0;
  }, [text]);

  return (
    <section
      ref={pane}
      className={classes.pane}
      data-on={isOn || undefined}
      data-pane
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be scrolled by keyboard too
      tabIndex={0}
      aria-labelledby={`judging-${side}`}
    >
      <h2 id={`judging-${side}`}>
        <FormattedMessage id={`judging.text.${side}`} />
      </h2>
      <div className={classes.text} lang={lang}>
        {text}
      </div>
    </section>
  );
}
