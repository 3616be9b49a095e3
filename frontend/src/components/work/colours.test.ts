import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

/**
 * What is drawn is not looked at by axe: signs, charts and the lines under words. Every pair of colours that meets in
 * one of them is written here, by the names of the tokens.
 */
const TEXT = 4.5;
const GRAPHICS = 3;

const PAIRS: [front: string, ground: string, least: number][] = [
  // Signs of states and their cut-outs, the bars of the graph, the bars of the histogram.
  ...["ok", "warn", "fail", "info", "link", "line-strong"].flatMap(
    (sign): [string, string, number][] => [
      [sign, "surface", GRAPHICS],
      [sign, "sunken", GRAPHICS],
    ],
  ),
  // The lines under words, also under the one that is looked at.
  ...["fail", "warn", "info"].map((line): [string, string, number] => [line, "warn-bg", GRAPHICS]),
  ["ok", "ok-bg", GRAPHICS],
  // Words in their colour: counts, reasons, how sure a correction is, the heading of what needs somebody.
  ["text", "surface", TEXT],
  ["dimmed", "surface", TEXT],
  ["ok", "surface", TEXT],
  ["info", "surface", TEXT],
  ["warn", "surface", TEXT],
  ["fail", "sunken", TEXT],
  ["dimmed", "warn-bg", TEXT],
  // Figures on the bell.
  ["surface", "fail", TEXT],
];

// A chosen column of the grid has a tenth of the colour of links on its ground.
const TINTED: [front: string, ground: string, least: number][] = [
  ["text", "surface", TEXT],
  ["dimmed", "surface", TEXT],
  ["fail", "surface", TEXT],
  ["dimmed", "sunken", TEXT],
  ["ok", "surface", GRAPHICS],
];

describe.each(["light", "dark"])("What is drawn in the %s theme", (scheme) => {
  const colour = tokens(scheme);

  it.each(PAIRS)("%s stands out on %s", (front, ground, least) => {
    expect(contrast(colour(front), colour(ground))).toBeGreaterThanOrEqual(least);
  });

  it.each(TINTED)("%s stands out on %s in a chosen column", (front, ground, least) => {
    const tinted = mixed(colour("link"), colour(ground), 0.1);
    expect(contrast(colour(front), tinted)).toBeGreaterThanOrEqual(least);
  });
});

type Colour = [number, number, number];

function tokens(scheme: string): (name: string) => Colour {
  const css = readFileSync("src/config/tokens.css", "utf8");
  const start = css.indexOf(`[data-mantine-color-scheme="${scheme}"] {`);
  const block = css.slice(start, css.indexOf("}", start));
  return (name) => {
    const hex = new RegExp(`--hule-${name}: #([0-9a-f]{6})`).exec(block)?.[1];
    if (!hex) throw new Error(`The ${scheme} theme has no colour ${name}.`);
    return [0, 2, 4].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255) as Colour;
  };
}

const mixed = (a: Colour, b: Colour, share: number): Colour =>
  a.map((value, index) => value * share + (b[index] ?? 0) * (1 - share)) as Colour;

/** WCAG 2.2, "contrast ratio". */
function contrast(a: Colour, b: Colour): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: Colour): number {
  const [r, g, b] = colour.map((value) =>
    value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4,
  ) as Colour;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
