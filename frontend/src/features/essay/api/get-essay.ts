import { type QueryClient, queryOptions, useQuery } from "@tanstack/react-query";
import { api, body, type Essay, keys } from "@/lib/api";
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

export const useEssay = (batchId: string, essayId: string) =>
  useQuery(essayQuery(batchId, essayId));

/** Has an essay ready before anybody asks for it. */
export const prefetchEssay = (client: QueryClient, batchId: string, essayId: string) =>
  client.prefetchQuery(essayQuery(batchId, essayId));
