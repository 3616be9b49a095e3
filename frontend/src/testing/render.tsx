import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render as renderPlain } from "@testing-library/react";
import type { ReactNode } from "react";
import { theme } from "@/config/theme";
import { type Locale, LocaleProvider, loadMessages } from "@/lib/i18n";

/** Renders with everything a component finds around it, in English unless told. */
export async function render(node: ReactNode, { locale = "en" as Locale } = {}) {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const language = await loadMessages(locale);
  return {
    client,
    ...renderPlain(
      <MantineProvider theme={theme} env="test">
        <LocaleProvider initial={language}>
          <QueryClientProvider client={client}>{node}</QueryClientProvider>
        </LocaleProvider>
      </MantineProvider>,
    ),
  };
}
