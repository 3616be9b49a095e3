export function FilesPage({ batchId }: { batchId: string }) {
  return <p>{batchId}</p>;
}
