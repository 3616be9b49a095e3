import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Notification } from "@/lib/api";
import { describe } from "../lib/describe";

interface NotificationLinkProps {
  notification: Notification;
  className?: string | undefined;
  onFollow: () => void;
  children: ReactNode;
}

/** To where the notification is about; plain words where there is no such place. */
export function NotificationLink(props: NotificationLinkProps) {
  const { notification, className, onFollow, children } = props;
  const { page } = describe(notification);
  const batchId = notification.batch_id;
  if (page === null || batchId === null) return <span className={className}>{children}</span>;
  const shared = { params: { batchId }, className, onClick: onFollow, children };
  switch (page) {
    case "files":
      return <Link to="/batches/$batchId/files" {...shared} />;
    case "results":
      return <Link to="/batches/$batchId/results" {...shared} />;
    case "ranking":
      return <Link to="/batches/$batchId/ranking" {...shared} />;
    default:
      return <Link to="/batches/$batchId" {...shared} />;
  }
}
