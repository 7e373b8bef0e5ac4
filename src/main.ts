#!/usr/bin/env node
// The program. Its version is told at once; all else is cli.ts's, with what that loads.

import { createRequire } from "node:module";

const words = process.argv.slice(2);
if (words.length === 1 && (words[0] === "--version" || words[0] === "-V")) {
  const { version } = createRequire(import.meta.url)("replenish/package.json") as { version: string };
  process.stdout.on("error", ({ code, message }: NodeJS.ErrnoException) => {
    if (code === "EPIPE") return; // where nobody reads it, nothing is wrong
    process.stderr.write(`stdout: ${message}\n`);
    process.exitCode = 7; // EXIT.io
  });
  process.stdout.write(`${version}\n`);
} else {
  const { commandLine, watchReaders } = await import("./cli.js");
  watchReaders();
  process.exitCode = await commandLine(words);
}
