// replenish import: files of other tools -> a sweep on stdout.

import { openSweep } from "../../grid/open.js";
import { importSystem } from "../../import/import.js";
import type { ImportedSweep } from "../../import/sweep-text.js";
import { EXIT } from "../../input/exit.js";
import { InvalidInput, printableName } from "../../input/problem.js";
import { withoutMark } from "../../input/text.js";
import { UsageError } from "../failure.js";
import type { ImportOptions } from "../import.js";
import { nameOfFile, readText } from "../text-file.js";

/** @returns the exit code */
export async function importCommand({ files, core }: ImportOptions): Promise<number> {
  const twice = files.find((file, at) => files.indexOf(file) < at);
  if (twice !== undefined) throw new UsageError(`${printableName(twice)} is given twice; each file is read once`);
  const read = async (path: string) => ({ file: nameOfFile(path), text: withoutMark(await readText(path)) });
  const imported = importSystem(await Promise.all(files.map(read)), core);
  checkImported(imported);
  process.stdout.write(imported.text);
  return EXIT.done;
}

/**
 * What a sweep cannot have is refused here, not when it is run.
 * @throws InvalidInput with the places in the files that the user gave
 */
function checkImported({ text, origins }: ImportedSweep): void {
  try {
    openSweep(text, "the imported sweep");
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    throw new InvalidInput(
      error.problems.map(({ file, line, path, text }) => ({
        ...(origins[(line ?? 0) - 1] ?? { file }),
        path,
        text,
      })),
    );
  }
}
