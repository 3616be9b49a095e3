import { describe, expect, it } from "vitest";
import type { Comparison } from "@/lib/api";
import { borrowed, decided, dropped, minutesLeft, type Sitting, START, undone } from "./sitting";

const pair = (id: string, more: Partial<Comparison> = {}): Comparison => ({
  comparison_id: id,
  round_no: 1,
  lease_until: "2026-03-02T10:15:00Z",
  instructions: "",
  left: { text: "One.", language: "en" },
  right: { text: "Other.", language: "en" },
  decided: 4,
  in_round: 10,
  ...more,
});
const made = (decisionId: string, lookedMs = 20_000) => ({ decisionId, lookedMs });
const ids = (sitting: Sitting) => sitting.pairs.map((each) => each.comparison_id);
const sitting = (...pairs: Comparison[]) => pairs.reduce(borrowed, START);

describe("a sitting", () => {
  it("begins where the person left off", () => {
    expect(sitting(pair("a"), pair("b"))).toMatchObject({ decided: 4, left: 10, outOf: 10 });
  });

  it("borrows each pair once", () => {
    expect(ids(sitting(pair("a"), pair("a")))).toEqual(["a"]);
  });

  it("goes on to the next pair with a decision", () => {
    const after = decided(sitting(pair("a"), pair("b")), made("d"));

    expect(ids(after)).toEqual(["b"]);
    expect(after).toMatchObject({ decided: 5, left: 9, outOf: 10 });
  });

  it("believes that others have judged, too", () => {
    const after = decided(sitting(pair("a"), pair("b", { in_round: 6 })), made("d"));

    expect(after.left).toBe(6);
  });

  it("counts a new round from its beginning", () => {
    const after = decided(
      sitting(pair("a", { in_round: 1 }), pair("b", { round_no: 2, in_round: 12 })),
      made("d"),
    );

    expect(after).toMatchObject({ left: 12, outOf: 12 });
  });

  it("has nothing left after the last pair, and goes on with what comes later", () => {
    const after = decided(sitting(pair("a", { in_round: 1 })), made("d"));
    expect(after).toMatchObject({ left: 0, decided: 5 });

    expect(borrowed(after, pair("b", { round_no: 2, in_round: 8 }))).toMatchObject({
      left: 8,
      outOf: 8,
      decided: 5,
    });
  });

  it("shows a pair again whose decision is taken back, before the one it had gone on to", () => {
    const after = decided(sitting(pair("a"), pair("b")), made("d"));

    const before = undone(after, pair("a"));

    expect(ids(before)).toEqual(["a", "b"]);
    expect(before).toMatchObject({ decided: 4, left: 10, made: [] });
  });

  it("stays where it is when the pair cannot be shown again", () => {
    const after = undone(decided(sitting(pair("a"), pair("b")), made("d")), null);

    expect(ids(after)).toEqual(["b"]);
    expect(after.decided).toBe(4);
  });

  it("leaves a pair that is somebody else's without counting it", () => {
    expect(dropped(sitting(pair("a"), pair("b")))).toMatchObject({ decided: 4, made: [] });
  });
});

describe("the minutes left", () => {
  it("go by the person's usual time", () => {
    const times = [10_000, 600_000, 30_000].map((ms) => made("d", ms));

    expect(minutesLeft({ made: times, left: 9 })).toBe(5);
  });

  it("are unknown before the first decision", () => {
    expect(minutesLeft({ made: [], left: 9 })).toBeNull();
  });
});
