// How many servers and tasks the cells before a cell have together, where cells differ in these. Asked for neighbouring cells, each
// takes one step; others are found by the factors of the grid.

import { Grid, type Measure } from "./grid.js";
import { Walk } from "./grid-walk.js";
import type { OpenSweep } from "./open.js";
import { Shapes } from "./shape.js";
import { AxisRanges } from "./values.js";

/** Of one cell: rows of `cells`, `servers` and `tasks` that a replicate has, and those of all cells before it. */
export interface CellRows {
  readonly before: readonly number[];
  readonly own: readonly number[];
}

/** The tables, by number. */
const [CELLS, SERVERS, TASKS, CPUS] = [0, 1, 2, 3] as const;

/** Cells that are as soon reached by steps as by a jump. */
const NEAR = 64;

/** The rows of one cell after the other. */
export class RowsOfCells {
  readonly cells: number;
  readonly replicates: number;
  private readonly walk: Walk;
  private readonly shapes: Shapes;
  private readonly grid: Grid;
  private cell = -1;
  private before: readonly number[] = [];
  private own: readonly number[] = [];
  /** Rows of `cpus` of each cell, where there is such a table. */
  private readonly cpus: readonly number[];

  constructor({ sweep, plan }: OpenSweep) {
    this.cells = plan.cellCount;
    this.replicates = plan.replicates;
    const ranges = new AxisRanges(sweep);
    this.grid = new Grid(sweep, ranges, plan.factors);
    this.walk = new Walk(sweep, ranges, () => {});
    this.shapes = new Shapes(sweep);
    this.cpus = plan.cpus === undefined ? [] : [plan.cpus];
  }

  /** @param cell from 0 to the number of cells, before which are all */
  at(cell: number): CellRows {
    if (this.cell < 0 || cell < this.cell || cell > this.cell + NEAR) this.jump(Math.min(cell, this.cells - 1));
    while (this.cell < cell) this.step();
    return { before: [...this.before], own: [...this.own] };
  }

  /** The cell that a row is of; the number of cells if it is of none. @param table 0 is `cells`, 1 `servers`, 2 `tasks` */
  cellOf(table: number, row: number): number {
    const { replicates, own, before } = this;
    const isNear = this.cell >= 0 && row >= before[table] * replicates;
    if (!isNear || row > (before[table] + NEAR * own[table]) * replicates) this.jump(this.find(table, row));
    while (this.cell < this.cells && row >= (this.before[table] + this.own[table]) * replicates) this.step();
    return this.cell;
  }

  /** The cell of a row, or one before it. */
  private find(table: number, row: number): number {
    const { grid, cells } = this;
    const place = Math.floor(row / this.replicates);
    if (table === CELLS) return Math.min(place, cells - 1);
    if (table === CPUS) return Math.min(Math.floor(place / this.cpus[0]), cells - 1);
    const measure = table as Measure;
    const ofProduct = grid.rowsBefore(grid.product, measure);
    return place < ofProduct ? grid.cellOfRow(place, measure) : Math.min(grid.product, cells - 1);
  }

  private jump(cell: number): void {
    const { grid } = this;
    const start = Math.min(cell, grid.product); // points are few
    this.cell = start;
    const [servers, tasks] = [grid.rowsBefore(start, SERVERS), grid.rowsBefore(start, TASKS)];
    this.before = [start, servers, tasks, ...this.cpus.map((cpus) => start * cpus)];
    this.walk.jump(grid.indicesOf(start));
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
