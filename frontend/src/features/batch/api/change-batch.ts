import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, body, keys } from "@/lib/api";

/** Says what the pupils were asked to write; done when everything of the batch that is shown knows it. */
export function useWriteAssignment(batchId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (text: string) =>
      body(
        api.PATCH("/v1/batches/{batch_id}", {
          params: { path: { batch_id: batchId } },
          body: { essay_instructions: text },
        }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.batch.all(batchId) }),
  });
}
