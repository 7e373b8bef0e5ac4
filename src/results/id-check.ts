// The proof that a table has every run exactly once and in order: its columns `cell` and `replicate` count up.

import type { TableLayout } from "../tables/columns.js";
import { type ChunkTable, halves, wholeAt } from "../tables/memory.js";

/** Follows the rows of one table. */
export class IdCheck {
  private rows = 0;

  /** @param firstCell of the rows that are to come */
  constructor(
    private readonly layout: TableLayout,
    private readonly replicates: number,
    private readonly firstCell: number,
  ) {}

  /**
   * Looks at the next rows.
   * @returns what is wrong with them, or undefined
   */
  next(piece: ChunkTable): string | undefined {
    const { rowsPerRun, name } = this.layout;
    const [cells, replicates] = piece.columns.slice(0, 2).map(halves);
    for (let row = 0; row < piece.rows; row++, this.rows++) {
      const run = Math.floor(this.rows / rowsPerRun);
      const cell = this.firstCell + Math.floor(run / this.replicates);
      const replicate = run % this.replicates;
      if (wholeAt(cells, row) === cell && wholeAt(replicates, row) === replicate) continue;
      const found = `cell ${wholeAt(cells, row)}, replicate ${wholeAt(replicates, row)}`;
      return `row ${this.rows} of ${name} is of ${found}, not of cell ${cell}, replicate ${replicate}`;
    }
    return undefined;
  }
}
