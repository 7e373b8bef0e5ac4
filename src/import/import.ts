// From files of other tools to the text of a sweep.

import { InvalidInput } from "../input/problem.js";
import { importTables, isTable } from "./csv.js";
import { importWorkload, isWorkload } from "./rt-app.js";
import { type ImportedSweep, sweepText } from "./sweep-text.js";

/** A file of another tool. */
export interface ForeignFile {
  readonly file: string;
  readonly text: string;
}

const ALONE = "a workload of rt-app is imported alone, without other files";
const NEITHER =
  'is neither a workload of rt-app (JSON with "tasks") nor a table of comma separated values whose first line names its columns';

/**
 * The text of a sweep with the system of some files.
 * @param files one workload of rt-app, or tables of comma separated values
 * @param core the core to take, where the tables have several
 * @throws InvalidInput with every problem of the files
 */
export function importSystem(files: readonly ForeignFile[], core?: string): ImportedSweep {
  if (files.length === 1 && isWorkload(files[0].text)) return sweepText(importWorkload(files[0]));
  const others = files.filter(({ text }) => !isTable(text));
  if (others.length === 0) return sweepText(importTables(files, core));
  throw new InvalidInput(
    others.map(({ file, text }) => ({
      file,
      path: "",
      text: isWorkload(text) ? ALONE : NEITHER,
    })),
  );
}
