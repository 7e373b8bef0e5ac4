// How many servers and tasks the cells before a cell have together, where cells differ in these. Asked for neighbouring cells, each
// takes one step; others are found by the factors of the grid.

import { mostRows } from "../tables/shape.js";
import { Grid, type Measure } from "./grid.js";
import { Walk } from "./grid-walk.js";
import type { OpenSweep } from "./open.js";
import { type Shape, Shapes } from "./shape.js";
import { AxisRanges } from "./values.js";

/** Of one cell: rows of each table that all cells before it have, and its first replicates. */
export interface CellRows {
  readonly before: readonly number[];
  /** @param table its number, as above */
  readonly of: (table: number, replicates: number) => number;
}

/** The tables, by number; where there are VCPUs there are CPUs. */
const [CELLS, CPUS, VCPUS] = [0, 3, 4] as const;

/** What of a cell the rows of a table are, but for those of CPUs. */
function measureOf(table: number): Measure {
  return table === VCPUS ? 3 : (table as Measure);
}

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
  /** Of the current cell: undefined after the last one. */
  private shape: Shape | undefined;
  /** Rows of `cpus` of each replicate, where there is such a table. */
  private readonly cpus: number;
  private readonly tables: readonly number[];

  constructor({ sweep, plan }: OpenSweep) {
    this.cells = plan.cellCount;
    this.replicates = plan.replicates;
    const ranges = new AxisRanges(sweep);
    this.grid = new Grid(sweep, ranges, plan.factors);
    this.walk = new Walk(sweep, ranges, () => {});
    this.shapes = new Shapes(sweep);
    this.cpus = plan.cpus ?? 0;
    this.tables = [...mostRows(plan).keys()];
  }

  /** @param cell from 0 to the number of cells, before which are all */
  at(cell: number): CellRows {
    if (this.cell < 0 || cell < this.cell || cell > this.cell + NEAR) this.jump(Math.min(cell, this.cells - 1));
    while (this.cell < cell) this.step();
    const { before, shape } = this;
    return { before, of: (table, replicates) => this.rowsOf(shape, table, replicates) };
  }

  /** The cell that a row is of; the number of cells if it is of none. @param table its number in RUN_TABLES */
  cellOf(table: number, row: number): number {
    const isNear = this.cell >= 0 && row >= this.before[table];
    if (!isNear || row > this.before[table] + NEAR * this.own(table)) this.jump(this.find(table, row));
    while (this.cell < this.cells && row >= this.before[table] + this.own(table)) this.step();
    return this.cell;
  }

  /** Rows of the first replicates of a cell. @param shape of its first one; undefined: it is none */
  private rowsOf(shape: Shape | undefined, table: number, replicates: number): number {
    if (shape === undefined) return 0;
    if (table === CELLS) return replicates;
    if (table === CPUS) return this.cpus * replicates;
    return this.shapes.rowsOf(shape, replicates)[measureOf(table) - 1];
  }

  /** Rows of the current cell. */
  private own(table: number): number {
    return this.rowsOf(this.shape, table, this.replicates);
  }

  /** The cell of a row, or one before it. */
  private find(table: number, row: number): number {
    const { grid, cells, replicates, shapes } = this;
    const place = Math.floor(row / replicates);
    if (table === CELLS) return Math.min(place, cells - 1);
    if (table === CPUS) return Math.min(Math.floor(place / this.cpus), cells - 1);
    const measure = measureOf(table);
    const inFactors = Math.floor(row / shapes.times);
    if (shapes.level < 0) return Math.min(Math.floor(inFactors / Math.max(1, this.ofEach(measure))), cells - 1);
    const ofProduct = grid.rowsBefore(grid.product, measure);
    return inFactors < ofProduct ? grid.cellOfRow(inFactors, measure) : Math.min(grid.product, cells - 1);
  }

  /** What `rowsIn` counts in each cell, where all have the same. */
  private ofEach(measure: Measure): number {
    return measure === 0 ? 1 : this.shapes.rowsIn(this.walk.axes)[measure - 1];
  }

  private jump(cell: number): void {
    const { grid, shapes, replicates } = this;
    const start = Math.min(cell, grid.product); // points are few
    this.cell = start;
    const before = (measure: Measure) =>
      (shapes.level < 0 ? start * this.ofEach(measure) : grid.rowsBefore(start, measure)) * shapes.times;
    this.before = this.tables.map((table) => {
      if (table === CELLS) return start * replicates;
      return table === CPUS ? start * replicates * this.cpus : before(measureOf(table));
    });
    this.walk.jump(grid.indicesOf(start));
    this.read();
  }

  private step(): void {
    this.cell++;
    this.before = this.before.map((rows, table) => rows + this.own(table));
    if (this.walk.next()) this.read();
    else this.shape = undefined;
  }

  private read(): void {
    this.shape = this.shapes.at(this.walk.axes);
  }
}
