// What may not be what was meant, on stderr: it never changes what a command prints or its exit code.

import { printableName } from "../input/problem.js";
import { notesOn } from "../scenario/notes.js";
import type { Scenario } from "../scenario/scenario.js";

export function writeNotes(scenario: Scenario): void {
  for (const note of notesOn(scenario)) writeNote(note);
}

function writeNote(note: string): void {
  process.stderr.write(`note: ${printableName(note)}\n`);
}
