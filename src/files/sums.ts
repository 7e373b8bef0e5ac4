// SHA256SUMS: the checksums of a finished run's files, as `sha256sum --check` reads them. It is written last: a directory
// that has it is finished, and its files are as they were written if and only if they have these sums.

import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { join } from "node:path";
import { readIfThere, StorageError, storing } from "./storage.js";

export const SUMS_FILE = "SHA256SUMS";

/** The text of SHA256SUMS. */
export function sumsText(sums: ReadonlyMap<string, string>): string {
  const names = [...sums.keys()].sort();
  return names.map((name) => `${sums.get(name)}  ${name}\n`).join("");
}

/** The sum of each file that a directory's SHA256SUMS lists; undefined when it has none. @throws StorageError */
export async function readSums(directory: string): Promise<ReadonlyMap<string, string> | undefined> {
  const path = join(directory, SUMS_FILE);
  const text = await readIfThere(path);
  if (text === undefined) return undefined;
  const sums = new Map<string, string>();
  for (const line of text.split("\n")) {
    const found = /^([0-9a-f]{64}) {2}([\w.-]+)$/.exec(line);
    if (found !== null) sums.set(found[2], found[1]);
    else if (line !== "") sums.set(SUMS_FILE, ""); // no file has this sum: the list itself is damaged
  }
  return sums;
}

/**
 * Compares the files of a finished run with their sums.
 * @param expected names that must be listed
 * @returns what is wrong, a text for each file; nothing when all is well
 * @throws StorageError
 */
export async function damagedFiles(
  directory: string,
  sums: ReadonlyMap<string, string>,
  expected: readonly string[],
): Promise<string[]> {
  const problems = expected.filter((name) => !sums.has(name)).map((name) => `${SUMS_FILE} does not list ${name}`);
  for (const [name, sum] of sums) {
    const found = await sumOf(join(directory, name));
    if (name === SUMS_FILE) problems.push(`${SUMS_FILE} has a line that is none of its own`);
    else if (found === undefined) problems.push(`${name} is missing`);
    else if (found !== sum) problems.push(`${name} is not what was written (its SHA-256 differs)`);
  }
  return problems;
}

/** SHA-256 of a file; undefined when there is none. @throws StorageError */
export async function sumOf(path: string): Promise<string | undefined> {
  const hash = createHash("sha256");
  try {
    await storing(path, async () => {
      for await (const piece of createReadStream(path, { highWaterMark: 2 ** 20 })) hash.update(piece);
    });
  } catch (error) {
    if (error instanceof StorageError && error.code === "ENOENT") return undefined;
    throw error;
  }
  return hash.digest("hex");
}
