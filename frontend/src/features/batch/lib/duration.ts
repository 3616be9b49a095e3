/** A length of time in the two largest units that say something. */
export interface Parts {
  unit: "seconds" | "minutes" | "hours";
  hours: number;
  minutes: number;
  seconds: number;
}

/** A length of time as hours, minutes and seconds; below an hour without the hours, and so on. */
export function parts(lengthS: number): Parts {
  const whole = Math.max(0, Math.floor(lengthS));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  return {
    unit: hours > 0 ? "hours" : minutes > 0 ? "minutes" : "seconds",
    hours,
    minutes,
    seconds: whole % 60,
  };
}

/** What is left, said no more exactly than it is known. */
export type Eta = { unit: "moment" } | { unit: "seconds" | "minutes" | "hours"; count: number };

/** An estimate in words' precision: tens of seconds, then minutes, then half hours. */
export function eta(leftS: number): Eta {
  if (leftS < 8) return { unit: "moment" };
  if (leftS < 55) return { unit: "seconds", count: Math.ceil(leftS / 10) * 10 };
  if (leftS < 5400) return { unit: "minutes", count: Math.max(1, Math.round(leftS / 60)) };
  return { unit: "hours", count: Math.round(leftS / 1800) / 2 };
}

/**
 * Progress in whole per cent. It is 100 only when everything is done, and not 0 once something is.
 */
export function percent(progress: number): number {
  if (progress >= 1) return 100;
  if (progress <= 0) return 0;
  return Math.min(99, Math.max(1, Math.floor(progress * 100)));
}

/** Seconds between two moments as the API writes them; `null` is now. */
export function secondsBetween(from: string, to: string | null, now: number): number {
  return ((to === null ? now : Date.parse(to)) - Date.parse(from)) / 1000;
}
