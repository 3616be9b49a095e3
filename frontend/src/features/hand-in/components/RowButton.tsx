import { Icon, type IconName } from "@/components/Icon";
import classes from "./RowButton.module.css";

interface RowButtonProps {
  icon: IconName;
  /** What it does and to which file; shown as a hint. */
  label: string;
  /** Words beside the sign, where it is what one should do. */
  words?: string;
  onClick: () => void;
  isDisabled?: boolean;
}

/** A button at the end of a row. */
export function RowButton({ icon, label, words, onClick, isDisabled }: RowButtonProps) {
  return (
    <button
      type="button"
      className={classes.button}
      aria-label={label}
      title={label}
      disabled={isDisabled}
      onClick={onClick}
    >
      <Icon name={icon} size={18} />
      {words && <span>{words}</span>}
    </button>
  );
}
