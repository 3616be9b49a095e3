import { useMantineColorScheme } from "@mantine/core";
import { useIntl } from "react-intl";
import { LOCALES, type Locale, useLocale } from "@/lib/i18n";
import { Segmented } from "./Segmented";

// Each language in its own words, so that it is found by who understands no other.
const NAMES: Record<Locale, string> = { en: "English", sv: "Svenska" };

/** The language of the application; `onChosen` may tell the account. */
export function LanguageChoice({ onChosen }: { onChosen?: (locale: Locale) => void }) {
  const intl = useIntl();
  const { locale, setLocale } = useLocale();
  return (
    <Segmented
      legend={intl.formatMessage({ id: "preferences.language" })}
      value={locale}
      options={LOCALES.map((value) => ({ value, label: NAMES[value], lang: value }))}
      onChange={(chosen) => {
        setLocale(chosen);
        onChosen?.(chosen);
      }}
    />
  );
}

const SCHEMES = ["light", "dark", "auto"] as const;

/** Light, dark, or as the system is. */
export function ThemeChoice() {
  const intl = useIntl();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Segmented
      legend={intl.formatMessage({ id: "preferences.theme" })}
      value={colorScheme}
      options={SCHEMES.map((value) => ({
        value,
        label: intl.formatMessage({ id: `preferences.theme.${value}` }),
      }))}
      onChange={setColorScheme}
    />
  );
}
