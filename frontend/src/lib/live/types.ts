import type { BatchStatusBody, EssayRow, Notification } from "../api/types";

/**
 * How fresh the screen is: `live` over the socket, `polling` while the socket cannot be had, `reconnecting`
 * between two tries, `offline` without a network.
 */
export type ConnectionState = "connecting" | "live" | "reconnecting" | "polling" | "offline";

/** One essay in a frame: what the grid shows of it. */
export interface Cell {
  essay_id: string;
  status: EssayRow["status"];
  failure_code: string | null;
  phases: Record<string, "done" | "failed">;
}

export interface BatchFrame {
  type: "batch";
  batch_id: string;
  event_no: number;
  /** The event the frame starts from: a reader that is further behind has to ask for the changes. */
  since: number;
  status: BatchStatusBody;
  /** Null when there are too many to send. */
  essays: Cell[] | null;
  /** Whether another frame of the same change follows. */
  more?: boolean;
}

export type Frame =
  | { type: "hello"; last_seq: number; unread: number }
  | { type: "notification"; notification: Notification }
  | { type: "unread"; unread: number; up_to: number | null; seq: number | null }
  | BatchFrame;

/** All essays of a batch as the grid needs them. */
export interface LiveRows {
  /** Every change up to this event is in the rows, figures and all. */
  eventNo: number;
  rows: EssayRow[];
}
