import { useEffect, useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { announce } from "@/components/Announcer";
import { Icon } from "@/components/Icon";
import classes from "./Copy.module.css";

/** Puts a word on the clipboard, and says so. */
export function Copy({ text }: { text: string }) {
  const intl = useIntl();
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [isCopied]);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
      announce(intl.formatMessage({ id: "essay.copied" }, { text }));
    } catch {
      // The browser may forbid it; the word stands there to be typed.
      announce(intl.formatMessage({ id: "essay.copy.failed" }));
    }
  };
  return (
    <button
      type="button"
      className={classes.copy}
      onClick={copy}
      aria-label={intl.formatMessage({ id: "essay.copy" }, { text })}
    >
      {isCopied ? (
        <>
          <Icon name="check" size={14} />
          <FormattedMessage id="essay.copy.done" />
        </>
      ) : (
        <FormattedMessage id="essay.copy.short" />
      )}
    </button>
  );
}
