/**
 * Written by hand from what has been agreed, until the API's description has it; then it goes away.
 */

export interface EventNo {
  event_no: number;
}

export type NotificationPriority = "critical" | "immediate" | "high" | "standard" | "low";
export type NotificationCategory =
  | "batch_progress"
  | "processing_results"
  | "file_operations"
  | "class_management"
  | "student_workflow"
  | "system_alerts";

export interface Notification {
  seq: number;
  notification_id: string;
  type: string;
  category: NotificationCategory;
  priority: NotificationPriority;
  action_required: boolean;
  batch_id: string | null;
  correlation_id: string;
  payload: Record<string, unknown>;
  created_at: string;
  read_at: string | null;
}

export interface NotificationPage {
  items: Notification[];
  last: number;
  unread: number;
}

export interface WsTicket {
  ticket: string;
  expires_in: number;
  url: string;
}
