import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";

/**
 * The colour scheme has to be known before anything is painted, and the content security policy allows no
 * inline script: a small classic script of its own, first in the head, sets it.
 */
export function colourScheme(): Plugin {
  let source = "";
  let isBuild = false;
  return {
    name: "huleedu-colour-scheme",
    configResolved(config) {
      source = readFileSync(join(config.root, "src/app/colour-scheme.js"), "utf8");
      isBuild = config.command === "build";
    },
    generateBundle() {
      if (isBuild) this.emitFile({ type: "asset", fileName: name(source), source: source.trim() });
    },
    transformIndexHtml() {
      return [
        {
          tag: "script",
          attrs: { src: isBuild ? `/${name(source)}` : "/src/app/colour-scheme.js" },
          injectTo: "head-prepend",
        },
      ];
    },
  };
}

function name(source: string): string {
  const hash = createHash("sha256").update(source).digest("hex").slice(0, 8);
  return `assets/colour-scheme-${hash}.js`;
}
