import { createTheme, type MantineColorsTuple } from "@mantine/core";

// The shades are repeated in tokens.css: the content security policy allows no styles made in the browser.
const brand: MantineColorsTuple = [
  "#e9f5f4",
  "#d2e8e6",
  "#a5d2cf",
  "#75bab6",
  "#4ba39e",
  "#2a8c88",
  "#177876",
  "#0f6b6b",
  "#0b5757",
  "#084444",
];

export const theme = createTheme({
  primaryColor: "brand",
  primaryShade: { light: 7, dark: 7 },
  colors: { brand },
  defaultRadius: "md",
  cursorType: "pointer",
  respectReducedMotion: true,
  focusRing: "auto",
});
