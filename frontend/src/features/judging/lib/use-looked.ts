import { useEffect, useRef } from "react";

/** How long the person has had something before their eyes, in milliseconds; while the page is hidden nothing counts. */
export function useLooked(what: string | undefined): () => number {
  const seen = useRef({ before: 0, since: performance.now() });
  // biome-ignore lint/correctness/useExhaustiveDependencies: begins anew with every pair
  useEffect(() => {
    seen.current = { before: 0, since: performance.now() };
    const turn = () => {
      const { before, since } = seen.current;
      const now = performance.now();
      seen.current = { before: document.hidden ? before + now - since : before, since: now };
    };
    document.addEventListener("visibilitychange", turn);
    return () => document.removeEventListener("visibilitychange", turn);
  }, [what]);
  return () => seen.current.before + performance.now() - seen.current.since;
}
