import { useQueries } from "@tanstack/react-query";
import { api, body, keys } from "@/lib/api";

/** The classes of batches by the batches' ids; those that are not known, or are gone, are left out. */
export function useBatchNames(batchIds: readonly (string | null)[]): Map<string, string> {
  const ids = [...new Set(batchIds.filter((id) => id !== null))];
  const found = useQueries({
    queries: ids.map((id) => ({
      queryKey: keys.batch.detail(id),
      queryFn: () =>
        body(api.GET("/v1/batches/{batch_id}", { params: { path: { batch_id: id } } })),
      staleTime: 5 * 60_000,
      retry: false,
    })),
  });
  return new Map(
    ids.flatMap((id, index) => {
      const name = found[index]?.data?.class_designation;
      return name ? [[id, name] as const] : [];
    }),
  );
}
