export function NewBatchPage() {
  return <p />;
}
