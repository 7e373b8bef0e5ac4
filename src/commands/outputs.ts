// Files that a command writes, held against those that it reads.

import { extname, resolve } from "node:path";
import type { RasterEnd } from "../figures/raster.js";
import { statsOf } from "../files/storage.js";
import { UsageError } from "./failure.js";

/**
 * Refuses an output that is an input, however the two are spelled.
 * @param inputs paths of files to be read; - is stdin
 * @param outputs paths of files to be written, by what they are called in the message; undefined for those not asked for
 * @throws UsageError
 */
export function refuseOverwriting(
  inputs: readonly (string | undefined)[],
  outputs: Readonly<Record<string, string | undefined>>,
): void {
  const read = new Map(
    inputs.filter((path) => path !== undefined && path !== "-").map((path) => [identityOf(path!), path]),
  );
  for (const [option, path] of Object.entries(outputs)) {
    if (path !== undefined && read.has(identityOf(path)))
      throw new UsageError(`${option} ${path} would overwrite ${read.get(identityOf(path))}, which it is made of`);
  }
}

/** What two names of one file have in common: links and other spellings included. */
function identityOf(path: string): string {
  const found = statsOf(path);
  return found?.isFile() ? `${found.dev} ${found.ino}` : resolve(path);
}

/** The end of the name of a file that is a picture to be drawn: SVG is made first. */
export function rasterEndOf(path: string | undefined): RasterEnd | undefined {
  const end = extname(path ?? "").toLowerCase();
  return end === ".png" || end === ".pdf" ? end : undefined;
}
