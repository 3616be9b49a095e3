import { readFileSync } from "node:fs";
import { glob } from "node:fs/promises";
import { dirname, join, normalize } from "node:path";
import { describe, expect, it } from "vitest";

// What may import what: `lib, config` → `components, hooks` → `features` → `app`.
const RANK: Record<string, number> = {
  lib: 0,
  config: 0,
  hooks: 1,
  components: 1,
  features: 2,
  app: 3,
  testing: 4,
};
const IMPORT = /(?:from|import)\s*\(?\s*["']([^"']+)["']/g;

interface Import {
  file: string;
  target: string;
}

async function imports(): Promise<Import[]> {
  const found: Import[] = [];
  for await (const file of glob("src/**/*.{ts,tsx}")) {
    if (/\.test\.tsx?$/.test(file)) continue;
    for (const [, written = ""] of readFileSync(file, "utf8").matchAll(IMPORT)) {
      const isOurs = written.startsWith("@/") || written.startsWith(".");
      if (!isOurs) continue;
      const target = written.startsWith("@/")
        ? written.replace("@/", "src/")
        : normalize(join(dirname(file), written));
      found.push({ file, target });
    }
  }
  return found;
}

const layer = (path: string) => path.split("/")[1] ?? "";
const feature = (path: string) => path.match(/^src\/features\/([^/]+)/)?.[1];

describe("Imports", () => {
  it("point from the application to what it is made of, never back", async () => {
    const wrong = (await imports()).filter(
      ({ file, target }) =>
        // The list of ids of messages is types only and belongs to the application.
        !file.endsWith("message-ids.d.ts") &&
        (RANK[layer(target)] ?? 0) > (RANK[layer(file)] ?? RANK.testing ?? 0),
    );

    expect(wrong).toEqual([]);
  });

  it("do not lead from one feature to another", async () => {
    const wrong = (await imports()).filter(({ file, target }) => {
      const [from, to] = [feature(file), feature(target)];
      return from !== undefined && to !== undefined && from !== to;
    });

    expect(wrong).toEqual([]);
  });
});
