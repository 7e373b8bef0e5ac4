// Lines of a table of times, with what is wrong at their places.

import { cellsOf, separatorOf, type TableCell } from "../import/cells.js";
import type { Position } from "../input/place.js";
import type { Problem } from "../input/problem.js";
import type { Node } from "./document.js";

/** What needs no reader of units. */
export const NUMBER = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/;

export interface TableLine {
  /** Counted from 1. */
  readonly line: number;
  readonly cells: TableCell[];
}

/** The lines of a table that messages call `file`, and that stands at a path of a sweep. */
export class TimeTable {
  private readonly texts: readonly string[];
  private readonly separator: string;

  /** @param problems gets what is wrong with the table */
  constructor(
    text: string,
    private readonly file: string,
    private readonly path: string,
    private readonly problems: Problem[],
  ) {
    this.texts = text.replace(/^\uFEFF/, "").split(/\r?\n/);
    this.separator = separatorOf(this.texts[0]);
  }

  /** The values of the first line. */
  heads(): TableCell[] {
    return cellsOf(this.texts[0], this.separator);
  }

  /** The lines from one on, counted from 1, but for empty ones. */
  *linesFrom(first: number): Generator<TableLine> {
    for (let line = first; line <= this.texts.length; line++) {
      const text = this.texts[line - 1];
      if (text.trim() !== "") yield { line, cells: cellsOf(text, this.separator) };
    }
  }

  /** Where a line begins. */
  placeOf(line: number): Position {
    return { file: this.file, line, column: 1 };
  }

  /** A value, as if it were written in the sweep. */
  nodeOf(line: number, { text, column }: TableCell): Node {
    return { kind: NUMBER.test(text) ? "number" : "text", at: { file: this.file, line, column }, text };
  }

  say(line: number, column: number, text: string): void {
    this.problems.push({ file: this.file, line, column, path: this.path, text });
  }
}
