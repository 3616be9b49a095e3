import { Button } from "@mantine/core";
import { useSearch } from "@tanstack/react-router";
import { FormattedMessage, useIntl } from "react-intl";
import { EmptyState } from "@/components/EmptyState";
import { Icon } from "@/components/Icon";
import { ButtonLink } from "@/components/Links";
import { Page } from "@/components/Page";
import { ProblemNotice } from "@/components/ProblemNotice";
import { useBatches } from "./api/list-batches";
import classes from "./BatchesPage.module.css";
import { BatchCard } from "./components/BatchCard";
import { Filters } from "./components/Filters";

export function BatchesPage() {
  const intl = useIntl();
  const search = useSearch({ from: "/signed-in/batches" });
  const { sort: _sort, ...filters } = search;
  const isFiltered = Object.keys(filters).length > 0;
  const list = useBatches(search);
  const batches = list.data?.pages.flatMap((page) => page.items) ?? [];
  const total = list.data?.pages[0]?.total ?? 0;
  const isEmpty = list.isSuccess && batches.length === 0;

  return (
    <Page title={intl.formatMessage({ id: "batches.title" })}>
      {(!isEmpty || isFiltered) && <Filters />}
      {list.isError && <ProblemNotice error={list.error} onRetry={() => list.refetch()} />}
      {list.isPending && <Skeletons />}
      {isEmpty && (isFiltered ? <NothingFound /> : <NothingYet />)}
      {batches.length > 0 && (
        <>
          <p className={classes.count} role="status">
            <FormattedMessage id="batches.count" values={{ shown: batches.length, total }} />
          </p>
          <ul className={classes.list} aria-busy={list.isPlaceholderData}>
            {batches.map((batch) => (
              <li key={batch.batch_id}>
                <BatchCard batch={batch} />
              </li>
            ))}
          </ul>
          {list.hasNextPage && (
            <Button
              variant="default"
              className={classes.more}
              loading={list.isFetchingNextPage}
              onClick={() => list.fetchNextPage()}
            >
              <FormattedMessage id="batches.more" />
            </Button>
          )}
        </>
      )}
    </Page>
  );
}

function NothingYet() {
  const intl = useIntl();
  return (
    <EmptyState
      icon="folder"
      title={intl.formatMessage({ id: "batches.empty" })}
      actions={
        <ButtonLink to="/batches/new" leftSection={<Icon name="plus" size={18} />}>
          <FormattedMessage id="batches.empty.start" />
        </ButtonLink>
      }
    >
      <FormattedMessage id="batches.empty.do" />
    </EmptyState>
  );
}

function NothingFound() {
  const intl = useIntl();
  return (
    <EmptyState
      icon="search"
      title={intl.formatMessage({ id: "batches.nothingFound" })}
      actions={
        <ButtonLink to="/batches" search={{}} variant="default">
          <FormattedMessage id="batches.clear" />
        </ButtonLink>
      }
    >
      <FormattedMessage id="batches.nothingFound.do" />
    </EmptyState>
  );
}

/** The shape of what is coming, so that nothing jumps when it is there. */
function Skeletons() {
  const intl = useIntl();
  return (
    <div
      className={classes.list}
      role="status"
      aria-label={intl.formatMessage({ id: "batches.loading" })}
    >
      <div className={classes.skeleton} />
      <div className={classes.skeleton} />
      <div className={classes.skeleton} />
    </div>
  );
}
