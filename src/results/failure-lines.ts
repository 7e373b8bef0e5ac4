// failures.jsonl: a line for each run without a result.

import { createReadStream, existsSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "lossless-json"; // a seed may be a bigint
import { DirectoryError, readIfThere, storing } from "../files/storage.js";
import type { Failure } from "../tables/chunk.js";
import { FAILURES_FILE } from "./directory.js";
import type { RunNumbering } from "./range.js";

const LINE_END = 10;

export function failureLine(failure: Failure): string {
  return stringify(failure)!;
}

/** What a line says of its run: the values of the axes and the reason. The scenario may be written with defaults or without. */
export function factsOf(line: string): string {
  const { axes, reason, bug } = JSON.parse(line) as Failure;
  return `${JSON.stringify(axes)} ${reason}${bug ? " (bug)" : ""}`;
}

/** How many lines a directory has: of a large run they may be more than a string can hold. @throws StorageError */
export async function failureCount(directory: string): Promise<number> {
  const path = join(directory, FAILURES_FILE);
  if (!existsSync(path)) return 0;
  let lines = 0;
  await storing(path, async () => {
    for await (const piece of createReadStream(path) as AsyncIterable<Buffer>)
      for (let at = piece.indexOf(LINE_END); at >= 0; at = piece.indexOf(LINE_END, at + 1)) lines++;
  });
  return lines;
}

/**
 * The lines of a directory, by run.
 * @throws DirectoryError when one of them does not say of which run it is; StorageError
 */
export async function failureLines(directory: string, runs: RunNumbering): Promise<Map<number, string>> {
  const text = (await readIfThere(join(directory, FAILURES_FILE))) ?? "";
  const lines = new Map<number, string>();
  for (const [index, line] of text.split("\n").entries()) {
    if (line === "") continue;
    try {
      const { cell, replicate } = JSON.parse(line) as Failure;
      const run = runs.runOf(cell, replicate);
      if (!Number.isSafeInteger(run)) throw new Error("it names no run");
      lines.set(run, line);
    } catch {
      throw new DirectoryError(directory, `line ${index + 1} of ${FAILURES_FILE} cannot be read`);
    }
  }
  return lines;
}
