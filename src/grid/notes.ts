// What the valid cells of a sweep say that may not be what was meant: see scenario/notes.ts.

import { notesOn } from "../scenario/notes.js";
import type { Cursor } from "./cells.js";

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
