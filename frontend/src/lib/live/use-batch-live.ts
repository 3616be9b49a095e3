import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import { api, body } from "../api/client";
import { keys } from "../api/keys";
import type { BatchStatusBody, EssayRow } from "../api/types";
import { useConnectionState } from "./provider";
import type { ConnectionState, LiveRows } from "./types";

export interface BatchLive {
  connection: ConnectionState;
  status: UseQueryResult<BatchStatusBody>;
  /** Every essay of the batch in order of position; patched in place as results land. */
  rows: UseQueryResult<LiveRows>;
}

/** A batch that moves by itself: its status and all its rows, over the socket or by asking now and then. */
export function useBatchLive(batchId: string): BatchLive {
  const connection = useConnectionState();
  const refetchInterval = connection === "live" ? false : 3000;
  const params = { path: { batch_id: batchId } };
  const status = useQuery({
    queryKey: keys.batch.status(batchId),
    queryFn: async ({ signal }) =>
      (await body(api.GET("/v1/batches/{batch_id}/status", { params, signal }))) as BatchStatusBody,
    refetchInterval,
  });
  const rows = useQuery({
    queryKey: keys.batch.rows(batchId),
    queryFn: async ({ signal }): Promise<LiveRows> => {
      const page = await body(api.GET("/v1/batches/{batch_id}/essays", { params, signal }));
      return { eventNo: 0, rows: page.items as unknown as EssayRow[] };
    },
    refetchInterval,
  });
  return { connection, status, rows };
}
