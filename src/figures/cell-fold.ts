// All replicates of a cell together, for what holds of a cell only if it holds of each.

import { columnNumber, type Rows, valueIn } from "./rows.js";
import type { Survey } from "./survey.js";

/** Cells of a table whose rows come in its order: those of a cell one after the other. */
export class CellFold {
  private readonly cell: number;
  private readonly missed: number;
  private readonly unjudged: number;
  private readonly schedulable: number;
  private current: number | undefined;
  private rows: Rows | undefined;
  private row = 0;
  private good = true;
  private guaranteed = true;

  /**
   * @param kind for messages
   * @param end called with the last row of every cell, whether no replicate missed a deadline, and whether that is guaranteed
   */
  constructor(
    { columns }: Survey,
    kind: string,
    private readonly end: (rows: Rows, row: number, good: boolean, guaranteed: boolean) => void,
  ) {
    this.cell = columnNumber(columns, "cell", kind);
    this.missed = columnNumber(columns, "miss_ratio", kind);
    this.unjudged = columnNumber(columns, "unjudged", kind);
    this.schedulable = columns.findIndex(({ name }) => name === "schedulable");
  }

  get hasAnalysis(): boolean {
    return this.schedulable >= 0;
  }

  add(rows: Rows, row: number): void {
    const cell = valueIn(rows, this.cell, row) as number;
    if (cell !== this.current) {
      this.finish();
      this.current = cell;
      this.good = true;
      this.guaranteed = this.hasAnalysis;
    }
    this.rows = rows;
    this.row = row;
    this.good &&= valueIn(rows, this.missed, row) === 0 && valueIn(rows, this.unjudged, row) === 0;
    this.guaranteed &&= valueIn(rows, this.schedulable, row) === "true";
  }

  /** Call it after the last row. */
  finish(): void {
    if (this.rows !== undefined) this.end(this.rows, this.row, this.good, this.guaranteed);
    this.rows = undefined;
  }
}
