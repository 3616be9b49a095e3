import { FormattedMessage, useIntl } from "react-intl";
import { EmptyState } from "@/components/EmptyState";
import { ButtonLink } from "@/components/Links";
import { Notice } from "@/components/Notice";
import { failureText } from "@/components/work";
import type { EssayRow } from "@/lib/api";

/** An essay without a text: not handed in yet, or not readable; and what to do about it. */
export function NoText({ batchId, essay }: { batchId: string; essay: EssayRow }) {
  const intl = useIntl();
  const toFiles = (
    <ButtonLink to="/batches/$batchId/files" params={{ batchId }}>
      <FormattedMessage id="essay.toFiles" />
    </ButtonLink>
  );
  if (essay.status !== "content_failed")
    return (
      <EmptyState icon="file" title={intl.formatMessage({ id: "essay.noText" })} actions={toFiles}>
        <FormattedMessage id="essay.noText.do" />
      </EmptyState>
    );
  const { why, todo } = failureText(intl, essay.failure_code, essay.failure_reason);
  return (
    <Notice tone="fail" title={intl.formatMessage({ id: "essay.textFailed" })}>
      <p>
        {why} {todo ?? <FormattedMessage id="essay.textFailed.do" />}
      </p>
      {toFiles}
    </Notice>
  );
}
