import type { InfiniteData, QueryClient } from "@tanstack/react-query";
import { keys } from "../api/keys";
import type { Batch, BatchStatusBody, Notification } from "../api/types";
import { readChanges, readNotificationsAfter } from "./requests";
import { withCells } from "./rows";
import type { BatchFrame, Frame, LiveRows } from "./types";

const FIGURES_PAUSE_MS = 700;

type BatchPages = InfiniteData<{ items: Batch[] }>;

/**
 * What comes over the socket, put where the screens look: the query cache. It knows the number of the last
 * notification and of each batch's last change, so that nothing counts twice and a gap is filled over HTTP.
 */
export class Feed {
  private last: number | null = null;
  /** Up to which notification the count of unread ones has been told by the server; only later ones are added. */
  private counted = 0;
  private filling: Promise<void> = Promise.resolve();
  private readonly told = new Map<string, number>();
  private readonly figures = new Map<string, ReturnType<typeof setTimeout>>();
  private readonly listeners = new Set<(notification: Notification) => void>();
  private readonly client: QueryClient;

  constructor(client: QueryClient) {
    this.client = client;
  }

  get lastSeq(): number | null {
    return this.last;
  }

  listen(listener: (notification: Notification) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  close(): void {
    for (const timer of this.figures.values()) clearTimeout(timer);
    this.figures.clear();
  }

  take(frame: Frame): void {
    if (frame.type === "hello") this.greet(frame.last_seq, frame.unread);
    else if (frame.type === "notification") this.notify([frame.notification]);
    else if (frame.type === "unread") this.setUnread(frame.unread);
    else if (frame.type === "batch") this.move(frame);
  }

  /** Without a socket: what came since, and how many are unread. */
  async poll(): Promise<void> {
    const page = await readNotificationsAfter(this.last);
    if (this.last === null) this.last = page.last;
    this.deliverCounted(page);
  }

  private greet(lastSeq: number, unread: number): void {
    // The first time there is nothing to catch up with; later the server sends what came after `last` by itself.
    this.last ??= lastSeq;
    this.counted = lastSeq;
    this.setUnread(unread);
    void this.client.invalidateQueries({ queryKey: keys.batches.all });
    // Whatever happened while nobody was listening.
    void this.client.invalidateQueries({ queryKey: ["batch"] });
  }

  private notify(given: Notification[]): void {
    const first = given[0];
    if (first && this.last !== null && first.seq > this.last + 1) {
      // One is missing: the table has it, and with it everything up to now.
      this.filling = this.filling.then(async () => {
        const page = await readNotificationsAfter(this.last).catch(() => null);
        if (page) this.deliverCounted(page);
        else this.deliver(given);
      });
    } else {
      this.deliver(given);
    }
  }

  /** Notifications that come with the count of all that are unread, themselves among them. */
  private deliverCounted(page: { items: Notification[]; unread: number }): void {
    this.counted = Math.max(this.counted, page.items.at(-1)?.seq ?? 0);
    this.deliver(page.items);
    this.setUnread(page.unread);
  }

  private deliver(given: Notification[]): void {
    const fresh = given.filter(({ seq }) => this.last === null || seq > this.last);
    for (const notification of fresh) {
      this.last = notification.seq;
      for (const listener of this.listeners) listener(notification);
    }
    if (fresh.length === 0) return;
    const unread = fresh.filter(({ seq, read_at }) => read_at === null && seq > this.counted);
    this.client.setQueryData<number>(
      keys.notifications.unread,
      (now) => (now ?? 0) + unread.length,
    );
    void this.client.invalidateQueries({ queryKey: [...keys.notifications.all, "list"] });
    void this.client.invalidateQueries({ queryKey: keys.batches.all });
  }

  private setUnread(unread: number): void {
    const before = this.client.getQueryData(keys.notifications.unread);
    if (before === unread) return;
    this.client.setQueryData(keys.notifications.unread, unread);
    void this.client.invalidateQueries({ queryKey: [...keys.notifications.all, "list"] });
  }

  private move(frame: BatchFrame): void {
    const { batch_id: batchId, status } = frame;
    this.client.setQueryData<BatchStatusBody>(keys.batch.status(batchId), (now) =>
      now && now.event_no > frame.event_no ? now : { ...now, ...status },
    );
    this.moveCard(batchId, status);

    const rows = this.client.getQueryData<LiveRows>(keys.batch.rows(batchId));
    if (!rows) return;
    const told = Math.max(rows.eventNo, this.told.get(batchId) ?? 0);
    const hasGap = frame.since > told || frame.essays === null;
    if (!hasGap && frame.event_no >= told) {
      this.client.setQueryData<LiveRows>(
        keys.batch.rows(batchId),
        (now) => now && withCells(now, frame.essays ?? []),
      );
      if (!frame.more) this.told.set(batchId, frame.event_no);
    }
    this.readFigures(batchId, hasGap);
  }

  /** The card of the batch in whatever list is on the screen. */
  private moveCard(batchId: string, status: BatchStatusBody): void {
    this.client.setQueriesData<BatchPages>(
      { queryKey: [...keys.batches.all, "list"] },
      (now) =>
        now && {
          ...now,
          pages: now.pages.map((page) =>
            page.items.some((item) => item.batch_id === batchId)
              ? {
                  ...page,
                  items: page.items.map((item) =>
                    item.batch_id === batchId ? { ...item, ...status } : item,
                  ),
                }
              : page,
          ),
        },
    );
  }

  /** Figures are in the whole rows; those that changed are read together, at once where a frame was missed. */
  private readFigures(batchId: string, isUrgent: boolean): void {
    if (this.figures.has(batchId) && !isUrgent) return;
    clearTimeout(this.figures.get(batchId));
    const read = () => {
      this.figures.delete(batchId);
      void readChanges(this.client, batchId).catch(() => undefined);
      void this.client.invalidateQueries({ queryKey: keys.batch.files(batchId) });
    };
    this.figures.set(batchId, setTimeout(read, isUrgent ? 0 : FIGURES_PAUSE_MS));
  }
}
