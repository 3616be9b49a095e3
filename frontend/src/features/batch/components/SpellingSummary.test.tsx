import { screen, within } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { BatchStatusBody, SpellingSummary as Summary } from "@/lib/api";
import { render } from "@/testing/render";
import { SpellingSummary } from "./SpellingSummary";

// jsdom lays nothing out, so that there is no width to draw in.
globalThis.ResizeObserver ??= class {
  observe() {}
  unobserve() {}
  disconnect() {}
};

const BATCH = { batch_id: "b", status: "ready", event_no: 7 } as unknown as BatchStatusBody;
const NONE: Summary = { essay_count: 0, error_count: 0, counts_by_kind: { nonword: 0 }, items: [] };

async function show(summary: Partial<Summary>, locale: "en" | "sv" = "en") {
  vi.stubGlobal("fetch", async () => Response.json({ ...NONE, ...summary }));
  await render(<SpellingSummary batch={BATCH} />, { locale });
}

afterEach(() => vi.unstubAllGlobals());

describe("the spelling of a class", () => {
  const summary = {
    essay_count: 30,
    error_count: 15,
    counts_by_kind: { nonword: 14, case: 1, realword: 0 },
    items: [
      {
        form: "recieve",
        kind: "nonword" as const,
        correction: "receive",
        error_count: 12,
        essay_count: 9,
      },
      { form: "xyzzy", kind: "nonword" as const, correction: null, error_count: 2, essay_count: 1 },
    ],
  };

  it("is a table for whoever does not see the drawing", async () => {
    await show(summary);

    const table = await screen.findByRole("table", {
      name: "The commonest spelling errors",
      hidden: true,
    });
    const rows = within(table).getAllByRole("row", { hidden: true });
    expect(rows.slice(1).map((row) => [...row.children].map((cell) => cell.textContent))).toEqual([
      ["recieve", "receive", "Unknown word", "12", "9"],
      ["xyzzy", "not sure", "Unknown word", "2", "1"],
    ]);
  });

  it("says how many errors there are of each kind that there are", async () => {
    await show(summary, "sv");

    expect(await screen.findByText("15 fel i 30 kontrollerade uppsatser.")).toBeVisible();
    expect(screen.getAllByRole("term").map((term) => term.textContent)).toEqual([
      "Okänt ord",
      "Stor bokstav",
    ]);
  });

  it("says so when nothing was checked yet", async () => {
    await show({});

    expect(await screen.findByText("No spelling has been checked yet.")).toBeVisible();
    expect(screen.queryByRole("table", { hidden: true })).toBeNull();
  });

  it("says so when nothing is wrong", async () => {
    await show({ essay_count: 3 });

    expect(
      await screen.findByText("No spelling errors were found in the 3 essays checked."),
    ).toBeVisible();
  });
});
