import type { ErrorComponentProps } from "@tanstack/react-router";
import { useIntl } from "react-intl";
import { Page } from "@/components/Page";
import { ProblemNotice } from "@/components/ProblemNotice";

/** A page that broke; the rest of the application goes on. */
export function Failure({ error, reset }: ErrorComponentProps) {
  const intl = useIntl();
  return (
    <Page title={intl.formatMessage({ id: "app.failure" })}>
      <ProblemNotice error={error} onRetry={reset} />
    </Page>
  );
}
