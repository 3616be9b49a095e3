import { api, type HandedInFile } from "@/lib/api";
import { keepFile } from "@/lib/files";

/** Gives the teacher the file as it was handed in. */
export async function download(batchId: string, file: HandedInFile): Promise<void> {
  const { data } = await api.GET("/v1/batches/{batch_id}/files/{file_id}/content", {
    params: { path: { batch_id: batchId, file_id: file.file_id } },
    parseAs: "blob",
  });
  keepFile(data as unknown as Blob, file.file_name);
}
