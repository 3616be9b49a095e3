import { useMemo } from "react";
import { useCatalogue } from "@/components/work";
import type { BatchStatusBody, EssayRow } from "@/lib/api";
import { type Column, TEXT } from "../lib/cell-state";

/**
 * The columns of the grid and the nodes of the graph: the texts, then the phases of the latest run and those an
 * earlier run left results of; before any run, all there are.
 */
export function useColumns(batch: BatchStatusBody, rows: readonly EssayRow[]): Column[] {
  const catalogue = useCatalogue().data;
  const found = useMemo(() => [...new Set(rows.flatMap((row) => Object.keys(row.phases)))], [rows]);
  const foundKey = found.join(" ");
  return useMemo(() => {
    const known = catalogue?.phases ?? [];
    const planned = batch.phases.map((each) => each.phase);
    const wanted = new Set([...planned, ...foundKey.split(" ").filter(Boolean)]);
    const names = known.map((each) => each.name);
    const ordered = [...names, ...[...wanted].filter((name) => !names.includes(name))];
    const shown = wanted.size > 0 ? ordered.filter((name) => wanted.has(name)) : names;
    return [
      { name: TEXT, dependsOn: [], progress: undefined },
      ...shown.map((name) => ({
        name,
        dependsOn: known.find((each) => each.name === name)?.depends_on ?? [],
        progress: batch.phases.find((each) => each.phase === name),
        isOfClass: known.find((each) => each.name === name)?.scope === "batch",
      })),
    ];
  }, [batch.phases, catalogue, foundKey]);
}
