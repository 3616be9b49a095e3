export function NotificationsPage() {
  return <p />;
}
