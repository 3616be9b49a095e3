import type { Notification } from "@/lib/api";

export interface Group {
  /** `action`, or the day as `2026-03-02` in the reader's own time. */
  key: string;
  items: Notification[];
}

/** What still needs somebody first, then the days, the newest first. */
export function grouped(notifications: readonly Notification[]): Group[] {
  const newestFirst = [...notifications].sort((a, b) => b.seq - a.seq);
  const waits = (each: Notification) => each.action_required && each.read_at === null;
  const groups: Group[] = [];
  const action = newestFirst.filter(waits);
  if (action.length > 0) groups.push({ key: "action", items: action });
  for (const each of newestFirst) {
    if (waits(each)) continue;
    const key = dayOf(new Date(each.created_at));
    const last = groups.at(-1);
    if (last?.key === key) last.items.push(each);
    else groups.push({ key, items: [each] });
  }
  return groups;
}

/** The local day, as a key that sorts. */
export function dayOf(at: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/** A day as it is spoken of: `today`, `yesterday`, or by its date. */
export function spokenDay(key: string, now: Date): "today" | "yesterday" | "date" {
  if (key === dayOf(now)) return "today";
  const before = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1);
  return key === dayOf(before) ? "yesterday" : "date";
}
