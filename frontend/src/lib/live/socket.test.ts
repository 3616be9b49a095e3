import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { CLOSED, LiveSocket, PROTOCOL } from "./socket";
import type { ConnectionState, Frame } from "./types";

class FakeSocket {
  static made: FakeSocket[] = [];
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => unknown) | null = null;
  isClosed = false;
  readonly url: string;
  readonly protocols: string[];

  constructor(url: string, protocols: string[]) {
    this.url = url;
    this.protocols = protocols;
    FakeSocket.made.push(this);
  }

  close() {
    this.isClosed = true;
  }

  says(frame: object) {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }

  static get last(): FakeSocket {
    const found = FakeSocket.made.at(-1);
    if (!found) throw new Error("No socket has been opened.");
    return found;
  }
}

const HELLO = { type: "hello", last_seq: 7, unread: 2 };
let states: ConnectionState[] = [];
let frames: Frame[] = [];
let seq: number | null = null;
let live: LiveSocket;
const ticket = vi.fn(async () => ({ url: "ws://here/ws", ticket: "t1" }));
const renew = vi.fn(async () => true);

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("WebSocket", FakeSocket);
  FakeSocket.made = [];
  [states, frames, seq] = [[], [], null];
  ticket.mockClear();
  renew.mockClear();
  live = new LiveSocket({
    ticket,
    renew,
    lastSeq: () => seq,
    onFrame: (frame) => frames.push(frame),
    onState: (state) => states.push(state),
    random: () => 1,
  });
});
afterEach(() => {
  live.stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function open() {
  live.start();
  await vi.advanceTimersByTimeAsync(0);
  FakeSocket.last.says(HELLO);
}

describe("The socket", () => {
  it("is opened with a ticket as a subprotocol, and live once it is greeted", async () => {
    await open();

    expect(FakeSocket.last.url).toBe("ws://here/ws");
    expect(FakeSocket.last.protocols).toEqual([PROTOCOL, "ticket.t1"]);
    expect(states).toEqual(["connecting", "live"]);
    expect(frames).toEqual([HELLO]);
  });

  it("comes back with the number of the last notification, and a new ticket", async () => {
    await open();
    seq = 9;

    FakeSocket.last.onclose?.({ code: CLOSED.restarting });
    await vi.advanceTimersByTimeAsync(400);

    expect(FakeSocket.last.url).toBe("ws://here/ws?after=9");
    expect(ticket).toHaveBeenCalledTimes(2);
  });

  it("waits longer after each try in vain, and says that it asks now and then", async () => {
    ticket.mockRejectedValue(new Error("down"));
    live.start();
    await vi.advanceTimersByTimeAsync(0);

    await vi.advanceTimersByTimeAsync(400 + 800 + 1600);

    expect(ticket).toHaveBeenCalledTimes(4);
    expect(states).toEqual([
      "connecting",
      "reconnecting",
      "reconnecting",
      "reconnecting",
      "polling",
    ]);
    ticket.mockResolvedValue({ url: "ws://here/ws", ticket: "t1" });
  });

  it("gets a new token before it comes back from an expired one", async () => {
    await open();

    FakeSocket.last.onclose?.({ code: CLOSED.expired });
    await vi.advanceTimersByTimeAsync(400);

    expect(renew).toHaveBeenCalledOnce();
    expect(FakeSocket.made).toHaveLength(2);
  });

  it("leaves a crowded server alone for a while", async () => {
    await open();

    FakeSocket.last.onclose?.({ code: CLOSED.tooMany });
    await vi.advanceTimersByTimeAsync(20_000);

    expect(states.at(-1)).toBe("polling");
    expect(FakeSocket.made).toHaveLength(1);
  });

  it("does not wait for a network that is gone, and is back at once when it is", async () => {
    await open();

    dispatchEvent(new Event("offline"));
    expect(states.at(-1)).toBe("offline");
    dispatchEvent(new Event("online"));
    await vi.advanceTimersByTimeAsync(0);

    expect(FakeSocket.made).toHaveLength(2);
  });

  it("is silent after it was stopped", async () => {
    await open();
    const old = FakeSocket.last;

    live.stop();
    old.onclose?.({ code: 1006 });
    old.says(HELLO);
    await vi.advanceTimersByTimeAsync(60_000);

    expect(FakeSocket.made).toHaveLength(1);
    expect(frames).toHaveLength(1);
  });

  it("passes over what is no frame", async () => {
    await open();

    FakeSocket.last.onmessage?.({ data: "<html>" });

    expect(frames).toHaveLength(1);
  });
});
