import { useQuery } from "@tanstack/react-query";
import { api, type BatchStatusBody, body, keys, type SpellingSummary } from "@/lib/api";

/** The commonest spelling errors of a class; asked again when a run has ended, or the class has changed without one. */
export function useSpellingSummary(batch: BatchStatusBody) {
  const asOf = batch.status === "processing" ? batch.run_id : batch.event_no;
  return useQuery({
    queryKey: [...keys.batch.spelling(batch.batch_id), asOf],
    queryFn: async ({ signal }): Promise<SpellingSummary> =>
      body(
        api.GET("/v1/batches/{batch_id}/spelling-summary", {
          params: { path: { batch_id: batch.batch_id } },
          signal,
        }),
      ),
    placeholderData: (before) => before,
  });
}
