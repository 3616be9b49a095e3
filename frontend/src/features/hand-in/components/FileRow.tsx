import type { ReactNode } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { Icon, type IconName } from "@/components/Icon";
import { ProgressBar } from "@/components/ProgressBar";
import type { FailureText } from "@/components/work";
import classes from "./FileRow.module.css";

export type FileState =
  | "chosen"
  | "waiting"
  | "sending"
  | "received"
  | "reading"
  | "read"
  | "failed"
  | "refused";

const ICONS: Record<FileState, IconName> = {
  chosen: "file",
  waiting: "clock",
  sending: "upload",
  received: "clock",
  reading: "clock",
  read: "check",
  failed: "alert",
  refused: "alert",
};

interface FileRowProps {
  name: string;
  state: FileState;
  sizeBytes?: number;
  /** The .zip it came in. */
  archiveName?: string | null;
  /** 0 to 1 while it is being sent. */
  progress?: number;
  failure?: FailureText | null;
  /** Whose it is, and a way to change that. */
  pupil?: ReactNode;
  actions?: ReactNode;
}

/** One file: what it is, how far it has come, what is wrong with it and what to do about that. */
export function FileRow({
  name,
  state,
  sizeBytes,
  archiveName,
  progress,
  failure,
  pupil,
  actions,
}: FileRowProps) {
  const intl = useIntl();
  return (
    <li className={classes.row} data-state={state}>
      <span className={classes.icon}>
        <Icon name={ICONS[state]} size={20} />
      </span>
      <div className={classes.what}>
        <span className={classes.name}>{name}</span>
        <span className={classes.facts}>
          <span className={classes.state}>
            <FormattedMessage id={`handIn.state.${state}`} />
          </span>
          {sizeBytes !== undefined && <span>{fileSize(intl.locale, sizeBytes)}</span>}
          {archiveName && (
            <span>
              <FormattedMessage id="handIn.fromArchive" values={{ archive: archiveName }} />
            </span>
          )}
        </span>
        {state === "sending" && progress !== undefined && (
          <ProgressBar
            value={progress}
            label={intl.formatMessage({ id: "handIn.sendingOf" }, { name })}
          />
        )}
        {failure && (
          <p className={classes.failure}>
            <strong>{failure.why}</strong> {failure.todo}
          </p>
        )}
      </div>
      {pupil && <div className={classes.pupil}>{pupil}</div>}
      {actions && <div className={classes.actions}>{actions}</div>}
    </li>
  );
}

/** In the unit that gives one to three digits. */
export function fileSize(locale: string, bytes: number): string {
  const [value, unit] =
    bytes < 1000
      ? [bytes, "byte"]
      : bytes < 1_000_000
        ? [bytes / 1000, "kilobyte"]
        : [bytes / 1_000_000, "megabyte"];
  return new Intl.NumberFormat(locale, {
    style: "unit",
    unit,
    unitDisplay: unit === "byte" ? "long" : "short",
    maximumFractionDigits: value < 10 && unit !== "byte" ? 1 : 0,
  }).format(value);
}
