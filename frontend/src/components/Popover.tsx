import { type ReactNode, useEffect, useId, useRef, useState } from "react";
import classes from "./Popover.module.css";

interface PopoverProps {
  /** What the button shows; `label` is its accessible name. */
  button: ReactNode;
  label: string;
  title?: string;
  children: (close: () => void) => ReactNode;
  onOpen?: () => void;
}

/** A button in the header and the panel below it. Escape, a click elsewhere and leaving by Tab close it. */
export function Popover({ button, label, title, children, onOpen }: PopoverProps) {
  const [isOpen, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const trigger = useRef<HTMLButtonElement>(null);
  const panelId = useId();

  const close = () => {
    setOpen(false);
    trigger.current?.focus();
  };

  useEffect(() => {
    if (!isOpen) return;
    const outside = (event: Event) => {
      if (!root.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener("pointerdown", outside);
    document.addEventListener("focusin", outside);
    return () => {
      document.removeEventListener("pointerdown", outside);
      document.removeEventListener("focusin", outside);
    };
  }, [isOpen]);

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape is meant for whatever inside has the focus
    <div
      ref={root}
      className={classes.root}
      onKeyDown={(event) => {
        if (event.key === "Escape" && isOpen) {
          event.stopPropagation();
          close();
        }
      }}
    >
      <button
        ref={trigger}
        type="button"
        className={classes.trigger}
        aria-label={label}
        title={title}
        aria-expanded={isOpen}
        aria-controls={isOpen ? panelId : undefined}
        onClick={() => {
          if (!isOpen) onOpen?.();
          setOpen(!isOpen);
        }}
      >
        {button}
      </button>
      {isOpen && (
        <div id={panelId} className={classes.panel}>
          {children(close)}
        </div>
      )}
    </div>
  );
}
