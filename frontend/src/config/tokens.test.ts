import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const css = readFileSync("src/config/tokens.css", "utf8");
const TEXT = 4.5;
const GRAPHICS = 3;

// Every pair that meets on a screen: text on its ground, or a sign that has to be seen.
const PAIRS: [string, string, number][] = [
  ...["bg", "surface", "sunken"].flatMap((ground): [string, string, number][] => [
    ["text", ground, TEXT],
    ["dimmed", ground, TEXT],
    ["link", ground, TEXT],
    ["fail", ground, TEXT],
    ["ok", ground, TEXT],
    ["line-strong", ground, GRAPHICS],
    ["focus", ground, GRAPHICS],
    ["accent", ground, GRAPHICS],
  ]),
  ...["ok", "warn", "fail", "info"].flatMap((tone): [string, string, number][] => [
    [tone, `${tone}-bg`, TEXT],
    ["text", `${tone}-bg`, TEXT],
  ]),
];

describe.each(["light", "dark"])("The colours of the %s theme", (scheme) => {
  const tokens = read(scheme);

  it.each(PAIRS)("%s stands out on %s", (front, ground, least) => {
    expect(contrast(tokens[front], tokens[ground])).toBeGreaterThanOrEqual(least);
  });

  it("let the words of the main button be read", () => {
    expect(contrast("#ffffff", css.match(/brand-filled: (#\w+)/)?.[1])).toBeGreaterThanOrEqual(
      TEXT,
    );
  });
});

function read(scheme: string): Record<string, string> {
  const start = css.indexOf(`[data-mantine-color-scheme="${scheme}"] {`);
  const block = css.slice(start, css.indexOf("}", start));
  return Object.fromEntries(
    [...block.matchAll(/--hule-([\w-]+): (#[0-9a-f]{6})/g)].map(([, name, value]) => [name, value]),
  );
}

/** WCAG 2.2, "contrast ratio". */
function contrast(a: string | undefined, b: string | undefined): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function luminance(hex: string | undefined): number {
  if (!hex) throw new Error("There is no such colour.");
  const [r, g, b] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
