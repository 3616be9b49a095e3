import { useEffect, useRef, useSyncExternalStore } from "react";
import type { MessageDescriptor } from "react-intl";

type MessageId = NonNullable<MessageDescriptor["id"]>;

export interface Shortcut {
  /** One key as `KeyboardEvent.key` names it, or two after each other: `g b`. */
  keys: string;
  /** What it does, for the list of shortcuts. */
  label: MessageId;
  run: () => void;
}

const PAUSE_MS = 900;
const OFF = "huleedu-shortcuts-off";
const EDITABLE = "input, textarea, select, [contenteditable='true']";

let active: Shortcut[] = [];
let isOff = readOff();
let first: { key: string; at: number } | null = null;
const listeners = new Set<() => void>();

/** A shortcut while the component is there. Single characters can be switched off in the settings (WCAG 2.1.4). */
export function useShortcut(keys: string, label: MessageId, run: () => void): void {
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  }, [run]);
  useEffect(() => {
    const shortcut: Shortcut = { keys, label, run: () => latest.current() };
    set([...active, shortcut]);
    return () => set(active.filter((each) => each !== shortcut));
  }, [keys, label]);
}

/** Every shortcut of the page that is open, in the order they were given. */
export function useActiveShortcuts(): Shortcut[] {
  return useSyncExternalStore(subscribe, () => active);
}

export function useShortcutsSetting(): [boolean, (isOn: boolean) => void] {
  const off = useSyncExternalStore(subscribe, () => isOff);
  return [!off, (isOn) => writeOff(!isOn)];
}

/** Listens for all shortcuts; once, at the top of the application. */
export function useShortcutKeys(): void {
  useEffect(() => {
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, []);
}

function press(event: KeyboardEvent): void {
  const target = event.target as Element | null;
  const isTaken =
    event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.repeat;
  if (isOff || isTaken || target?.closest(EDITABLE) || document.querySelector("dialog[open]"))
    return;

  const now = Date.now();
  const before = first && now - first.at < PAUSE_MS ? first.key : null;
  first = null;
  const found =
    (before && active.findLast((each) => each.keys === `${before} ${event.key}`)) ||
    active.findLast((each) => each.keys === event.key);
  if (found) {
    event.preventDefault();
    found.run();
  } else if (active.some((each) => each.keys.startsWith(`${event.key} `))) {
    first = { key: event.key, at: now };
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function set(next: Shortcut[]): void {
  active = next;
  tell();
}

function tell(): void {
  for (const listener of listeners) listener();
}

function readOff(): boolean {
  try {
    return localStorage.getItem(OFF) !== null;
  } catch {
    return false;
  }
}

function writeOff(off: boolean): void {
  isOff = off;
  try {
    if (off) localStorage.setItem(OFF, "1");
    else localStorage.removeItem(OFF);
  } catch {
    // It holds until the page is closed.
  }
  tell();
}
