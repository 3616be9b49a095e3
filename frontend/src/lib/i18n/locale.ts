export const LOCALES = ["en", "sv"] as const;
export type Locale = (typeof LOCALES)[number];

const KEPT = "huleedu-locale";

export function isLocale(value: unknown): value is Locale {
  return LOCALES.includes(value as Locale);
}

/** What was chosen in this browser, else the first of the browser's languages that we speak. */
export function preferredLocale(): Locale {
  const kept = read();
  if (isLocale(kept)) return kept;
  for (const language of navigator.languages ?? []) {
    const short = language.split("-")[0];
    if (isLocale(short)) return short;
  }
  return "en";
}

export function rememberLocale(locale: Locale): void {
  try {
    localStorage.setItem(KEPT, locale);
  } catch {
    // The account remembers it too.
  }
}

function read(): string | null {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null;
  }
}
