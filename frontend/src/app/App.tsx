import { localStorageColorSchemeManager, MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { theme } from "@/config/theme";
import { type Loaded, LocaleProvider } from "@/lib/i18n";
import { createQueryClient } from "@/lib/query-client";
import { router } from "./router";

const queryClient = createQueryClient();
const schemes = localStorageColorSchemeManager({ key: "huleedu-colour-scheme" });

export function App({ language }: { language: Loaded }) {
  return (
    <MantineProvider
      theme={theme}
      colorSchemeManager={schemes}
      defaultColorScheme="auto"
      // The content security policy allows no styles made in the browser: they are in files.
      withCssVariables={false}
      withGlobalClasses={false}
    >
      <LocaleProvider initial={language}>
        <QueryClientProvider client={queryClient}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </LocaleProvider>
    </MantineProvider>
  );
}
