import { Outlet } from "@tanstack/react-router";
import { Announcer } from "@/components/Announcer";
import { Bell } from "@/features/notifications/Bell";
import { LiveProvider } from "@/lib/live";

export function Shell() {
  return (
    <LiveProvider>
      <Bell />
      <main id="main">
        <Outlet />
      </main>
      <Announcer />
    </LiveProvider>
  );
}
