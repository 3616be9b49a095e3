import {
  type ComponentProps,
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useState,
} from "react";
import { IntlProvider, type MessageFormatElement } from "react-intl";
import { type Locale, preferredLocale, rememberLocale } from "./locale";

export type Messages = Record<string, MessageFormatElement[]>;
// That none is missing is a test (messages.test.ts).
type AllMessages = NonNullable<ComponentProps<typeof IntlProvider>["messages"]>;

const LOADERS: Record<Locale, () => Promise<{ default: Messages }>> = {
  en: () => import("virtual:messages/en"),
  sv: () => import("virtual:messages/sv"),
};

// English numbers, but the day before the month and a 24-hour clock: the schools are Swedish.
const FORMATS: Record<Locale, string> = { en: "en-GB", sv: "sv-SE" };

interface LocaleChoice {
  locale: Locale;
  /** Shows the application in another language; the account is told by whoever calls. */
  setLocale: (locale: Locale) => void;
}

const Choice = createContext<LocaleChoice>({ locale: "en", setLocale: () => undefined });

export function useLocale(): LocaleChoice {
  return useContext(Choice);
}

/** Loads the messages of one language and switches without a reload. */
export function LocaleProvider({ children, initial }: { children: ReactNode; initial?: Loaded }) {
  const [loaded, setLoaded] = useState<Loaded | null>(initial ?? null);
  const [wanted, setWanted] = useState<Locale>(initial?.locale ?? preferredLocale());

  useEffect(() => {
    let isCurrent = true;
    if (loaded?.locale !== wanted) {
      loadMessages(wanted).then((next) => isCurrent && setLoaded(next));
    }
    return () => {
      isCurrent = false;
    };
  }, [loaded, wanted]);

  useEffect(() => {
    if (loaded) document.documentElement.lang = loaded.locale;
  }, [loaded]);

  const setLocale = useCallback((locale: Locale) => {
    rememberLocale(locale);
    setWanted(locale);
  }, []);
  const choice = useMemo(() => ({ locale: wanted, setLocale }), [wanted, setLocale]);

  if (!loaded) return null;
  return (
    <Choice value={choice}>
      <IntlProvider locale={FORMATS[loaded.locale]} messages={loaded.messages as AllMessages}>
        {children}
      </IntlProvider>
    </Choice>
  );
}

export interface Loaded {
  locale: Locale;
  messages: Messages;
}

export async function loadMessages(locale: Locale): Promise<Loaded> {
  return { locale, messages: (await LOADERS[locale]()).default };
}
