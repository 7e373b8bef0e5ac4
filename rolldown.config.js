// The command and its worker threads as few files that load at once: build/command/. The library is what tsc writes.

import { defineConfig } from "rolldown";

/**
 * How wide a text is shown, for yargs: our help is of plain characters, each a column. The package that knows of wide ones
 * compiles tables of Unicode's at every start, which takes 40 ms.
 */
const plainWidth = {
  name: "plain-width",
  resolveId: { filter: { id: /^string-width$/ }, handler: () => "plain-width" },
  load: { filter: { id: /^plain-width$/ }, handler: () => "export default (text) => text.length;" },
};

export default defineConfig({
  input: { replenish: "src/main.ts", worker: "src/pool/worker.ts" },
  platform: "node",
  // piscina finds its own worker beside itself, canvas its binary; vega is large, and for one command.
  external: ["piscina", "vega", "vega-lite", "@napi-rs/canvas"],
  plugins: [plainWidth],
  output: {
    dir: "build/command",
    format: "esm",
    sourcemap: true,
    chunkFileNames: "[name].js",
    cleanDir: true,
    // Every file that is loaded costs a millisecond: what almost every command needs is in one.
    codeSplitting: {
      groups: [
        {
          name: "output",
          test: /\/src\/(input|files)\/|numbers\/counts|commands\/(failure|print|json-lines)\.ts|fastest-levenshtein/,
        },
        { name: "kernel", test: /\/(assembly|src\/(numbers|model|scenario|kernel))\/|lossless-json|fraction\.js/ },
      ],
    },
  },
});
