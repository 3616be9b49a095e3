import { Button, Loader } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { Icon } from "@/components/Icon";
import { ProblemNotice } from "@/components/ProblemNotice";
import { useShortcut } from "@/hooks/use-shortcut";
import { useUnread } from "@/lib/live";
import { useMarkRead, useNotifications } from "./api/notifications";
import classes from "./Bell.module.css";
import { Arrivals } from "./components/Arrivals";
import { NotificationList } from "./components/NotificationList";

/** The bell in the header: how many are unread, and the newest of them when it is pressed. */
export function Bell() {
  const intl = useIntl();
  const unread = useUnread() ?? 0;
  const [isOpen, setOpen] = useState(false);
  const place = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useShortcut("b", "notifications.key.open", () => setOpen(true));

  useEffect(() => {
    if (!isOpen) return;
    const press = (event: PointerEvent) => {
      if (!place.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener("pointerdown", press);
    return () => document.removeEventListener("pointerdown", press);
  }, [isOpen]);

  const close = () => {
    setOpen(false);
    button.current?.focus();
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only hears what happens to the button and the list in it
    <div
      ref={place}
      className={classes.place}
      onKeyDown={(event) => {
        if (event.key === "Escape" && isOpen) close();
      }}
      onBlur={(event) => {
        const to = event.relatedTarget;
        if (to instanceof Node && !place.current?.contains(to)) setOpen(false);
      }}
    >
      <button
        type="button"
        ref={button}
        className={classes.bell}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        aria-label={intl.formatMessage({ id: "notifications.bell" }, { unread })}
        onClick={() => setOpen(!isOpen)}
      >
        <Icon name="bell" />
        {unread > 0 && (
          <span className={classes.count} aria-hidden="true">
            {unread > 99 ? intl.formatMessage({ id: "notifications.many" }) : unread}
          </span>
        )}
      </button>
      {isOpen && <Newest onClose={() => setOpen(false)} />}
      <Arrivals />
    </div>
  );
}

function Newest({ onClose }: { onClose: () => void }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const found = useNotifications({});
  const markRead = useMarkRead();
  const items = found.data?.pages[0]?.items ?? [];
  const newest = items[0];
  const hasUnread = items.some((each) => each.read_at === null);

  useEffect(() => heading.current?.focus(), []);

  return (
    <div role="dialog" aria-labelledby="notifications-newest" className={classes.popover}>
      <div className={classes.top}>
        <h2 id="notifications-newest" ref={heading} tabIndex={-1}>
          <FormattedMessage id="notifications.title" />
        </h2>
        {hasUnread && newest && (
          <Button
            size="compact-sm"
            variant="subtle"
            loading={markRead.isPending}
            onClick={() => markRead.mutate({ upTo: newest.seq })}
          >
            <FormattedMessage id="notifications.markAll" />
          </Button>
        )}
      </div>
      <div className={classes.list}>
        {found.error && items.length === 0 ? (
          <ProblemNotice error={found.error} onRetry={() => found.refetch()} />
        ) : found.isPending ? (
          <Loader type="dots" size="sm" />
        ) : items.length === 0 ? (
          <p className={classes.none}>
            <FormattedMessage id="notifications.none" />
          </p>
        ) : (
          <NotificationList notifications={items} level={3} onFollow={onClose} />
        )}
      </div>
      <Link to="/notifications" className={classes.all} onClick={onClose}>
        <FormattedMessage id="notifications.all" />
        <Icon name="arrowRight" size={16} />
      </Link>
    </div>
  );
}
