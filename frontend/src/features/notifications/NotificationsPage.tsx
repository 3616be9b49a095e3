import { Button, Loader } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { EmptyState } from "@/components/EmptyState";
import { Page } from "@/components/Page";
import { Panel } from "@/components/Panel";
import { ProblemNotice } from "@/components/ProblemNotice";
import { useMarkRead, useNotifications } from "./api/notifications";
import { NotificationList } from "./components/NotificationList";
import classes from "./NotificationsPage.module.css";

/** Every notification, the newest first; older ones come as one scrolls. */
export function NotificationsPage() {
  const intl = useIntl();
  const [isUnreadOnly, setUnreadOnly] = useState(false);
  const found = useNotifications(isUnreadOnly ? { unread: true } : {});
  const markRead = useMarkRead();
  const items = found.data?.pages.flatMap((page) => page.items) ?? [];
  const newest = items[0];

  return (
    <Page
      title={intl.formatMessage({ id: "notifications.title" })}
      actions={
        <Button
          variant="default"
          disabled={!items.some((each) => each.read_at === null)}
          loading={markRead.isPending && "upTo" in markRead.variables}
          onClick={() => newest && markRead.mutate({ upTo: newest.seq })}
        >
          <FormattedMessage id="notifications.markAll" />
        </Button>
      }
    >
      <label className={classes.filter}>
        <input
          type="checkbox"
          checked={isUnreadOnly}
          onChange={() => setUnreadOnly(!isUnreadOnly)}
        />
        <FormattedMessage id="notifications.unreadOnly" />
      </label>
      {found.error && items.length === 0 ? (
        <ProblemNotice error={found.error} onRetry={() => found.refetch()} />
      ) : found.isPending ? (
        <Loader
          type="dots"
          role="status"
          aria-label={intl.formatMessage({ id: "notifications.loading" })}
        />
      ) : items.length === 0 ? (
        <EmptyState
          icon="bell"
          title={intl.formatMessage({
            id: isUnreadOnly ? "notifications.noneUnread" : "notifications.none",
          })}
        >
          <FormattedMessage id="notifications.none.what" />
        </EmptyState>
      ) : (
        <Panel aria-label={intl.formatMessage({ id: "notifications.title" })}>
          <NotificationList notifications={items} level={2} />
          {found.hasNextPage && (
            <Older isLoading={found.isFetchingNextPage} onWanted={() => found.fetchNextPage()} />
          )}
        </Panel>
      )}
    </Page>
  );
}

/** Fetches what is older when it comes into view, or when it is pressed. */
function Older({ isLoading, onWanted }: { isLoading: boolean; onWanted: () => void }) {
  const place = useRef<HTMLDivElement>(null);
  const wanted = useRef(onWanted);
  useEffect(() => {
    wanted.current = onWanted;
  });
  useEffect(() => {
    if (!place.current || typeof IntersectionObserver === "undefined") return;
    const observer = new IntersectionObserver(
      (seen) => seen.some((each) => each.isIntersecting) && wanted.current(),
      { rootMargin: "200px" },
    );
    observer.observe(place.current);
    return () => observer.disconnect();
  }, []);
  return (
    <div ref={place} className={classes.older}>
      <Button variant="default" loading={isLoading} onClick={onWanted}>
        <FormattedMessage id="notifications.older" />
      </Button>
    </div>
  );
}
