import type { ReactNode } from "react";
import { Icon, type IconName } from "./Icon";
import classes from "./Notice.module.css";

export type Tone = "info" | "ok" | "warn" | "fail";

const ICONS: Record<Tone, IconName> = { info: "info", ok: "check", warn: "alert", fail: "alert" };

interface NoticeProps {
  tone: Tone;
  title: string;
  children?: ReactNode;
  /** Read out at once. */
  isAlert?: boolean;
}

/** Something to know, in a box; colour is never the only sign of how serious it is. */
export function Notice({ tone, title, children, isAlert }: NoticeProps) {
  return (
    <div className={classes.notice} data-tone={tone} role={isAlert ? "alert" : undefined}>
      <Icon name={ICONS[tone]} />
      <div className={classes.words}>
        <strong>{title}</strong>
        {children}
      </div>
    </div>
  );
}
