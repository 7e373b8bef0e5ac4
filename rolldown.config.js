// What `npm run build` puts together: the command and its worker threads as few files that load at once, build/command/; the
// script of the page that `replenish report` writes, build/page.js. The library is what tsc writes.

import { readdirSync, readFileSync } from "node:fs";
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

const command = {
  input: { replenish: "src/main.ts", worker: "src/pool/worker.ts" },
  platform: "node",
  logLevel: "silent",
  // piscina finds its own worker beside itself, canvas its binary; vega is large, and for one command.
  external: ["piscina", "vega", "vega-lite", "@napi-rs/canvas"],
  plugins: [plainWidth],
  output: {
    dir: "build/command",
    format: "esm",
    sourcemap: true,
    chunkFileNames: "[name].js",
    cleanDir: true,
    // Every file that is loaded costs a millisecond: what almost every command needs is in two.
    codeSplitting: {
      groups: [
        {
          name: "output",
          test: /\/src\/(input|files\/(output|storage)|numbers\/counts|commands\/(failure|print|json-lines))/,
        },
        { name: "kernel", test: /\/(assembly|src\/(numbers|model|scenario|kernel)|lossless-json|fraction\.js)\// },
      ],
    },
  },
};

/** Packages in the page, whose licences ask to be where their code is. */
const INSIDE = ["@uwdata/flechette", "fastest-levenshtein", "fraction.js", "jsep", "lossless-json", "yaml", "zod"];

function licences() {
  const texts = INSIDE.map((name) => {
    const folder = `node_modules/${name}`;
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    return `${name}\n\n${readFileSync(`${folder}/${file}`, "utf8").trim()}`;
  });
  return `/*!\n${texts.join("\n\n").replaceAll("*/", "* /")}\n*/`;
}

const page = {
  input: "src/page/dom/main.ts",
  platform: "browser",
  logLevel: "silent",
  output: { file: "build/page.js", format: "iife", minify: true, postBanner: licences },
};

export default defineConfig([command, page]);
