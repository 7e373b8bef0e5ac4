// The proof that a table has every run exactly once and in order: its columns `cell` and `replicate` count up.

import type { TableLayout } from "../tables/columns.js";
import { type ChunkTable, halves, wholeAt } from "../tables/memory.js";
import type { RowNumbering, RunNumbering } from "./range.js";

/** Follows the rows of one table. */
export interface RowCheck {
  /**
   * Looks at the next rows.
   * @returns what is wrong with them, or undefined
   */
  next(piece: ChunkTable): string | undefined;
}

/** The checks of the tables of a run. @param sparse whether only some runs of the plan were run, as a search chooses */
export function rowChecks(
  layouts: readonly TableLayout[],
  runs: RunNumbering,
  rows: RowNumbering,
  sparse: boolean,
): RowCheck[] {
  const Check = sparse ? SparseCheck : IdCheck;
  return layouts.map(({ name }, index) =>
    name === "find" ? { next: () => undefined } : new Check({ name, index }, runs, rows),
  );
}

/** All runs of the plan, each with all of its rows. */
class IdCheck implements RowCheck {
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

/** Some runs, in ascending order, each with all of its rows. */
class SparseCheck implements RowCheck {
  private rows = 0;
  private run = -1;
  /** Rows of the run that are still to come. */
  private left = 0;

  constructor(
    private readonly table: { readonly name: string; readonly index: number },
    private readonly runs: RunNumbering,
    private readonly numbering: RowNumbering,
  ) {}

  next(piece: ChunkTable): string | undefined {
    const { name, index } = this.table;
    const [cells, replicates] = piece.columns.slice(0, 2).map(halves);
    for (let row = 0; row < piece.rows; row++, this.rows++) {
      const [cell, replicate] = [wholeAt(cells, row), wholeAt(replicates, row)];
      const run = this.runs.runOf(cell, replicate);
      const isNext = this.left === 0 && run > this.run && replicate < this.runs.replicates;
      if (isNext) this.left = this.numbering.rowsOfRun(index, run);
      else if (this.left === 0 || run !== this.run)
        return `row ${this.rows} of ${name} is of cell ${cell}, replicate ${replicate}, out of its turn`;
      this.run = run;
      this.left--;
    }
    return undefined;
  }
}
