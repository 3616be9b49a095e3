import { FormattedMessage } from "react-intl";
import type { BatchState } from "@/lib/api";
import { Icon, type IconName } from "./Icon";
import classes from "./StatusBadge.module.css";

type Look = { icon: IconName; tone: "calm" | "info" | "ok" | "warn" | "fail" };

const LOOKS: Record<BatchState, Look> = {
  registered: { icon: "upload", tone: "calm" },
  ready: { icon: "circle", tone: "info" },
  processing: { icon: "clock", tone: "info" },
  completed_successfully: { icon: "check", tone: "ok" },
  completed_with_failures: { icon: "alert", tone: "warn" },
  failed: { icon: "cross", tone: "fail" },
  cancelled: { icon: "stop", tone: "calm" },
};

/** A batch's state in a word, with a sign and a colour. */
export function StatusBadge({ status }: { status: BatchState }) {
  const { icon, tone } = LOOKS[status];
  return (
    <span className={classes.badge} data-tone={tone}>
      <Icon name={icon} size={14} />
      <FormattedMessage id={`status.${status}`} />
    </span>
  );
}
