import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { colourScheme } from "./vite/colour-scheme.ts";
import { messages } from "./vite/messages.ts";
import { precompress } from "./vite/precompress.ts";

// `make web-dev` says where a running stack listens.
const backend = process.env.URL || "http://127.0.0.1:8000";

export default defineConfig({
  plugins: [react(), messages(), colourScheme(), precompress()],
  resolve: {
    alias: {
      "@": fileURLToPath(new URL("./src", import.meta.url)),
      // Messages are parsed at build time (vite/messages.ts); only the tests still need the parser.
      ...(process.env.VITEST
        ? {}
        : {
            "@formatjs/icu-messageformat-parser": "@formatjs/icu-messageformat-parser/no-parser.js",
          }),
    },
  },
  build: {
    outDir: "../app/static/app",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: "es2023",
    // Source maps would double what is kept in git; the sources are beside it.
    sourcemap: false,
    reportCompressedSize: false,
  },
  server: {
    proxy: Object.fromEntries(
      ["/v1", "/ws", "/docs", "/redoc", "/problems", "/openapi.json"].map((path) => [
        path,
        { target: backend, ws: path === "/ws" },
      ]),
    ),
  },
  test: {
    environment: "jsdom",
    setupFiles: ["src/testing/setup.ts"],
    include: ["src/**/*.test.{ts,tsx}", "vite/**/*.test.ts"],
    css: false,
    // Ends what hangs; how fast a machine is, is nothing to fail for.
    testTimeout: 60_000,
  },
});
