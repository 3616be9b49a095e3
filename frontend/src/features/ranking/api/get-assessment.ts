import { useQuery } from "@tanstack/react-query";
import { type Assessment, api, type BatchStatusBody, body, keys } from "@/lib/api";

const PHASE = "cj_assessment";

/** The newest ranking of a batch; asked again when the comparing has moved on, or a person has decided since. */
export function useAssessment(batch: BatchStatusBody) {
  const compared = batch.phases.find((each) => each.phase === PHASE)?.status;
  const asOf =
    batch.status === "processing" ? `${batch.run_id} ${compared}` : String(batch.event_no);
  return useQuery({
    queryKey: [...keys.batch.assessment(batch.batch_id), asOf],
    queryFn: async ({ signal }): Promise<Assessment> =>
      body(
        api.GET("/v1/batches/{batch_id}/assessment", {
          params: { path: { batch_id: batch.batch_id } },
          signal,
        }),
      ),
    placeholderData: (before) => before,
    // That nothing was compared is an answer, too.
    retry: false,
  });
}
