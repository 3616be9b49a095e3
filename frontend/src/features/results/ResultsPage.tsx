export function ResultsPage({ batchId }: { batchId: string }) {
  return <p>{batchId}</p>;
}
