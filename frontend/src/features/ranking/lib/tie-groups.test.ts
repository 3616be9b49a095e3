import { expect, it } from "vitest";
import { tieGroups } from "./tie-groups";

it("essays that cannot be told apart are one group", () => {
  const groups = tieGroups([1, 1, 2, 3, 3, 3].map((tie_group) => ({ tie_group })));

  expect(groups).toEqual([
    { no: 1, from: 0, size: 2 },
    { no: 2, from: 2, size: 1 },
    { no: 3, from: 3, size: 3 },
  ]);
});
