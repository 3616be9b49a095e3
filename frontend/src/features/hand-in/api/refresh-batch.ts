import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { keys } from "@/lib/api";

/** Reads again what a changed file changes: the batch's own pages and its card in the list. */
export function useRefreshBatch(batchId: string): () => Promise<void> {
  const client = useQueryClient();
  return useCallback(async () => {
    await Promise.all([
      client.invalidateQueries({ queryKey: keys.batch.all(batchId) }),
      client.invalidateQueries({ queryKey: keys.batches.all }),
    ]);
  }, [client, batchId]);
}
