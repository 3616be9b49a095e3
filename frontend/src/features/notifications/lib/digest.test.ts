import { describe, expect, it } from "vitest";
import type { Notification } from "@/lib/api";
import { digest } from "./digest";

const one = (seq: number, priority: Notification["priority"]) =>
  ({ seq, priority }) as Notification;

describe("what arrives together", () => {
  it("is shown if it hurries, the most urgent last", () => {
    const [a, b] = [one(1, "immediate"), one(2, "high")];

    expect(digest([a, b]).toasts).toEqual([b, a]);
  });

  it("is summed up when there is much of it", () => {
    const burst = [1, 2, 3, 4].map((seq) => one(seq, "high"));

    expect(digest(burst)).toEqual({ toasts: [], summed: 4, spoken: 4 });
  });

  it("is only read out if it does not hurry", () => {
    const calm = one(1, "low");

    expect(digest([calm])).toEqual({ toasts: [], summed: 0, spoken: calm });
  });

  it("is not laid over the page it is about", () => {
    const here = { ...one(1, "immediate"), batch_id: "here" };
    const there = { ...one(2, "immediate"), batch_id: "there" };

    expect(digest([here, there], "here")).toMatchObject({ toasts: [there], spoken: 2 });
  });

  it("may be nothing", () => {
    expect(digest([])).toEqual({ toasts: [], summed: 0, spoken: null });
  });
});
