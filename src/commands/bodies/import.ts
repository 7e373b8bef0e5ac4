// replenish import: files of other tools -> a sweep on stdout.

import { importSystem } from "../../import/import.js";
import { EXIT } from "../../input/exit.js";
import { parseSweep } from "../../sweep/parse.js";
import type { ImportOptions } from "../import.js";
import { readSweep } from "../sweep-file.js";

/** @returns the exit code */
export async function importCommand({ files, core }: ImportOptions): Promise<number> {
  const texts = await Promise.all(files.map(readSweep));
  const text = importSystem(texts, core);
  parseSweep(text, "the imported sweep"); // names that a sweep cannot have are refused here, not when it is run
  process.stdout.write(text);
  return EXIT.done;
}
