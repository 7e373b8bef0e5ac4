// The proof that a table has every run exactly once and in order: its columns `cell` and `replicate` count up.

import type { ChunkTable } from "../tables/chunk.js";
import type { TableLayout } from "../tables/columns.js";

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
    const [cells, replicates] = piece.columns
      .map(({ values }) => values)
      .slice(0, 2)
      .map(halves);
    for (let row = 0; row < piece.rows; row++, this.rows++) {
      const run = Math.floor(this.rows / rowsPerRun);
      const cell = this.firstCell + Math.floor(run / this.replicates);
      const replicate = run % this.replicates;
      if (at(cells, row) === cell && at(replicates, row) === replicate) continue;
      const found = `cell ${at(cells, row)}, replicate ${at(replicates, row)}`;
      return `row ${this.rows} of ${name} is of ${found}, not of cell ${cell}, replicate ${replicate}`;
    }
    return undefined;
  }
}

/** Int64 values as pairs of 32-bit halves, which are much faster to read than a BigInt. */
function halves(values: Uint8Array): Uint32Array {
  return new Uint32Array(values.buffer, values.byteOffset, values.byteLength >> 2);
}

function at(pairs: Uint32Array, row: number): number {
  return pairs[2 * row] + pairs[2 * row + 1] * 2 ** 32;
}
