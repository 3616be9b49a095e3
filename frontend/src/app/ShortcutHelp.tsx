import { useEffect, useRef, useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { Dialog } from "@/components/Dialog";
import { Kbd } from "@/components/Kbd";
import { useActiveShortcuts, useShortcut } from "@/hooks/use-shortcut";
import classes from "./ShortcutHelp.module.css";

const OPEN = "huleedu:shortcuts";

/** Opens the list of shortcuts from a menu. */
export function openShortcutHelp(): void {
  document.dispatchEvent(new Event(OPEN));
}

/** The shortcuts of the page that is open, on `?`. */
export function ShortcutHelp() {
  const intl = useIntl();
  const [isOpen, setOpen] = useState(false);
  const shortcuts = useActiveShortcuts();
  useShortcut("?", "shortcut.help", () => setOpen(true));
  useDocumentEvent(OPEN, () => setOpen(true));

  return (
    <Dialog
      isOpen={isOpen}
      onClose={() => setOpen(false)}
      title={intl.formatMessage({ id: "shortcut.title" })}
    >
      <dl className={classes.list}>
        {shortcuts.map((shortcut) => (
          <div key={shortcut.keys}>
            <dt>
              <FormattedMessage id={shortcut.label} />
            </dt>
            <dd>
              <Kbd keys={shortcut.keys} />
            </dd>
          </div>
        ))}
      </dl>
      <p className={classes.hint}>
        <FormattedMessage id="shortcut.off" />
      </p>
    </Dialog>
  );
}

function useDocumentEvent(name: string, run: () => void): void {
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  });
  useEffect(() => {
    const listener = () => latest.current();
    document.addEventListener(name, listener);
    return () => document.removeEventListener(name, listener);
  }, [name]);
}
