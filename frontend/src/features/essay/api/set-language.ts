import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, body, keys, type Language } from "@/lib/api";

/** Says which language an essay is in; done when everything of the batch that is shown says so. */
export function useSetLanguage(batchId: string, essayId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (language: Language) =>
      body(
        api.PATCH("/v1/batches/{batch_id}/essays/{essay_id}", {
          params: { path: { batch_id: batchId, essay_id: essayId } },
          body: { language },
        }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.batch.all(batchId) }),
  });
}
