import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, body, keys } from "@/lib/api";
import type { Judging } from "../lib/judging";

/** The same click sent twice, by an impatient hand or a network, is one request to the server. */
const once = () => ({ "Idempotency-Key": crypto.randomUUID() });
const path = (batchId: string) => ({ params: { path: { batch_id: batchId } }, headers: once() });

function useAfterwards(batchId: string) {
  const client = useQueryClient();
  return () => {
    client.invalidateQueries({ queryKey: keys.batches.all });
    return client.invalidateQueries({ queryKey: keys.batch.all(batchId) });
  };
}

/**
 * Starts a pipeline, or a single phase; of how essays are judged it says only what is chosen otherwise than usual. The
 * answer names the phases that are skipped.
 */
export function useStartRun(batchId: string) {
  const afterwards = useAfterwards(batchId);
  return useMutation({
    mutationFn: ({ pipeline, judging }: { pipeline: string; judging: Partial<Judging> }) =>
      body(
        api.POST("/v1/batches/{batch_id}/pipelines", {
          ...path(batchId),
          body: {
            requested_pipeline: pipeline,
            ...(Object.keys(judging).length > 0 ? { judging } : {}),
          },
        }),
      ),
    onSettled: afterwards,
  });
}

/** Runs the last pipeline again for what has no result. */
export function useRetry(batchId: string) {
  const afterwards = useAfterwards(batchId);
  return useMutation({
    mutationFn: () => body(api.POST("/v1/batches/{batch_id}/retry", path(batchId))),
    onSettled: afterwards,
  });
}

/** Stops the active run; the results it has are kept. */
export function useCancel(batchId: string) {
  const afterwards = useAfterwards(batchId);
  return useMutation({
    mutationFn: () => body(api.POST("/v1/batches/{batch_id}/cancel", path(batchId))),
    onSettled: afterwards,
  });
}
