import { screen, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { render } from "@/testing/render";
import { Histogram } from "./Histogram";

// jsdom lays nothing out, so that there is no width to draw in.
globalThis.ResizeObserver ??= class {
  observe() {}
  unobserve() {}
  disconnect() {}
};

describe("a histogram", () => {
  it("has the same as a table", async () => {
    await render(<Histogram measure="errors_per_100" values={[0.4, 1.2, 1.8, 3.1]} />);

    const table = screen.getByRole("table", { name: "Errors per 100 words", hidden: true });
    const rows = within(table).getAllByRole("row", { hidden: true });
    const counts = rows.slice(1).map((row) => Number(row.lastElementChild?.textContent));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(4);
    expect(rows[1]).toHaveTextContent(/^0 to /);
  });

  it("says so when there is nothing to show", async () => {
    await render(<Histogram measure="lix" values={[]} />);

    expect(screen.getByText("There are no values of this yet.")).toBeVisible();
  });

  it("writes shares in per cent, as in the language of the reader", async () => {
    await render(<Histogram measure="long_word_share" values={[0.11, 0.25]} />, { locale: "sv" });

    expect(screen.getAllByRole("rowheader", { hidden: true })[0]).toHaveTextContent(/% till/);
  });
});
