import { api, type HandedInFile } from "@/lib/api";

/** Gives the teacher the file as it was handed in. The token is in a header, so a plain link would not do. */
export async function download(batchId: string, file: HandedInFile): Promise<void> {
  const { data } = await api.GET("/v1/batches/{batch_id}/files/{file_id}/content", {
    params: { path: { batch_id: batchId, file_id: file.file_id } },
    parseAs: "blob",
  });
  const url = URL.createObjectURL(data as unknown as Blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = file.file_name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
