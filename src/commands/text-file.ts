// Reading a file of text that a command was given.

import { readFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import { storing } from "../files/storage.js";
import { textOf } from "../input/text.js";

/**
 * The text of a file, a byte order mark with it.
 * @param path - for stdin
 * @throws StorageError when it cannot be read; InvalidInput where it is not UTF-8
 */
export async function readText(path: string): Promise<string> {
  return path === "-" ? textOf(await stdinBytes(), nameOfFile(path)) : await readTextFile(path);
}

/** The same where - is a file's name as well. */
export async function readTextFile(path: string): Promise<string> {
  return textOf(await storing(path, () => readFile(path)), path);
}

/** What a file is called in messages. */
export function nameOfFile(path: string): string {
  return path === "-" ? "stdin" : path;
}

/** All of it; at a terminal, where nothing seems to happen, it says what is waited for. */
async function stdinBytes(): Promise<Uint8Array> {
  if (process.stdin.isTTY === true)
    process.stderr.write("reading what is typed, up to Ctrl-D; a file can be named instead\n");
  return await buffer(process.stdin);
}
