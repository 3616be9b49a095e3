import type { ConnectionState, Frame } from "./types";

export const PROTOCOL = "huleedu.v1";
/** The server closes with these. */
export const CLOSED = { expired: 4401, tooSlow: 4408, tooMany: 4429, restarting: 1012 } as const;

const FIRST_PAUSE_MS = 400;
const LONGEST_PAUSE_MS = 5_000;
const CROWDED_PAUSE_MS = 30_000;
/** After so many tries in vain the screen says that it asks now and then instead. */
const PATIENCE = 3;

export interface SocketParts {
  /** A ticket for one socket; may fail when the server does not answer. */
  ticket: () => Promise<{ url: string; ticket: string }>;
  /** The newest notification that is here, or null before the first connection. */
  lastSeq: () => number | null;
  /** Called before a new try when the socket was closed because the session's token had expired. */
  renew: () => Promise<unknown>;
  onFrame: (frame: Frame) => void;
  onState: (state: ConnectionState) => void;
  /** 0 to 1; spreads the clients of a server that comes back. */
  random?: () => number;
}

/** One socket that is opened again, with longer and longer pauses, until it is stopped. */
export class LiveSocket {
  private socket: WebSocket | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private failures = 0;
  private isStopped = true;
  private isOpening = false;
  private readonly parts: SocketParts;

  constructor(parts: SocketParts) {
    this.parts = parts;
  }

  start(): void {
    if (!this.isStopped) return;
    this.isStopped = false;
    addEventListener("online", this.now);
    addEventListener("offline", this.lost);
    document.addEventListener("visibilitychange", this.seen);
    this.parts.onState("connecting");
    void this.open();
  }

  stop(): void {
    this.isStopped = true;
    clearTimeout(this.timer);
    removeEventListener("online", this.now);
    removeEventListener("offline", this.lost);
    document.removeEventListener("visibilitychange", this.seen);
    this.drop();
  }

  private readonly now = () => {
    if (this.isStopped || this.socket) return;
    clearTimeout(this.timer);
    void this.open();
  };

  /** Without a network a socket may stay "open" for minutes; it is not worth waiting for. */
  private readonly lost = () => {
    this.drop();
    clearTimeout(this.timer);
    this.parts.onState("offline");
  };

  private readonly seen = () => {
    if (document.visibilityState === "visible") this.now();
  };

  private async open(): Promise<void> {
    if (this.isOpening) return;
    this.isOpening = true;
    try {
      const { url, ticket } = await this.parts.ticket();
      if (!this.isStopped) this.connect(url, ticket);
    } catch {
      this.again();
    } finally {
      this.isOpening = false;
    }
  }

  private connect(url: string, ticket: string): void {
    const after = this.parts.lastSeq();
    const address = after === null ? url : `${url}?after=${after}`;
    const socket = new WebSocket(address, [PROTOCOL, `ticket.${ticket}`]);
    this.socket = socket;
    socket.onmessage = (event) => {
      if (this.socket !== socket) return;
      const frame = read(event.data);
      if (!frame) return;
      if (frame.type === "hello") {
        this.failures = 0;
        this.parts.onState("live");
      }
      this.parts.onFrame(frame);
    };
    socket.onclose = async ({ code }) => {
      if (this.socket !== socket) return;
      this.socket = null;
      if (this.isStopped) return;
      if (code === CLOSED.expired) await this.parts.renew();
      this.again(code);
    };
  }

  private again(code?: number): void {
    if (this.isStopped) return;
    this.failures += 1;
    const isPolling = this.failures > PATIENCE || code === CLOSED.tooMany;
    const isOffline = navigator.onLine === false;
    this.parts.onState(isOffline ? "offline" : isPolling ? "polling" : "reconnecting");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.open(), this.pause(code));
  }

  /** Half of it fixed and half of it chance: soon, but not all at once. */
  private pause(code?: number): number {
    const most =
      code === CLOSED.tooMany
        ? CROWDED_PAUSE_MS
        : Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (this.failures - 1));
    return most / 2 + (most / 2) * (this.parts.random ?? Math.random)();
  }

  private drop(): void {
    const socket = this.socket;
    this.socket = null;
    socket?.close();
  }
}

function read(data: unknown): Frame | null {
  try {
    return JSON.parse(String(data)) as Frame;
  } catch {
    return null;
  }
}
