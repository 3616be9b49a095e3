// What was built: is it what the sources say, and is it small enough? `make web-check` runs it last.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import openapiTS, { astToString } from "openapi-typescript";
import { build } from "vite";

const KILO = 1000;
const MOST_INITIAL_JS = 180 * KILO;
const MOST_CSS = 40 * KILO;
const MOST_ROUTE = 60 * KILO;
const DESCRIPTION = "openapi.json";
const TYPES = "src/lib/api/schema.d.ts";
const KEPT = "../app/static/app";

interface Chunk {
  file: string;
  isEntry?: boolean;
  imports?: string[];
  css?: string[];
}
type Manifest = Record<string, Chunk>;

const typed = astToString(await openapiTS(readFileSync(DESCRIPTION, "utf8")));
const kept = readFileSync(TYPES, "utf8");
const fresh = mkdtempSync(join(tmpdir(), "huleedu-web-"));
try {
  await build({ logLevel: "warn", build: { outDir: fresh, manifest: true, emptyOutDir: true } });
  const problems = [...differences(fresh, KEPT), ...tooLarge(fresh)];
  if (!kept.endsWith(typed)) problems.push(`${TYPES} is not current; run \`make openapi\`.`);
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length ? 1 : 0;
} finally {
  rmSync(fresh, { recursive: true });
}

/** Files that are not the same in both; the same sources must give the same bytes. */
function differences(made: string, kept: string): string[] {
  const names = (dir: string) =>
    readdirSync(dir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(dir.length + 1))
      .filter((name) => !name.startsWith(".vite"));
  const [now, before] = [new Set(names(made)), new Set(names(kept))];
  const off = [...new Set([...now, ...before])].filter(
    (name) =>
      !now.has(name) ||
      !before.has(name) ||
      !readFileSync(join(made, name)).equals(readFileSync(join(kept, name))),
  );
  return off.length ? [`app/static/app is not current; run \`make web\`: ${off.join(", ")}`] : [];
}

/** What a first visit loads, the largest language included, and what each page adds to it. */
function tooLarge(made: string): string[] {
  const manifest = JSON.parse(readFileSync(join(made, ".vite/manifest.json"), "utf8")) as Manifest;
  const entry = Object.keys(manifest).find((key) => manifest[key]?.isEntry) ?? "";
  const initial = reach(manifest, entry);
  const size = (files: Iterable<string>) =>
    [...files].reduce(
      (sum, file) => sum + gzipSync(readFileSync(join(made, file)), { level: 9 }).length,
      0,
    );
  const language = Math.max(
    ...Object.entries(manifest)
      .filter(([key]) => key.includes("virtual:messages"))
      .map(([, chunk]) => size([chunk.file])),
  );
  const initialJs = size(initial.js) + language;
  const lines: [string, number, number][] = [["first visit, scripts", initialJs, MOST_INITIAL_JS]];
  const styles = new Set(initial.css);
  for (const key of Object.keys(manifest).filter((each) => /Page\.tsx$/.test(each))) {
    const page = reach(manifest, key);
    const own = [...page.js].filter((file) => !initial.js.has(file));
    lines.push([`${key.replace(/^.*\//, "").replace(".tsx", "")}, scripts`, size(own), MOST_ROUTE]);
    for (const file of page.css) styles.add(file);
  }
  lines.push(["all styles", size(styles), MOST_CSS]);
  for (const [what, is, most] of lines) {
    console.info(`${what.padEnd(32)} ${(is / KILO).toFixed(1).padStart(7)} kB of ${most / KILO}`);
  }
  return lines.filter(([, is, most]) => is > most).map(([what]) => `${what}: too large.`);
}

function reach(manifest: Manifest, start: string) {
  const js = new Set<string>();
  const css = new Set<string>();
  const visit = (key: string) => {
    const chunk = manifest[key];
    if (!chunk || js.has(chunk.file)) return;
    js.add(chunk.file);
    for (const file of chunk.css ?? []) css.add(file);
    for (const next of chunk.imports ?? []) visit(next);
  };
  visit(start);
  return { js, css };
}
