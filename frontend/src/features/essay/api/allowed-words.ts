import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type AllowedWord, api, body, keys } from "@/lib/api";

/** The words that are no errors in this class. */
export const useAllowedWords = (batchId: string) =>
  useQuery({
    queryKey: keys.batch.allowedWords(batchId),
    queryFn: async ({ signal }): Promise<AllowedWord[]> =>
      (
        await body(
          api.GET("/v1/batches/{batch_id}/allowed-words", {
            params: { path: { batch_id: batchId } },
            signal,
          }),
        )
      ).items,
  });

/** Says of a word that it is no error in this class; done when everything of the batch that is shown says so. */
export function useAllowWord(batchId: string) {
  const refresh = useRefresh(batchId);
  return useMutation({
    mutationFn: (word: string) =>
      body(
        api.POST("/v1/batches/{batch_id}/allowed-words", {
          params: { path: { batch_id: batchId } },
          body: { word },
        }),
      ),
    onSuccess: refresh,
  });
}

/** Takes that back. */
export function useDisallowWord(batchId: string) {
  const refresh = useRefresh(batchId);
  return useMutation({
    mutationFn: async (word: string) => {
      await api.DELETE("/v1/batches/{batch_id}/allowed-words/{word}", {
        params: { path: { batch_id: batchId, word } },
      });
    },
    onSuccess: refresh,
  });
}

function useRefresh(batchId: string): () => Promise<void> {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: keys.batch.all(batchId) });
}
