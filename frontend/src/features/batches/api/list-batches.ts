import { useInfiniteQuery } from "@tanstack/react-query";
import { api, body, keys } from "@/lib/api";
import { useConnectionState } from "@/lib/live";
import type { BatchesSearch } from "../search";

const PAGE = 25;
const POLL_MS = 5000;
const REFRESH_MS = 15_000;

/** The teacher's batches, page by page, those that need something first. */
export function useBatches(search: BatchesSearch) {
  const isLive = useConnectionState() === "live";
  return useInfiniteQuery({
    queryKey: keys.batches.list(search),
    queryFn: ({ pageParam, signal }) =>
      body(
        api.GET("/v1/batches", {
          params: {
            query: { sort: "action", ...search, limit: PAGE, cursor: pageParam },
          },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: (before) => before,
    // Notifications have the list read again when something ends; running bars move by asking.
    refetchInterval: ({ state }) => {
      const items = state.data?.pages.flatMap((page) => page.items) ?? [];
      const isMoving = items.some((batch) => batch.status === "processing");
      return isMoving ? (isLive ? POLL_MS / 2 : POLL_MS) : isLive ? false : REFRESH_MS;
    },
  });
}
