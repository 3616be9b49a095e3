import { Button } from "@mantine/core";
import { FormattedMessage, useIntl } from "react-intl";
import { Problem } from "@/lib/api";
import { Notice } from "./Notice";
import { problemText } from "./problem-text";

/** What went wrong, what to do about it, and the number to quote to whoever helps. */
export function ProblemNotice({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const intl = useIntl();
  const { title, detail } = problemText(intl, error);
  const correlationId = error instanceof Problem ? error.correlationId : null;

  return (
    <Notice tone="fail" title={title} isAlert>
      {detail && <p>{detail}</p>}
      {correlationId && (
        <p>
          <FormattedMessage id="problem.reference" values={{ id: <code>{correlationId}</code> }} />
        </p>
      )}
      {onRetry && (
        <Button size="xs" variant="default" onClick={onRetry}>
          <FormattedMessage id="problem.retry" />
        </Button>
      )}
    </Notice>
  );
}
