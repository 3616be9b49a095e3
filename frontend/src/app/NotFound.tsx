import { FormattedMessage, useIntl } from "react-intl";
import { EmptyState } from "@/components/EmptyState";
import { ButtonLink } from "@/components/Links";
import { Page } from "@/components/Page";

export function NotFound() {
  const intl = useIntl();
  return (
    <Page title={intl.formatMessage({ id: "app.notFound" })}>
      <EmptyState
        icon="search"
        title={intl.formatMessage({ id: "app.notFound.title" })}
        actions={
          <ButtonLink to="/batches">
            <FormattedMessage id="app.notFound.home" />
          </ButtonLink>
        }
      >
        <FormattedMessage id="app.notFound.do" />
      </EmptyState>
    </Page>
  );
}
