import { FormattedMessage, useIntl } from "react-intl";
import { Icon } from "@/components/Icon";
import { Moment } from "@/components/Moment";
import type { Notification } from "@/lib/api";
import { useBatchNames } from "../api/batch-names";
import { useMarkRead } from "../api/notifications";
import { describe } from "../lib/describe";
import { grouped, spokenDay } from "../lib/grouped";
import { NotificationLink } from "./NotificationLink";
import classes from "./NotificationList.module.css";
import { useSentence } from "./use-sentence";

interface NotificationListProps {
  notifications: readonly Notification[];
  /** Level of the groups' headings. */
  level: 2 | 3;
  onFollow?: () => void;
}

/** Notifications by day, what needs somebody first. */
export function NotificationList({ notifications, level, onFollow }: NotificationListProps) {
  const names = useBatchNames(notifications.map((each) => each.batch_id));
  const Heading = level === 2 ? "h2" : "h3";
  return grouped(notifications).map(({ key, items }) => (
    <section key={key} className={classes.group}>
      <Heading className={classes.day} data-action={key === "action" || undefined}>
        <Day of={key} />
      </Heading>
      <ul className={classes.items}>
        {items.map((each) => (
          <Item
            key={each.seq}
            notification={each}
            batch={each.batch_id === null ? undefined : names.get(each.batch_id)}
            onFollow={onFollow}
          />
        ))}
      </ul>
    </section>
  ));
}

function Day({ of }: { of: string }) {
  const intl = useIntl();
  if (of === "action") return <FormattedMessage id="notifications.action" />;
  const spoken = spokenDay(of, new Date());
  if (spoken !== "date") return <FormattedMessage id={`notifications.${spoken}`} />;
  return intl.formatDate(`${of}T12:00:00`, { weekday: "long", day: "numeric", month: "long" });
}

interface ItemProps {
  notification: Notification;
  batch: string | undefined;
  onFollow: (() => void) | undefined;
}

function Item({ notification, batch, onFollow }: ItemProps) {
  const intl = useIntl();
  const sentence = useSentence()(notification);
  const { tone, icon } = describe(notification);
  const markRead = useMarkRead();
  const isUnread = notification.read_at === null;
  const read = () => isUnread && markRead.mutate({ seq: notification.seq });

  return (
    <li className={classes.item} data-unread={isUnread || undefined}>
      <span className={classes.icon} data-tone={tone}>
        <Icon name={icon} size={18} />
      </span>
      <div className={classes.words}>
        <NotificationLink
          notification={notification}
          className={classes.sentence}
          onFollow={() => {
            read();
            onFollow?.();
          }}
        >
          {isUnread && (
            <span className="visually-hidden">
              <FormattedMessage id="notifications.unread" />{" "}
            </span>
          )}
          {sentence}
        </NotificationLink>
        <span className={classes.meta}>
          {batch && <span>{batch}</span>}
          <Moment at={notification.created_at} />
        </span>
      </div>
      {isUnread && (
        <button
          type="button"
          className={classes.read}
          onClick={read}
          aria-label={intl.formatMessage({ id: "notifications.markOne" }, { sentence })}
          title={intl.formatMessage({ id: "notifications.markOne.short" })}
        >
          <Icon name="check" size={16} />
        </button>
      )}
    </li>
  );
}
