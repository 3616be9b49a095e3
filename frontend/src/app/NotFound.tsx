import { FormattedMessage, useIntl } from "react-intl";
import { EmptyState } from "@/components/EmptyState";
import { ButtonLink } from "@/components/Links";
import { Page } from "@/components/Page";
import classes from "./Shell.module.css";

/** An address that is none: outside the pages that need somebody signed in, so with no header around. */
export function NothingHere() {
  return (
    <main className={classes.main}>
      <NotFound />
    </main>
  );
}

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
