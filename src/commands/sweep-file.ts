// Reading the sweep file that a command was given.

import { readFile } from "node:fs/promises";
import { storing } from "../files/storage.js";
import { stdinText } from "./stdin.js";

/** What the commands that take a sweep have in common. */
export interface SweepOptions {
  /** Path of the file, - for stdin. */
  readonly sweep: string;
  /** NAME=VALUES, each in place of an axis or a setting. */
  readonly set: readonly string[];
  readonly json: boolean;
}

/**
 * The text of a sweep file and what to call it in messages.
 * @throws StorageError when it cannot be read
 */
export async function readSweep(path: string): Promise<{ text: string; file: string }> {
  if (path === "-") return { text: await stdinText(), file: "stdin" };
  return { text: await storing(path, () => readFile(path, "utf8")), file: path };
}
