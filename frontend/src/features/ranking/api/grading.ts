import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, body, keys } from "@/lib/api";
import { keepFile } from "@/lib/files";

/** Grades change what the ranking says; done when it says so. */
function useAfterwards(batchId: string) {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: keys.batch.assessment(batchId) });
}

export type ScaleName = "swedish_a_f" | "eng5_national" | "custom";

/** Says on which scale a class is graded; with `custom`, its grades, the lowest first. */
export function useSetScale(batchId: string) {
  const afterwards = useAfterwards(batchId);
  return useMutation({
    mutationFn: ({ scale, grades }: { scale: ScaleName; grades?: string[] }) =>
      body(
        api.PUT("/v1/batches/{batch_id}/grade-scale", {
          params: { path: { batch_id: batchId } },
          body: { scale, grades: scale === "custom" ? (grades ?? []) : null },
        }),
      ),
    onSuccess: afterwards,
  });
}

/** Says what grade an essay has, so that others are graded by it; null that nobody knows. */
export function useMarkAnchor(batchId: string) {
  const afterwards = useAfterwards(batchId);
  return useMutation({
    mutationFn: async ({ essayId, grade }: { essayId: string; grade: string | null }) => {
      const params = { path: { batch_id: batchId, essay_id: essayId } };
      const address = "/v1/batches/{batch_id}/anchors/{essay_id}";
      if (grade === null) await api.DELETE(address, { params });
      else await api.PUT(address, { params, body: { grade } });
    },
    onSuccess: afterwards,
  });
}

/** Gives essays their grades, all of them or none. */
export function useDecideGrades(batchId: string) {
  const afterwards = useAfterwards(batchId);
  return useMutation({
    mutationFn: (grades: { essay_id: string; grade: string }[]) =>
      body(
        api.PATCH("/v1/batches/{batch_id}/grades", {
          params: { path: { batch_id: batchId } },
          body: { grades },
        }),
      ),
    onSuccess: afterwards,
  });
}

/** Leaves an essay's grade open again. */
export function useTakeBackGrade(batchId: string) {
  const afterwards = useAfterwards(batchId);
  return useMutation({
    mutationFn: async (essayId: string) => {
      await api.DELETE("/v1/batches/{batch_id}/grades/{essay_id}", {
        params: { path: { batch_id: batchId, essay_id: essayId } },
      });
    },
    onSuccess: afterwards,
  });
}

/** Fetches the ranking with its grades as a file for spreadsheets. */
export function useDownloadGrades(batchId: string) {
  return useMutation({
    mutationFn: async (name: string) => {
      const { data } = await api.GET("/v1/batches/{batch_id}/grades.csv", {
        params: { path: { batch_id: batchId } },
        parseAs: "blob",
      });
      keepFile(data as unknown as Blob, name);
    },
  });
}
