export { isLocale, LOCALES, type Locale, preferredLocale } from "./locale";
export { type Loaded, LocaleProvider, loadMessages, useLocale } from "./provider";
