import { useIntl } from "react-intl";
import { failureText, useWorkNames } from "@/components/work";
import type { Notification } from "@/lib/api";
import { describe } from "../lib/describe";

/** Says a notification in the teacher's language. */
export function useSentence(): (notification: Notification) => string {
  const intl = useIntl();
  const names = useWorkNames();
  return (notification) => {
    const { text, values, phase, pipeline, failureCode } = describe(notification);
    return intl.formatMessage(
      { id: `notifications.said.${text}` },
      {
        ...values,
        phase: phase === null ? "" : names.phase(phase),
        pipeline: pipeline === null ? "" : names.pipeline(pipeline),
        why: failureCode === null ? "" : failureText(intl, failureCode, null).why,
      },
    );
  };
}
