import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, body, type EssayRow, keys } from "@/lib/api";
import type { LiveRows } from "@/lib/live";
import type { WholeEssay } from "./get-essay";

/** Says by hand whose essay it is; null when nobody's. */
export function useNamePupil(batchId: string, essayId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (name: string | null) =>
      (await body(
        api.PATCH("/v1/batches/{batch_id}/essays/{essay_id}", {
          params: { path: { batch_id: batchId, essay_id: essayId } },
          body: { student_name: name },
        }),
      )) as unknown as EssayRow,
    onSuccess: (_, name) => {
      client.setQueryData<WholeEssay>(
        keys.batch.essay(batchId, essayId),
        (essay) => essay && { ...essay, student_name: name },
      );
      client.setQueryData<LiveRows>(
        keys.batch.rows(batchId),
        (live) =>
          live && {
            ...live,
            rows: live.rows.map((row) =>
              row.essay_id === essayId ? { ...row, student_name: name } : row,
            ),
          },
      );
    },
  });
}
