import { useQuery, useQueryClient } from "@tanstack/react-query";
import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { keys } from "../api/keys";
import { session } from "../api/session";
import type { Notification } from "../api/types";
import { Feed } from "./feed";
import { askForTicket } from "./requests";
import { LiveSocket } from "./socket";
import { shareUnread } from "./tabs";
import type { ConnectionState } from "./types";

const POLL_MS = 5000;

const Connection = createContext<ConnectionState>("connecting");
const FeedContext = createContext<Feed | null>(null);

/** One socket for the whole application, for as long as somebody is signed in. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const feed = useMemo(() => new Feed(client), [client]);
  const [state, setState] = useState<ConnectionState>("connecting");

  useEffect(() => {
    const socket = new LiveSocket({
      ticket: askForTicket,
      lastSeq: () => feed.lastSeq,
      renew: session.refresh,
      onFrame: (frame) => feed.take(frame),
      onState: setState,
    });
    socket.start();
    return () => {
      socket.stop();
      feed.close();
    };
  }, [feed]);

  useEffect(() => shareUnread(client), [client]);

  useEffect(() => {
    if (state === "live" || state === "connecting") return;
    const timer = setInterval(() => void feed.poll().catch(() => undefined), POLL_MS);
    return () => clearInterval(timer);
  }, [state, feed]);

  return (
    <Connection value={state}>
      <FeedContext value={feed}>{children}</FeedContext>
    </Connection>
  );
}

/** How fresh the screen is. */
export function useConnectionState(): ConnectionState {
  return useContext(Connection);
}

/** Called once for every notification that arrives while the component is there, in order. */
export function useNotificationListener(listener: (notification: Notification) => void): void {
  const feed = useContext(FeedContext);
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  });
  useEffect(() => feed?.listen((notification) => latest.current(notification)), [feed]);
}

/** How many notifications are unread; the same in every tab. Undefined until known. */
export function useUnread(): number | undefined {
  return useQuery<number>({
    queryKey: keys.notifications.unread,
    queryFn: () => 0,
    // Whoever knows puts it there: the socket, polling, another tab, marking as read.
    enabled: false,
    staleTime: Number.POSITIVE_INFINITY,
  }).data;
}
