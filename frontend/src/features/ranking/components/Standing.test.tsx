import { screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { render } from "@/testing/render";
import { aRanking } from "../testing";
import { Standing } from "./Standing";

describe("what a ranking is", () => {
  it("is an estimate where only the built-in judge decided", async () => {
    const found = aRanking();
    await render(<Standing found={{ ...found, judges: found.judges.slice(0, 1) }} />);

    expect(screen.getByText("An estimate by the built-in judge")).toBeVisible();
  });

  it("is an estimate in part where people decided, too", async () => {
    await render(<Standing found={aRanking()} />);

    expect(screen.queryByText("An estimate by the built-in judge")).toBeNull();
    expect(screen.getByText(/^Some of the comparisons are estimates/)).toBeVisible();
  });

  it("says why it ended and what it lacks", async () => {
    await render(<Standing found={aRanking()} />);

    expect(screen.getByText(/all the rounds that were allowed/)).toHaveTextContent(
      "Before it counts as reliable it lacks more rounds and a higher reliability.",
    );
  });

  it("is a ranking only where no grades follow from it", async () => {
    await render(<Standing found={aRanking()} />);

    expect(screen.getByText(/^This is a ranking only/)).toBeVisible();
  });

  it("is more than that with essays whose grades are known", async () => {
    const grading = { scale: "custom", grades: ["1", "2"], why_not: null, without_anchors: [] };
    await render(<Standing found={aRanking({ grading })} />);

    expect(screen.queryByText(/^This is a ranking only/)).toBeNull();
  });

  it("holds within groups that nothing links", async () => {
    await render(<Standing found={aRanking({ components: [["a", "b"], ["c"]] })} />);

    expect(screen.getByText(/groups of 2 and 1 essays/)).toBeVisible();
  });
});
