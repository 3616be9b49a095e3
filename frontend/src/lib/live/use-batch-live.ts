import { type UseQueryResult, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, body } from "../api/client";
import { keys } from "../api/keys";
import type { BatchStatusBody } from "../api/types";
import { useConnectionState } from "./provider";
import { readRows, readRowsSince } from "./requests";
import type { ConnectionState, LiveRows } from "./types";

const POLL_MS = 2000;
/** While live, the time that is left is estimated anew now and then. */
const ETA_MS = 10_000;

export interface BatchLive {
  connection: ConnectionState;
  status: UseQueryResult<BatchStatusBody>;
  /** Every essay of the batch in order of position; patched in place as results land. */
  rows: UseQueryResult<LiveRows>;
}

/** A batch that moves by itself: its status and all its rows, over the socket or by asking now and then. */
export function useBatchLive(batchId: string): BatchLive {
  const client = useQueryClient();
  const connection = useConnectionState();
  const isLive = connection === "live";

  const status = useQuery({
    queryKey: keys.batch.status(batchId),
    queryFn: async ({ signal }) =>
      (await body(
        api.GET("/v1/batches/{batch_id}/status", {
          params: { path: { batch_id: batchId } },
          signal,
        }),
      )) as BatchStatusBody,
    refetchInterval: ({ state }) =>
      isLive ? (state.data?.status === "processing" ? ETA_MS : false) : POLL_MS,
  });
  const rows = useQuery({
    queryKey: keys.batch.rows(batchId),
    queryFn: ({ signal }) => {
      const known = client.getQueryData<LiveRows>(keys.batch.rows(batchId));
      return known ? readRowsSince(batchId, known, signal) : readRows(batchId, signal);
    },
    refetchInterval: isLive ? false : POLL_MS,
  });
  return { connection, status, rows };
}
