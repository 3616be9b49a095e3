import { useQuery } from "@tanstack/react-query";
import { api, type BatchDetail, body, keys } from "./api";

/** A batch with what was said of it. */
export function useBatchDetail(batchId: string) {
  return useQuery({
    queryKey: keys.batch.detail(batchId),
    queryFn: async ({ signal }): Promise<BatchDetail> =>
      body(api.GET("/v1/batches/{batch_id}", { params: { path: { batch_id: batchId } }, signal })),
  });
}
