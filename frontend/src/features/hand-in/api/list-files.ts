import { useQuery } from "@tanstack/react-query";
import { api, body, type HandedInFile, keys } from "@/lib/api";
import { useConnectionState } from "@/lib/live";

const POLL_MS = 1000;
const PAGE = 200;

/** A batch's files and what came of reading them; asked for again while some are being read. */
export function useFiles(batchId: string) {
  const isLive = useConnectionState() === "live";
  return useQuery({
    queryKey: keys.batch.files(batchId),
    queryFn: ({ signal }) => readFiles(batchId, signal),
    refetchInterval: ({ state }) =>
      state.data?.some(isBeingRead) ? (isLive ? 2 * POLL_MS : POLL_MS) : false,
  });
}

async function readFiles(batchId: string, signal: AbortSignal): Promise<HandedInFile[]> {
  const files: HandedInFile[] = [];
  let cursor: string | undefined;
  do {
    const page = await body(
      api.GET("/v1/batches/{batch_id}/files", {
        params: { path: { batch_id: batchId }, query: { limit: PAGE, cursor } },
        signal,
      }),
    );
    files.push(...(page.items as HandedInFile[]));
    cursor = page.next_cursor ?? undefined;
  } while (cursor);
  return files;
}

export function isBeingRead(file: HandedInFile): boolean {
  return file.status === "received" || file.status === "reading";
}
