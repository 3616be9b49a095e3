import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, body, keys } from "@/lib/api";

/** Runs the last pipeline again for what has no result. */
export function useRetry(batchId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () =>
      body(
        api.POST("/v1/batches/{batch_id}/retry", {
          params: { path: { batch_id: batchId } },
          headers: { "Idempotency-Key": crypto.randomUUID() },
        }),
      ),
    onSettled: () => client.invalidateQueries({ queryKey: keys.batch.all(batchId) }),
  });
}
