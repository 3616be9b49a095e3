export { LiveProvider, useConnectionState, useNotificationListener, useUnread } from "./provider";
export type { ConnectionState, LiveRows } from "./types";
export { useBatchLive } from "./use-batch-live";
