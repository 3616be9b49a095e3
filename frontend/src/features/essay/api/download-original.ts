import { useMutation } from "@tanstack/react-query";
import { api, body, type HandedInFile, Problem } from "@/lib/api";
import { authorised } from "@/lib/api/client";

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
      keep(await response.blob(), file.file_name);
    },
  });
}

function keep(content: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  // The browser has taken it by the time the next task runs.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
