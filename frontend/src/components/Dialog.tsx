import { type ReactNode, useEffect, useId, useRef } from "react";
import { useIntl } from "react-intl";
import classes from "./Dialog.module.css";
import { Icon } from "./Icon";

interface DialogProps {
  isOpen: boolean;
  onClose: () => void;
  title: string;
  children: ReactNode;
  /** Buttons at the bottom, the main one last. */
  footer?: ReactNode;
}

/** The browser's own modal dialog: it keeps the focus, closes on Escape and gives the focus back. */
export function Dialog({ isOpen, onClose, title, children, footer }: DialogProps) {
  const intl = useIntl();
  const ref = useRef<HTMLDialogElement>(null);
  const titleId = useId();

  useEffect(() => {
    const dialog = ref.current;
    if (isOpen && dialog && !dialog.open) dialog.showModal();
    return () => dialog?.close();
  }, [isOpen]);

  if (!isOpen) return null;
  return (
    <dialog
      ref={ref}
      className={classes.dialog}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <div className={classes.top}>
        <h2 id={titleId}>{title}</h2>
        <button
          type="button"
          className={classes.close}
          onClick={onClose}
          aria-label={intl.formatMessage({ id: "dialog.close" })}
        >
          <Icon name="cross" />
        </button>
      </div>
      <div className={classes.body}>{children}</div>
      {footer && <div className={classes.footer}>{footer}</div>}
    </dialog>
  );
}
