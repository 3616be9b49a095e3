import { type QueryClient, queryOptions, useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { api, body, type Essay, type EssayRow, keys } from "@/lib/api";
import type { Spellcheck } from "../lib/spelling";

/** One essay with its text and what every phase found. */
export interface WholeEssay extends Omit<Essay, "results"> {
  results: { spellcheck?: Spellcheck; nlp?: Record<string, unknown> };
}

function essayQuery(batchId: string, essayId: string) {
  return queryOptions({
    queryKey: keys.batch.essay(batchId, essayId),
    queryFn: async ({ signal }) =>
      (await body(
        api.GET("/v1/batches/{batch_id}/essays/{essay_id}", {
          params: { path: { batch_id: batchId, essay_id: essayId } },
          signal,
        }),
      )) as unknown as WholeEssay,
    staleTime: 30_000,
  });
}

/**
 * One essay, read again whenever something of its row has changed.
 *
 * @param row what the class's list, which follows what happens, has of it
 */
export function useEssay(batchId: string, essayId: string, row: EssayRow | undefined) {
  const essay = useQuery(essayQuery(batchId, essayId));
  const before = useRef(row);
  const { refetch } = essay;
  useEffect(() => {
    const hasChanged = before.current?.essay_id === row?.essay_id && before.current !== row;
    before.current = row;
    if (row && hasChanged) void refetch();
  }, [row, refetch]);
  return essay;
}

/** Has an essay ready before anybody asks for it. */
export const prefetchEssay = (client: QueryClient, batchId: string, essayId: string) =>
  client.prefetchQuery(essayQuery(batchId, essayId));
