import { useMutation } from "@tanstack/react-query";
import { api, body, type HandedInFile, Problem } from "@/lib/api";
import { authorised } from "@/lib/api/client";
import { keepFile } from "@/lib/files";

/** Fetches the file the essay's text comes from, as it was handed in, and has the browser keep it. */
export function useDownloadOriginal(batchId: string, essayId: string) {
  return useMutation({
    mutationFn: async () => {
      const { items } = await body(
        api.GET("/v1/batches/{batch_id}/files", { params: { path: { batch_id: batchId } } }),
      );
      const files = items as unknown as HandedInFile[];
      const file = files.find((each) => each.essay_id === essayId && each.is_current);
      if (!file) throw new Problem(404, { type: "/problems/file-not-found" });
      const response = await authorised(
        new Request(
          new URL(`/v1/batches/${batchId}/files/${file.file_id}/content`, window.location.origin),
        ),
      );
      if (!response.ok) throw await Problem.from(response);
      keepFile(await response.blob(), file.file_name);
    },
  });
}
