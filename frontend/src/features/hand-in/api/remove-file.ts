import { useMutation } from "@tanstack/react-query";
import { api } from "@/lib/api";
import { useRefreshBatch } from "./refresh-batch";

/** Takes a file out of a batch; its essay waits for another. */
export function useRemoveFile(batchId: string) {
  const refresh = useRefreshBatch(batchId);
  return useMutation({
    mutationFn: (fileId: string) =>
      api.DELETE("/v1/batches/{batch_id}/files/{file_id}", {
        params: { path: { batch_id: batchId, file_id: fileId } },
      }),
    onSettled: refresh,
  });
}
