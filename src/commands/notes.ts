// What may not be what was meant, on stderr: it never changes what a command prints or its exit code.

import { notesOn } from "../scenario/notes.js";
import type { Scenario } from "../scenario/scenario.js";

/** @param where which of many scenarios it is, as `cell 0` */
export function writeNotes(scenario: Scenario, where?: string): void {
  for (const note of notesOn(scenario))
    process.stderr.write(`note: ${where === undefined ? "" : `${where}, `}${note}\n`);
}
