// What may not be what was meant, on stderr: it never changes what a command prints or its exit code.

import { openCursor } from "../grid/cells.js";
import { notesOnCells } from "../grid/notes.js";
import type { Plan } from "../grid/plan.js";
import { printableName } from "../input/problem.js";
import { countOf, formatCount } from "../numbers/counts.js";
import { notesOn } from "../scenario/notes.js";
import type { Scenario } from "../scenario/scenario.js";
import type { Sweep } from "../sweep/sweep.js";

export function writeNotes(scenario: Scenario): void {
  for (const note of notesOn(scenario)) write(note);
}

/** The notes on the cells of a sweep, each once, with how many cells it is of where that is not all. */
export function writeNotesOnCells(sweep: Sweep, plan: Plan): void {
  for (const { note, cells, first, looked } of notesOnCells(openCursor(sweep, plan), plan.cellCount)) {
    const some = `in ${formatCount(cells)} of ${countOf(looked, "cell")}, the first is cell ${first}: `;
    write(cells === looked ? note : some + note);
  }
}

function write(note: string): void {
  process.stderr.write(`note: ${printableName(note)}\n`);
}
