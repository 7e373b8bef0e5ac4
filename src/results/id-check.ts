// The proof that a table has every run exactly once and in order: its columns `cell` and `replicate` count up.

import { type ChunkTable, halves, wholeAt } from "../tables/memory.js";
import type { RowNumbering, RunNumbering } from "./range.js";

/** Follows the rows of one table. */
export class IdCheck {
  private rows = 0;

  /**
   * @param table its name, for messages, and its number among the layouts
   * @param numbering of the rows that are to come
   */
  constructor(
    private readonly table: { readonly name: string; readonly index: number },
    private readonly runs: RunNumbering,
    private readonly numbering: RowNumbering,
  ) {}

  /**
   * Looks at the next rows.
   * @returns what is wrong with them, or undefined
   */
  next(piece: ChunkTable): string | undefined {
    const { name, index } = this.table;
    const [cells, replicates] = piece.columns.slice(0, 2).map(halves);
    for (let row = 0; row < piece.rows; row++, this.rows++) {
      const run = this.numbering.runAt(index, this.rows);
      const cell = this.runs.cellOf(run);
      const replicate = this.runs.replicateOf(run);
      if (wholeAt(cells, row) === cell && wholeAt(replicates, row) === replicate) continue;
      const found = `cell ${wholeAt(cells, row)}, replicate ${wholeAt(replicates, row)}`;
      return `row ${this.rows} of ${name} is of ${found}, not of cell ${cell}, replicate ${replicate}`;
    }
    return undefined;
  }
}
