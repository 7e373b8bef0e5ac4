// The notes on the cells of a sweep, on stderr.

import { openCursor } from "../grid/cells.js";
import { notesOnCells } from "../grid/notes.js";
import type { Plan } from "../grid/plan.js";
import { countOf, formatCount } from "../numbers/counts.js";
import type { Sweep } from "../sweep/sweep.js";
import { writeNote } from "./notes.js";

/** The notes on the cells of a sweep, each once, with how many cells it is of where that is not all. */
export function writeNotesOnCells(sweep: Sweep, plan: Plan): void {
  for (const { note, cells, first, looked } of notesOnCells(openCursor(sweep, plan), plan.cellCount)) {
    const some = `in ${formatCount(cells)} of ${countOf(looked, "cell")}, the first is cell ${first}: `;
    writeNote(cells === looked ? note : some + note);
  }
}
