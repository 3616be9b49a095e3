import { screen, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { render } from "@/testing/render";
import { aRanking } from "../testing";
import { Reliability } from "./Reliability";

// jsdom lays nothing out, so that there is no width to draw in.
globalThis.ResizeObserver ??= class {
  observe() {}
  unobserve() {}
  disconnect() {}
};

describe("the reliability", () => {
  it("warns when the usual formula promises more than can be answered for", async () => {
    await render(<Reliability found={aRanking()} />);

    expect(screen.getByText("The figures part")).toBeVisible();
    expect(
      screen.getByText(
        "The usual formula says 0.91, but only 0.71 can be answered for. Trust the lower one.",
      ),
    ).toBeVisible();
  });

  it("says how much more it takes, where that can be said", async () => {
    await render(<Reliability found={aRanking()} />);

    expect(screen.getByText("About 40 more comparisons in all for 0.85.")).toBeVisible();
    expect(screen.queryByText(/for 0.90/)).toBeNull();
  });

  it("is called internal consistency where one machine decided everything", async () => {
    const found = aRanking();
    found.reliability.is_internal = true;
    await render(<Reliability found={found} />);

    expect(screen.getByRole("heading", { name: "Internal consistency" })).toBeVisible();
    expect(screen.getByText("Consistent is not the same as right")).toBeVisible();
    expect(screen.queryByText("Honest reliability")).toBeNull();
    expect(screen.queryByText(/more comparisons/)).toBeNull();
  });

  it("has the curve as a table, too", async () => {
    await render(<Reliability found={aRanking()} />);

    const table = screen.getByRole("table", { name: "Round by round", hidden: true });
    const rows = within(table).getAllByRole("row", { hidden: true });
    expect(rows.slice(1).map((row) => row.textContent)).toEqual([
      "12––0.40",
      "240.710.60–0.800.91",
    ]);
  });
});
