import { readFileSync } from "node:fs";
import { glob } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "@formatjs/icu-messageformat-parser";
import type { Plugin } from "vite";

const VIRTUAL = "virtual:messages/";

/** Every file of messages of one language below `src`, in a fixed order. */
export async function catalogueFiles(root: string, locale: string): Promise<string[]> {
  const found: string[] = [];
  for await (const file of glob(`src/**/messages/${locale}.json`, { cwd: root })) {
    found.push(join(root, file));
  }
  return found.sort();
}

/** The messages of one language from all features; an id may be defined once only. */
export async function readCatalogue(root: string, locale: string): Promise<Record<string, string>> {
  const all: Record<string, string> = {};
  for (const file of await catalogueFiles(root, locale)) {
    const messages = JSON.parse(readFileSync(file, "utf8")) as Record<string, string>;
    for (const [id, text] of Object.entries(messages)) {
      if (id in all) throw new Error(`${file}: the message ${id} is defined already.`);
      all[id] = text;
    }
  }
  return all;
}

/**
 * `import("virtual:messages/sv")`: one language's messages, parsed at build time, so that the browser
 * gets neither the other language nor a parser of ICU syntax.
 */
export function messages(): Plugin {
  let root = "";
  return {
    name: "huleedu-messages",
    configResolved(config) {
      root = config.root;
    },
    resolveId(id) {
      return id.startsWith(VIRTUAL) ? `\0${id}` : undefined;
    },
    async load(id) {
      if (!id.startsWith(`\0${VIRTUAL}`)) return undefined;
      const locale = id.slice(VIRTUAL.length + 1);
      for (const file of await catalogueFiles(root, locale)) this.addWatchFile(file);
      const texts = await readCatalogue(root, locale);
      const parsed = Object.entries(texts).map(([key, text]) => [
        key,
        parse(text, { captureLocation: false, shouldParseSkeletons: true }),
      ]);
      return `export default ${JSON.stringify(Object.fromEntries(parsed))}`;
    },
  };
}
