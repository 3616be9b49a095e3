import { useMutation } from "@tanstack/react-query";
import { api, type Comparison } from "@/lib/api";

/** Borrows the next pair of a batch; null where this person has decided all there are. Each call borrows another one. */
export function useBorrow(batchId: string) {
  return useMutation({
    mutationFn: async (): Promise<Comparison | null> => {
      const { data, response } = await api.GET("/v1/batches/{batch_id}/comparisons/next", {
        params: { path: { batch_id: batchId } },
      });
      return response.status === 204 ? null : (data ?? null);
    },
  });
}
