// What the valid cells of a sweep say that may not be what was meant: see scenario/notes.ts.

import { printableName } from "../input/problem.js";
import { countOf, formatCount } from "../numbers/counts.js";
import { notesOn } from "../scenario/notes.js";
import type { Sweep } from "../sweep/sweep.js";
import { type Cursor, openCursor } from "./cells.js";
import type { Plan } from "./plan.js";

/** A note, and in how many of the cells that were looked at; `first` is the first of these. */
export interface NoteOnCells {
  readonly note: string;
  readonly cells: number;
  readonly first: number;
  readonly looked: number;
}

/** Of more cells than this so many are looked at, at equal distances from cell 0 on: a check takes no longer then. */
const LOOKED_AT = 2_000;

/** Each note once, in the order in which cells have them. */
export function notesOnCells(cursor: Cursor, cellCount: number): NoteOnCells[] {
  const looked = Math.min(cellCount, LOOKED_AT);
  const found = new Map<string, { cells: number; first: number }>();
  for (let index = 0; index < looked; index++) {
    const cell = Math.floor((index * cellCount) / looked);
    cursor.seek(cell);
    for (const note of notesOn(cursor.scenario)) {
      const seen = found.get(note);
      if (seen === undefined) found.set(note, { cells: 1, first: cell });
      else seen.cells++;
    }
  }
  return [...found].map(([note, { cells, first }]) => ({ note, cells, first, looked }));
}

/** That no cell that was looked at has a note, where that is not all of them; undefined where nothing is to be said. */
export function withoutNotes(notes: readonly string[], { cellCount }: Plan): string | undefined {
  if (notes.length > 0 || cellCount <= LOOKED_AT) return undefined;
  return `note: none in the ${countOf(LOOKED_AT, "cell")} looked at, of all ${formatCount(cellCount)}`;
}

/** The notes on the cells of a sweep, ready to print: each once, with how many cells it is of where that is not all. */
export function noteLines(sweep: Sweep, plan: Plan): string[] {
  const { cellCount } = plan;
  return notesOnCells(openCursor(sweep, plan), cellCount).map(({ note, cells, first, looked }) => {
    const some = looked < cellCount;
    const of = some
      ? `the ${countOf(looked, "cell")} looked at, of all ${formatCount(cellCount)}`
      : countOf(looked, "cell");
    const where =
      cells === looked ? `in all of ${of}` : `in ${formatCount(cells)} of ${of}, the first is cell ${first}`;
    return `note: ${printableName(cells === looked && !some ? note : `${where}: ${note}`)}`;
  });
}
