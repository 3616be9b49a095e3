import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { useShortcutKeys } from "@/hooks/use-shortcut";
import { render } from "@/testing/render";
import { useSitting } from "../lib/use-sitting";
import { Bench } from "./Bench";

const NEXT = "/v1/batches/b/comparisons/next";

interface Asked {
  method: string;
  path: string;
  body: unknown;
}

let asked: Asked[];
let pairs: string[];
let refusals: number[];
let now: number;
let lentMs: number;

const pair = (id: string) => ({
  comparison_id: id,
  round_no: 1,
  lease_until: new Date(Date.now() + lentMs).toISOString(),
  instructions: "Write.",
  left: { text: `The left one of ${id}.`, language: "en" },
  right: { text: `The right one of ${id}.`, language: "en" },
  decided: 0,
  in_round: 3,
});

function answer({ method, path }: Asked): Response {
  if (path === NEXT) {
    const id = pairs.shift();
    return id ? Response.json(pair(id)) : new Response(null, { status: 204 });
  }
  const id = path.split("/")[3] ?? "";
  if (method === "DELETE")
    return Response.json({ decision_id: id, comparison: pair(id.replace("decision-", "")) });
  const status = refusals.shift();
  if (status) return Response.json({ type: "/problems/comparison-taken", status }, { status });
  return Response.json({ decision_id: `decision-${id}`, comparison_id: id });
}

const decisions = () => asked.filter((each) => each.path.endsWith("/decision"));

beforeEach(() => {
  [asked, pairs, refusals, now, lentMs] = [[], ["one", "two", "three"], [], 0, 900_000];
  localStorage.clear();
  vi.spyOn(performance, "now").mockImplementation(() => now);
  vi.stubGlobal("fetch", async (request: Request) => {
    const text = await request.text();
    const path = new URL(request.url).pathname;
    const each = { method: request.method, path, body: text ? JSON.parse(text) : undefined };
    asked.push(each);
    return answer(each);
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

function Sitting() {
  useShortcutKeys();
  const bench = useSitting("b");
  return bench.shown ? <Bench pair={bench.shown} bench={bench} /> : <p>No pair</p>;
}

/** Sits down, and reads the first two texts for so long. */
async function sitDown(readMs = 20_000) {
  await render(<Sitting />);
  await sees("one");
  now += readMs;
}

const sees = (id: string) => screen.findByText(`The left one of ${id}.`);

describe("judging by the keyboard", () => {
  it("sends what was chosen and why, and shows the next pair, which is there already", async () => {
    await sitDown();
    await waitFor(() => expect(asked.filter(({ path }) => path === NEXT)).toHaveLength(2));

    await userEvent.keyboard("1{ArrowLeft}");

    await sees("two");
    expect(decisions()).toEqual([
      {
        method: "POST",
        path: "/v1/comparisons/one/decision",
        body: { choice: "left", reasons: ["content"], duration_ms: 20_000 },
      },
    ]);
    expect(screen.getByRole("checkbox", { name: "Content" })).not.toBeChecked();
  });

  it("takes the last decision back and shows its pair again", async () => {
    await sitDown();
    await userEvent.keyboard("{ArrowRight}");
    await sees("two");

    await userEvent.keyboard("u");

    await sees("one");
    expect(asked.at(-1)).toMatchObject({ method: "DELETE", path: "/v1/decisions/decision-one" });
  });

  it("calls two texts equal only where that was allowed", async () => {
    await sitDown();
    await userEvent.keyboard("t{ArrowUp}");
    expect(decisions()).toEqual([]);

    await userEvent.click(screen.getByRole("checkbox", { name: "Allow equal" }));
    screen.getByRole("checkbox", { name: "Allow equal" }).blur();
    await userEvent.keyboard("t");

    await sees("two");
    expect(decisions()[0]?.body).toMatchObject({ choice: "tie" });
  });
});

describe("a decision", () => {
  it("is made once, however often the button is clicked", async () => {
    await sitDown();

    await userEvent.dblClick(screen.getByRole("button", { name: "Left is better" }));

    await sees("two");
    expect(decisions()).toHaveLength(1);
  });

  it("is asked about when there was no time to read, and made when it is chosen again", async () => {
    await sitDown(1000);
    await userEvent.keyboard("{ArrowLeft}");
    expect(await screen.findByRole("alert")).toHaveTextContent("That was quick");
    expect(decisions()).toEqual([]);

    await userEvent.keyboard("{ArrowLeft}");

    await sees("two");
    expect(screen.queryByRole("alert")).toBeNull();
    expect(decisions()[0]?.body).toMatchObject({ choice: "left", duration_ms: 1000 });
  });

  it("about a pair that somebody else has by now leads to the next one", async () => {
    refusals = [409];
    await sitDown();

    await userEvent.keyboard("{ArrowLeft}");

    await sees("two");
    expect(screen.getByRole("button", { name: "Take back the last one" })).toBeDisabled();
  });

  it("that did not get through says so and stays", async () => {
    refusals = [503];
    await sitDown();

    await userEvent.keyboard("{ArrowLeft}");

    expect(await screen.findByRole("alert")).toBeVisible();
    await sees("one");
  });

  it("may be that one cannot judge, and why", async () => {
    await sitDown();
    await userEvent.click(screen.getByRole("button", { name: "Cannot judge" }));
    const dialog = await screen.findByRole("dialog", { hidden: true });
    const inside = within(dialog);
    await userEvent.click(
      inside.getByRole("checkbox", { name: "One is not all there", hidden: true }),
    );

    await userEvent.click(inside.getByRole("button", { name: "Cannot judge", hidden: true }));

    await sees("two");
    expect(decisions()[0]?.body).toMatchObject({ choice: "invalid", reasons: ["incomplete"] });
  });
});

it("says when the pair is no longer kept, and offers another", async () => {
  lentMs = -1;
  await sitDown();
  expect(screen.getByRole("alert")).toHaveTextContent("You have had this pair for a long time");

  await userEvent.click(screen.getByRole("button", { name: "Take another pair" }));

  await sees("two");
  expect(decisions()).toEqual([]);
});
