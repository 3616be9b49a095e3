import { useQueryClient } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { announce } from "@/components/Announcer";
import { Icon } from "@/components/Icon";
import { keys, type Notification } from "@/lib/api";
import { useNotificationListener } from "@/lib/live";
import { useMarkRead } from "../api/notifications";
import { describe } from "../lib/describe";
import { digest } from "../lib/digest";
import classes from "./Arrivals.module.css";
import { NotificationLink } from "./NotificationLink";
import { useSentence } from "./use-sentence";

const GATHER_MS = 500;
const STAY_MS = 10_000;
const MOST = 3;

type Toast = { id: number } & ({ notification: Notification } | { count: number });

/** What arrives while one works: read out, and shown for a while where it hurries. The bell keeps all of it. */
export function Arrivals() {
  const intl = useIntl();
  const client = useQueryClient();
  const sentence = useSentence();
  const [toasts, setToasts] = useState<Toast[]>([]);
  const waiting = useRef<Notification[]>([]);
  const inView = useRef<string | null>(null);
  const { batchId } = useParams({ strict: false });
  useEffect(() => {
    inView.current = batchId ?? null;
  }, [batchId]);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  const settle = () => {
    timer.current = undefined;
    const arrived = waiting.current.splice(0);
    const found = digest(arrived, inView.current);
    client.invalidateQueries({ queryKey: [...keys.notifications.all, "list"] });
    if (typeof found.spoken === "number")
      announce(intl.formatMessage({ id: "notifications.new" }, { count: found.spoken }));
    else if (found.spoken) announce(sentence(found.spoken));
    const fresh: Toast[] = found.toasts.map((each) => ({ id: each.seq, notification: each }));
    const last = arrived.at(-1);
    if (found.summed > 0 && last) fresh.push({ id: last.seq, count: found.summed });
    setToasts((before) => [...before, ...fresh].slice(-MOST));
  };
  useNotificationListener((notification) => {
    waiting.current.push(notification);
    timer.current ??= setTimeout(settle, GATHER_MS);
  });
  useEffect(() => () => clearTimeout(timer.current), []);

  const remove = (id: number) => setToasts((before) => before.filter((each) => each.id !== id));
  if (toasts.length === 0) return null;
  return (
    <section
      className={classes.toasts}
      aria-label={intl.formatMessage({ id: "notifications.arrived" })}
    >
      {toasts.map((toast) => (
        <One key={toast.id} toast={toast} onEnd={() => remove(toast.id)} />
      ))}
    </section>
  );
}

function One({ toast, onEnd }: { toast: Toast; onEnd: () => void }) {
  const intl = useIntl();
  const sentence = useSentence();
  const markRead = useMarkRead();
  const [isHeld, setHeld] = useState(false);
  const end = useRef(onEnd);
  useEffect(() => {
    end.current = onEnd;
  });
  useEffect(() => {
    if (isHeld) return;
    const timer = setTimeout(() => end.current(), STAY_MS);
    return () => clearTimeout(timer);
  }, [isHeld]);
  const said = "notification" in toast ? describe(toast.notification) : null;

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: as long as one is at it, it stays
    <div
      className={classes.toast}
      data-tone={said?.tone ?? "info"}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <Icon name={said?.icon ?? "bell"} />
      <div className={classes.words}>
        {"notification" in toast ? (
          <NotificationLink
            notification={toast.notification}
            onFollow={() => {
              markRead.mutate({ seq: toast.notification.seq });
              onEnd();
            }}
          >
            {sentence(toast.notification)}
          </NotificationLink>
        ) : (
          <Link to="/notifications" onClick={onEnd}>
            <FormattedMessage id="notifications.new" values={{ count: toast.count }} />
          </Link>
        )}
      </div>
      <button
        type="button"
        className={classes.close}
        onClick={onEnd}
        aria-label={intl.formatMessage({ id: "notifications.dismiss" })}
      >
        <Icon name="cross" size={16} />
      </button>
    </div>
  );
}
