import { useQuery } from "@tanstack/react-query";
import { api, body, type JudgingCosts, keys } from "./api";

/** What it may cost to have a model compare a batch's essays, and what has been spent. */
export function useJudgingCosts(batchId: string, mostRounds: number, isWanted = true) {
  return useQuery({
    queryKey: [...keys.batch.all(batchId), "judging-costs", mostRounds],
    queryFn: async ({ signal }): Promise<JudgingCosts> =>
      body(
        api.GET("/v1/batches/{batch_id}/judging-costs", {
          params: { path: { batch_id: batchId }, query: { most_rounds: mostRounds } },
          signal,
        }),
      ),
    placeholderData: (before) => before,
    enabled: isWanted,
    retry: false,
  });
}
