import { useState } from "react";

const KEY = "huleedu-judging-ties";

/** Whether two texts may be called equal; off unless it was switched on in this browser. */
export function useTies(): [boolean, (isOn: boolean) => void] {
  const [isOn, setOn] = useState(read);
  const set = (next: boolean) => {
    setOn(next);
    try {
      if (next) localStorage.setItem(KEY, "1");
      else localStorage.removeItem(KEY);
    } catch {
      // It holds until the page is closed.
    }
  };
  return [isOn, set];
}

function read(): boolean {
  try {
    return localStorage.getItem(KEY) !== null;
  } catch {
    return false;
  }
}
