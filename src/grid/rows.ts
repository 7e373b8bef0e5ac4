// How many servers and tasks the cells before a cell have together, where cells differ in these: the sums stand at the
// plan's snapshots, and are counted on from there. Asked for neighbouring cells, each takes one step.

import { Walk } from "./grid-walk.js";
import type { OpenSweep } from "./open.js";
import type { Snapshots } from "./plan.js";
import { Shapes } from "./shape.js";
import { AxisRanges } from "./values.js";

/** Of one cell: rows of `cells`, `servers` and `tasks` that a replicate has, and those of all cells before it. */
export interface CellRows {
  readonly before: readonly number[];
  readonly own: readonly number[];
}

/** The rows of one cell after the other. */
export class RowsOfCells {
  readonly cells: number;
  readonly replicates: number;
  private readonly walk: Walk;
  private readonly shapes: Shapes;
  private readonly snapshots: Snapshots;
  private cell = -1;
  private before: readonly number[] = [];
  private own: readonly number[] = [];
  /** Rows of `cpus` of each cell, where there is such a table. */
  private readonly cpus: readonly number[];

  constructor({ sweep, plan }: OpenSweep) {
    this.cells = plan.cellCount;
    this.replicates = plan.replicates;
    this.snapshots = plan.snapshots;
    this.walk = new Walk(sweep, new AxisRanges(sweep), () => {});
    this.shapes = new Shapes(sweep);
    this.cpus = plan.cpus === undefined ? [] : [plan.cpus];
  }

  /** @param cell from 0 to the number of cells, before which are all */
  at(cell: number): CellRows {
    const { every, indices } = this.snapshots;
    const start = Math.min(Math.floor(cell / every), indices.length - 1);
    if (this.cell < 0 || cell < this.cell || start * every > this.cell) this.jump(start);
    while (this.cell < cell) this.step();
    return { before: [...this.before], own: [...this.own] };
  }

  /** The cell that a row is of; the number of cells if it is of none. @param table 0 is `cells`, 1 `servers`, 2 `tasks` */
  cellOf(table: number, row: number): number {
    const { replicates } = this;
    if (this.cell < 0 || row < this.before[table] * replicates) this.jump(this.snapshotOf(table, row));
    while (this.cell < this.cells && row >= (this.before[table] + this.own[table]) * replicates) this.step();
    return this.cell;
  }

  /** The last snapshot before which there are no more rows than these. */
  private snapshotOf(table: number, row: number): number {
    const { every, rows = [] } = this.snapshots;
    let [low, high] = [0, rows.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      const before = [middle * every, ...rows[middle], ...this.cpus.map((cpus) => middle * every * cpus)][table];
      if (before * this.replicates <= row) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  private jump(snapshot: number): void {
    const { every, indices, rows = [] } = this.snapshots;
    this.cell = snapshot * every;
    this.before = [this.cell, ...rows[snapshot], ...this.cpus.map((cpus) => this.cell * cpus)];
    this.walk.jump(indices[snapshot]);
    this.read();
  }

  private step(): void {
    this.cell++;
    this.before = this.before.map((rows, table) => rows + this.own[table]);
    if (this.walk.next()) this.read();
    else this.own = this.before.map(() => 0);
  }

  private read(): void {
    const shape = this.shapes.at(this.walk.axes);
    this.own = [1, shape.servers, shape.tasks, ...this.cpus];
  }
}
