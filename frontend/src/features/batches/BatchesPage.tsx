export function BatchesPage() {
  return <p />;
}
