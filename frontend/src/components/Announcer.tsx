import { useSyncExternalStore } from "react";

let current = "";
let isOdd = false;
const listeners = new Set<() => void>();

/** Has a screen reader say something when it is free to, without moving the focus. */
export function announce(text: string): void {
  // The same words twice are only said twice if something changed: a space that nobody hears.
  isOdd = !isOdd;
  current = isOdd ? text : `${text} `;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The one polite live region of the page. */
export function Announcer() {
  const text = useSyncExternalStore(subscribe, () => current);
  return (
    <div className="visually-hidden" role="status" aria-live="polite">
      {text}
    </div>
  );
}
