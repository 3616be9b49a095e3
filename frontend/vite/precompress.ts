import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import type { Plugin } from "vite";

const WORTH_IT_BYTES = 1024;
const COMPRESSIBLE = /\.(js|css|svg|json|html)$/;

/** Writes a .br and a .gz beside every file that is worth it; the server only picks one. */
export function precompress(): Plugin {
  let out = "";
  return {
    name: "huleedu-precompress",
    apply: "build",
    configResolved(config) {
      out = resolve(config.root, config.build.outDir);
    },
    closeBundle() {
      for (const entry of readdirSync(out, { recursive: true, withFileTypes: true })) {
        const path = join(entry.parentPath, entry.name);
        if (!entry.isFile() || !COMPRESSIBLE.test(entry.name)) continue;
        const body = readFileSync(path);
        if (body.length < WORTH_IT_BYTES) continue;
        const params = { [constants.BROTLI_PARAM_QUALITY]: 11 };
        for (const [ending, packed] of [
          ["br", brotliCompressSync(body, { params })],
          ["gz", gzipSync(body, { level: 9 })],
        ] as const) {
          writeFileSync(`${path}.${ending}`, packed);
        }
      }
    },
  };
}
