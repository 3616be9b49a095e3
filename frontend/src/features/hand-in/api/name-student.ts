import { useMutation } from "@tanstack/react-query";
import { api } from "@/lib/api";
import { useRefreshBatch } from "./refresh-batch";

/** Says by hand whose essay it is; null lets the file's name decide again. */
export function useNameStudent(batchId: string) {
  const refresh = useRefreshBatch(batchId);
  return useMutation({
    mutationFn: ({ essayId, name }: { essayId: string; name: string | null }) =>
      api.PATCH("/v1/batches/{batch_id}/essays/{essay_id}", {
        params: { path: { batch_id: batchId, essay_id: essayId } },
        body: { student_name: name },
      }),
    onSettled: refresh,
  });
}
