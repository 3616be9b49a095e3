import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, body, keys } from "@/lib/api";
import { keepFile } from "@/lib/files";

/** Fetches every decision that counts as a file for other programs. */
export function useDownloadDecisions(batchId: string) {
  return useMutation({
    mutationFn: async (name: string) => {
      const { data } = await api.GET("/v1/batches/{batch_id}/decisions.csv", {
        params: { path: { batch_id: batchId } },
        parseAs: "blob",
      });
      keepFile(data as unknown as Blob, name);
    },
  });
}

/** Brings in the decisions of a file: all that are new, or none if one of its lines is bad. */
export function useBringInDecisions(batchId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (file: File) => {
      const content = await file.arrayBuffer();
      return body(
        api.POST("/v1/batches/{batch_id}/decisions", {
          params: { path: { batch_id: batchId } },
          headers: { "Content-Type": "text/csv", "Idempotency-Key": crypto.randomUUID() },
          body: content as unknown as string,
          // As it is: its bytes say how it is written.
          bodySerializer: (given: unknown) => given as BodyInit,
        }),
      );
    },
    onSuccess: () => client.invalidateQueries({ queryKey: keys.batch.assessment(batchId) }),
  });
}

/** Takes back everything that one file brought in. */
export function useTakeBackFile(batchId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (importId: string) =>
      body(
        api.DELETE("/v1/batches/{batch_id}/decisions/imports/{import_id}", {
          params: { path: { batch_id: batchId, import_id: importId } },
        }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.batch.assessment(batchId) }),
  });
}
