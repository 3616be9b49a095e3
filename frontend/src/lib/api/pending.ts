/**
 * Written by hand from what has been agreed, until the API's description has it; then it goes away.
 */

export type ActionRequired = "hand_in_files" | "fix_files" | "start_pipeline" | "retry_failed";

export interface BatchExtras {
  action_required: ActionRequired | null;
  event_no: number;
}

export interface BatchDetailExtras {
  essay_instructions: string;
  teacher_name: string;
  class_id: string | null;
  student_names: string[];
}

export interface HandedInExtras {
  archive_name: string | null;
}

export interface FileExtras {
  archive_name: string | null;
  status: "received" | "reading" | "read" | "failed";
  failure_hint: string | null;
}

export interface EssayRowExtras {
  student_name: string | null;
}

export interface MeExtras {
  locale: "en" | "sv" | null;
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
