import { describe, expect, it } from "vitest";
import type { Notification } from "@/lib/api";
import { grouped, spokenDay } from "./grouped";

const at = (seq: number, day: number, more: Partial<Notification> = {}): Notification => ({
  seq,
  notification_id: String(seq),
  type: "batch_ready",
  category: "batch_progress",
  priority: "standard",
  action_required: false,
  batch_id: "b",
  correlation_id: "c",
  payload: {},
  created_at: new Date(2026, 2, day, 12, seq).toISOString(),
  read_at: null,
  ...more,
});
const shape = (...notifications: Notification[]) =>
  grouped(notifications).map(({ key, items }) => `${key}: ${items.map((each) => each.seq).join()}`);

describe("notifications in groups", () => {
  it("are by day, the newest first", () => {
    expect(shape(at(1, 1), at(2, 2), at(3, 2))).toEqual(["2026-03-02: 3,2", "2026-03-01: 1"]);
  });

  it("begin with what needs somebody and was not read", () => {
    const needs = { action_required: true };

    expect(shape(at(1, 1, needs), at(2, 2), at(3, 2, { ...needs, read_at: "x" }))).toEqual([
      "action: 1",
      "2026-03-02: 3,2",
    ]);
  });

  it("may be none", () => {
    expect(grouped([])).toEqual([]);
  });
});

describe("a day", () => {
  const now = new Date(2026, 2, 1, 9);

  it("is today, yesterday over the end of a month, or a date", () => {
    expect(spokenDay("2026-03-01", now)).toBe("today");
    expect(spokenDay("2026-02-28", now)).toBe("yesterday");
    expect(spokenDay("2026-02-27", now)).toBe("date");
  });
});
