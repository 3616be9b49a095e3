import { useQuery } from "@tanstack/react-query";
import { api, body, type HandedInFile, keys } from "@/lib/api";
import { useConnectionState } from "@/lib/live";

const POLL_MS = 1000;

/** A batch's files and what came of reading them; asked for again while some are being read. */
export function useFiles(batchId: string) {
  const isLive = useConnectionState() === "live";
  return useQuery({
    queryKey: keys.batch.files(batchId),
    queryFn: async ({ signal }) => {
      const params = { path: { batch_id: batchId } };
      const page = await body(api.GET("/v1/batches/{batch_id}/files", { params, signal }));
      return page.items as HandedInFile[];
    },
    refetchInterval: ({ state }) =>
      state.data?.some(isBeingRead) ? (isLive ? 2 * POLL_MS : POLL_MS) : false,
  });
}

export function isBeingRead(file: HandedInFile): boolean {
  return file.status === "received" || file.status === "reading";
}
