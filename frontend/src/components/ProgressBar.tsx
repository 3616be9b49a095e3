import classes from "./ProgressBar.module.css";

interface ProgressBarProps {
  /** 0 to 1; null while nobody knows. */
  value: number | null;
  label: string;
}

export function ProgressBar({ value, label }: ProgressBarProps) {
  const percent = value === null ? undefined : Math.round(value * 100);
  return (
    <div
      className={classes.track}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      data-unknown={value === null || undefined}
    >
      <div className={classes.bar} style={{ width: `${percent ?? 30}%` }} />
    </div>
  );
}
