import { describe, expect, it } from "vitest";
import { readResultsSearch, USUAL_COLUMNS } from "./search";

describe("the address of the results", () => {
  it("keeps what is asked for", () => {
    const asked = {
      search: "åsa",
      show: "failed",
      sort: "errors_per_100",
      desc: true,
      columns: ["words", "lix"],
      chart: "lix",
    };

    expect(readResultsSearch(asked)).toEqual(asked);
  });

  it("drops what is usual", () => {
    expect(
      readResultsSearch({
        search: " ",
        show: "all",
        sort: "position",
        desc: false,
        columns: [...USUAL_COLUMNS].reverse(),
      }),
    ).toEqual({});
  });

  it("drops what it does not know", () => {
    expect(
      readResultsSearch({ show: "some", sort: "__proto__", columns: ["words", "x"], chart: 7 }),
    ).toEqual({ columns: ["words"] });
  });
});
