import { QueryClient } from "@tanstack/react-query";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { keys } from "../api/keys";
import type { BatchStatusBody, EssayRow, Notification } from "../api/types";
import { Feed } from "./feed";
import { readChanges, readNotificationsAfter } from "./requests";
import type { BatchFrame, LiveRows } from "./types";

vi.mock("./requests", () => ({
  readChanges: vi.fn(async () => undefined),
  readNotificationsAfter: vi.fn(),
}));

const note = (seq: number) =>
  ({ seq, type: "batch_ready", read_at: null }) as unknown as Notification;
const row = (essay_id: string) =>
  ({ essay_id, status: "in_processing", failure_code: null, phases: {} }) as unknown as EssayRow;
const frame = (part: Partial<BatchFrame>): BatchFrame => ({
  type: "batch",
  batch_id: "b",
  event_no: 11,
  since: 10,
  status: { batch_id: "b", status: "processing", event_no: 11 } as BatchStatusBody,
  essays: [
    { essay_id: "essay-1", status: "processed", failure_code: null, phases: { nlp: "done" } },
  ],
  ...part,
});

let client: QueryClient;
let feed: Feed;
let heard: number[] = [];
const rows = () => client.getQueryData<LiveRows>(keys.batch.rows("b"));

beforeEach(() => {
  vi.useFakeTimers();
  client = new QueryClient();
  feed = new Feed(client);
  heard = [];
  feed.listen(({ seq }) => heard.push(seq));
  feed.take({ type: "hello", last_seq: 3, unread: 1 });
  client.setQueryData<LiveRows>(keys.batch.rows("b"), {
    eventNo: 10,
    rows: [row("essay-1"), row("essay-2")],
  });
});
afterEach(() => {
  feed.close();
  vi.mocked(readChanges).mockClear();
  vi.useRealTimers();
});

describe("Notifications", () => {
  it("are told once each, in order, and counted", () => {
    for (const seq of [4, 5, 5, 4]) feed.take({ type: "notification", notification: note(seq) });

    expect(heard).toEqual([4, 5]);
    expect(feed.lastSeq).toBe(5);
    expect(client.getQueryData(keys.notifications.unread)).toBe(3);
  });

  it("that come again after a break are not counted on top of what the server has counted", () => {
    feed.take({ type: "hello", last_seq: 5, unread: 3 });
    for (const seq of [4, 5]) feed.take({ type: "notification", notification: note(seq) });
    expect(heard).toEqual([4, 5]);
    expect(client.getQueryData(keys.notifications.unread)).toBe(3);

    feed.take({ type: "notification", notification: note(6) });
    expect(client.getQueryData(keys.notifications.unread)).toBe(4);
  });

  it("that are missing in between are read from the table, none lost and none doubled", async () => {
    vi.mocked(readNotificationsAfter).mockResolvedValue({
      items: [4, 5, 6, 7].map(note),
      last: 7,
      unread: 5,
    });

    feed.take({ type: "notification", notification: note(6) });
    feed.take({ type: "notification", notification: note(7) });
    await vi.advanceTimersByTimeAsync(0);

    expect(heard).toEqual([4, 5, 6, 7]);
  });

  it("are asked for while there is no socket", async () => {
    vi.mocked(readNotificationsAfter).mockResolvedValue({ items: [note(4)], last: 4, unread: 2 });

    await feed.poll();
    await feed.poll();

    expect(heard).toEqual([4]);
  });

  it("that were read elsewhere are no longer counted", () => {
    feed.take({ type: "unread", unread: 0, up_to: 3, seq: null });

    expect(client.getQueryData(keys.notifications.unread)).toBe(0);
  });
});

describe("A batch that moves", () => {
  it("shows a cell at once and reads the figures a little later, together", async () => {
    feed.take(frame({}));
    feed.take(frame({ since: 11, event_no: 12, essays: [] }));

    expect(rows()?.rows.map((each) => each.status)).toEqual(["processed", "in_processing"]);
    expect(rows()?.rows[0]?.phases.nlp?.status).toBe("done");
    expect(readChanges).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(700);
    expect(readChanges).toHaveBeenCalledOnce();
  });

  it("asks at once for what it missed", async () => {
    feed.take(frame({ since: 14, event_no: 15 }));

    expect(rows()?.rows[0]?.status).toBe("in_processing");
    await vi.advanceTimersByTimeAsync(0);
    expect(readChanges).toHaveBeenCalledOnce();
  });

  it("asks for the rows when there are too many to send", async () => {
    feed.take(frame({ essays: null }));

    await vi.advanceTimersByTimeAsync(0);
    expect(readChanges).toHaveBeenCalledOnce();
  });

  it("takes a change that comes in several frames for one", async () => {
    feed.take(frame({ more: true }));
    feed.take(
      frame({
        essays: [{ essay_id: "essay-2", status: "failed", failure_code: "no_words", phases: {} }],
      }),
    );

    expect(rows()?.rows.map((each) => each.status)).toEqual(["processed", "failed"]);
    await vi.advanceTimersByTimeAsync(0);
    expect(readChanges).not.toHaveBeenCalled();
  });

  it("never goes back to an older status", () => {
    feed.take(frame({ event_no: 12 }));
    client.setQueryData(keys.batch.status("b"), { status: "failed", event_no: 20 });

    feed.take(frame({ event_no: 15 }));

    expect(client.getQueryData(keys.batch.status("b"))).toMatchObject({ status: "failed" });
  });

  it("moves its card in the list too", () => {
    const key = keys.batches.list({});
    client.setQueryData(key, { pages: [{ items: [{ batch_id: "b", status: "ready" }] }] });

    feed.take(frame({}));

    expect(client.getQueryData(key)).toMatchObject({
      pages: [{ items: [{ batch_id: "b", status: "processing" }] }],
    });
  });
});
