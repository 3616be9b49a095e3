import {
  type InfiniteData,
  type QueryClient,
  useInfiniteQuery,
  useMutation,
  useQueryClient,
} from "@tanstack/react-query";
import { api, body, keys, type Notification, type NotificationPage } from "@/lib/api";

const AT_ONCE = 30;

export interface Asked {
  unread?: true;
}

/** The newest notifications, and page by page the older ones. */
export function useNotifications(asked: Asked, isWanted = true) {
  return useInfiniteQuery({
    queryKey: keys.notifications.list(asked),
    queryFn: async ({ pageParam, signal }) =>
      (await body(
        api.GET("/v1/notifications", {
          params: { query: { limit: AT_ONCE, before: pageParam, ...asked } },
          signal,
        }),
      )) as NotificationPage,
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (page) =>
      page.items.length === AT_ONCE ? page.items.at(-1)?.seq : undefined,
    enabled: isWanted,
  });
}

/** Marks one as read, or all up to one; at once on the screen, and taken back if the server refuses. */
export function useMarkRead() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (what: { seq: number } | { upTo: number }) =>
      "seq" in what
        ? body(api.POST("/v1/notifications/{seq}/read", { params: { path: { seq: what.seq } } }))
        : body(api.POST("/v1/notifications/read", { body: { up_to: what.upTo } })),
    onMutate: (what) => {
      const now = new Date().toISOString();
      patch(client, (each) =>
        each.read_at === null && ("seq" in what ? each.seq === what.seq : each.seq <= what.upTo)
          ? { ...each, read_at: now }
          : each,
      );
    },
    onSuccess: ({ unread }) => client.setQueryData(keys.notifications.unread, unread),
    onError: () => client.invalidateQueries({ queryKey: keys.notifications.all }),
  });
}

function patch(client: QueryClient, change: (each: Notification) => Notification): void {
  client.setQueriesData<InfiniteData<NotificationPage>>(
    { queryKey: [...keys.notifications.all, "list"] },
    (list) =>
      list && {
        ...list,
        pages: list.pages.map((page) => ({ ...page, items: page.items.map(change) })),
      },
  );
}
