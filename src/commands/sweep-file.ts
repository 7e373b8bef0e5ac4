// Reading the sweep file that a command was given.

import { dirname, isAbsolute, join, normalize } from "node:path";
import { StorageError } from "../files/storage.js";
import type { Spot } from "../input/place.js";
import { InvalidInput, type Problem } from "../input/problem.js";
import { Refused } from "../numbers/durations.js";
import { namedTables, tablesNamedIn, withTableTexts } from "../sweep/task-table.js";
import { nameOfFile, readText, readTextFile } from "./text-file.js";

/** What the commands that take a sweep have in common. */
export interface SweepOptions {
  /** Path of the file, - for stdin. */
  readonly sweep: string;
  /** NAME=VALUES, each in place of an axis or a setting. */
  readonly set: readonly string[];
  readonly json: boolean;
}

/**
 * The text of a sweep file, with those of its tables in it, and what to call it in messages.
 * @throws StorageError when it cannot be read; InvalidInput for tables that cannot, and for what is not UTF-8
 */
export async function readSweep(path: string): Promise<{ text: string; file: string }> {
  const file = nameOfFile(path);
  return { text: await withTables(await readText(path), file), file };
}

/** Puts the text of each table that a sweep names, or that such a table names, into that of the sweep. */
async function withTables(text: string, file: string): Promise<string> {
  const tables = namedTables(text, file);
  const problems: Problem[] = [];
  const folder = dirname(file);
  const read = async (name: string, { path, at }: Spot): Promise<string> => {
    try {
      return await readTable(name, folder);
    } catch (error) {
      if (error instanceof InvalidInput) problems.push(...error.problems);
      else if (error instanceof StorageError || error instanceof Refused)
        problems.push({ ...at, path, text: error.message });
      else throw error;
      return "";
    }
  };
  const texts: string[] = [];
  const inside: Record<string, string>[] = [];
  for (const table of tables) {
    const own = await read(table.name, table);
    texts.push(own);
    const named = table.ofTasks ? tablesNamedIn(own, beside(table.name, folder), table.path) : [];
    const times: Record<string, string> = {};
    for (const spot of named) times[spot.name] = await read(beside(spot.name, dirname(table.name)), spot);
    inside.push(times);
  }
  if (problems.length > 0) throw new InvalidInput(problems);
  return withTableTexts(text, tables, texts, inside);
}

/** The path of a file that stands in a folder, unless it is absolute. */
function beside(name: string, folder: string): string {
  return isAbsolute(name) ? name : join(folder, name);
}

/** @throws Refused for a path that leads out of the folder of the sweep; StorageError, InvalidInput */
async function readTable(name: string, folder: string): Promise<string> {
  if (!isAbsolute(name) && /^\.\.(?:[/\\]|$)/.test(normalize(name)))
    throw new Refused(
      `${name} is not in the folder of the sweep; from elsewhere a table is named by its absolute path`,
    );
  return await readTextFile(beside(name, folder));
}
