import type { QueryClient } from "@tanstack/react-query";
import { api, body } from "../api/client";
import { keys } from "../api/keys";
import type { EssayRow, NotificationPage } from "../api/types";
import { withChanges } from "./rows";
import type { LiveRows } from "./types";

const PAGE = 1000;
const MOST_NOTIFICATIONS = 200;

/** All rows of a batch, page by page; they count as old as the oldest page. */
export async function readRows(batchId: string, signal?: AbortSignal): Promise<LiveRows> {
  const rows: EssayRow[] = [];
  let eventNo = Number.POSITIVE_INFINITY;
  let cursor: string | undefined;
  do {
    const page = await body(
      api.GET("/v1/batches/{batch_id}/essays", {
        params: {
          path: { batch_id: batchId },
          query: { limit: PAGE, cursor, sort: "position" },
        },
        signal,
      }),
    );
    rows.push(...(page.items as unknown as EssayRow[]));
    eventNo = Math.min(eventNo, page.event_no);
    cursor = page.next_cursor ?? undefined;
  } while (cursor);
  return { eventNo, rows };
}

/** The rows with what has changed since they were read. */
export async function readRowsSince(
  batchId: string,
  known: LiveRows,
  signal?: AbortSignal,
): Promise<LiveRows> {
  const changes = await body(
    api.GET("/v1/batches/{batch_id}/essays/changes", {
      params: { path: { batch_id: batchId }, query: { after: known.eventNo } },
      signal,
    }),
  );
  return withChanges(known, changes.items as unknown as EssayRow[], changes.event_no);
}

/** Brings the cached rows of a batch up to date, if there are any. */
export async function readChanges(client: QueryClient, batchId: string): Promise<void> {
  const known = client.getQueryData<LiveRows>(keys.batch.rows(batchId));
  if (!known) return;
  const changes = await body(
    api.GET("/v1/batches/{batch_id}/essays/changes", {
      params: { path: { batch_id: batchId }, query: { after: known.eventNo } },
    }),
  );
  // Cells may have landed in the meantime, so it is merged into what is there now.
  client.setQueryData<LiveRows>(
    keys.batch.rows(batchId),
    (now) => now && withChanges(now, changes.items as unknown as EssayRow[], changes.event_no),
  );
}

/** What one was told after a number, all of it; without a number only where things stand. */
export async function readNotificationsAfter(after: number | null): Promise<NotificationPage> {
  if (after === null) return readPage({ limit: 1 });
  const first = await readPage({ after, limit: MOST_NOTIFICATIONS });
  const items = [...first.items];
  let page = first;
  while (page.items.length === MOST_NOTIFICATIONS) {
    page = await readPage({ after: page.last, limit: MOST_NOTIFICATIONS });
    items.push(...page.items);
  }
  return { ...page, items };
}

async function readPage(query: { after?: number; limit: number }): Promise<NotificationPage> {
  return (await body(api.GET("/v1/notifications", { params: { query } }))) as NotificationPage;
}

export async function askForTicket(): Promise<{ url: string; ticket: string }> {
  return body(api.POST("/v1/ws-tickets"));
}
