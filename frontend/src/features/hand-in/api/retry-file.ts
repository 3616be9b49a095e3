import { useMutation } from "@tanstack/react-query";
import { api } from "@/lib/api";
import { useRefreshBatch } from "./refresh-batch";

/** Has a file read again as it is. */
export function useRetryFile(batchId: string) {
  const refresh = useRefreshBatch(batchId);
  return useMutation({
    mutationFn: (fileId: string) =>
      api.POST("/v1/batches/{batch_id}/files/{file_id}/retry", {
        params: { path: { batch_id: batchId, file_id: fileId } },
      }),
    onSettled: refresh,
  });
}
