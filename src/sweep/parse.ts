// A sweep file: text -> Sweep, or every problem it has. Pure: reading the file is the caller's.

import { checkStructure } from "./schema-check.js";
import type { Sweep } from "./sweep.js";
import { readText } from "./sweep-reader.js";

/**
 * Reads a sweep.
 * @param text YAML 1.2 or JSON, as README.md shows
 * @param file its name, for messages and for the name of a sweep that gives none
 * @param overrides as given to `--set`: `P=1,2,5`, `P=1..20:0.5`, `horizon=1000`
 * @throws InvalidInput with every problem of the text; what depends on the cells is found by planSweep
 */
export function parseSweep(text: string, file: string, overrides: readonly string[] = []): Sweep {
  return readText(text, file, overrides, checkStructure);
}
