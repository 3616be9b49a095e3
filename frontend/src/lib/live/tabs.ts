import type { QueryClient } from "@tanstack/react-query";
import { keys } from "../api/keys";

const CHANNEL = "huleedu-unread";

/** Keeps the number of unread notifications the same in all tabs, whichever of them hears of a change first. */
export function shareUnread(client: QueryClient): () => void {
  if (typeof BroadcastChannel === "undefined") return () => undefined;
  const channel = new BroadcastChannel(CHANNEL);
  let known = client.getQueryData<number>(keys.notifications.unread);

  channel.onmessage = ({ data }) => {
    known = data as number;
    client.setQueryData(keys.notifications.unread, known);
    void client.invalidateQueries({ queryKey: [...keys.notifications.all, "list"] });
  };
  const forget = client.getQueryCache().subscribe(() => {
    const now = client.getQueryData<number>(keys.notifications.unread);
    if (now === known || now === undefined) return;
    known = now;
    channel.postMessage(now);
  });
  return () => {
    forget();
    channel.close();
  };
}
