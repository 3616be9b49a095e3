import { useInfiniteQuery } from "@tanstack/react-query";
import { api, body, keys } from "@/lib/api";
import type { BatchEvent } from "../lib/timeline";

const AT_ONCE = 1000;

/** A batch's events from the first one, a thousand at a time; asked again when `eventNo` has moved on. */
export function useEvents(batchId: string, eventNo: number | undefined, isOpen: boolean) {
  return useInfiniteQuery({
    queryKey: [...keys.batch.all(batchId), "events", eventNo],
    queryFn: async ({ pageParam, signal }) => {
      const page = await body(
        api.GET("/v1/batches/{batch_id}/events", {
          params: { path: { batch_id: batchId }, query: { after: pageParam, limit: AT_ONCE } },
          signal,
        }),
      );
      return { items: page.items as BatchEvent[], last: page.last };
    },
    initialPageParam: 0,
    getNextPageParam: (page) => (page.items.length === AT_ONCE ? page.last : undefined),
    enabled: isOpen,
    placeholderData: (before) => before,
  });
}
