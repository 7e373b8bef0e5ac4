// The numbers of runs (a cell and replicate each), ranges of them, and where the rows of a run stand in its tables. This is
// the one place that knows how they follow from each other.

import type { OpenSweep } from "../grid/open.js";
import { RowsOfCells } from "../grid/rows.js";
import type { TableLayout } from "../tables/columns.js";

/** The runs from `firstRun` to `firstRun + runs - 1`. */
export interface RunRange {
  readonly firstRun: number;
  readonly runs: number;
}

/** The run after the last one of a range. */
export function endOf({ firstRun, runs }: RunRange): number {
  return firstRun + runs;
}

/** What some ranges leave of a whole. @param ranges ascending, none overlapping another */
export function without(whole: RunRange, ranges: readonly RunRange[]): RunRange[] {
  const left: RunRange[] = [];
  let next = whole.firstRun;
  const upTo = (end: number): void => {
    if (end > next) left.push({ firstRun: next, runs: end - next });
  };
  for (const range of ranges) {
    upTo(range.firstRun);
    next = endOf(range);
  }
  upTo(endOf(whole));
  return left;
}

/** How many runs ranges have. */
export function runsOf(ranges: readonly RunRange[]): number {
  return ranges.reduce((sum, range) => sum + range.runs, 0);
}

/** The number of the first of some cells, and how many they are. */
export interface CellRange {
  readonly firstCell: number;
  readonly cells: number;
}

/** How the runs of a sweep are numbered: cell after cell, and within a cell replicate after replicate. */
export class RunNumbering {
  constructor(readonly replicates: number) {}

  runOf(cell: number, replicate = 0): number {
    return cell * this.replicates + replicate;
  }

  cellOf(run: number): number {
    return Math.floor(run / this.replicates);
  }

  replicateOf(run: number): number {
    return run % this.replicates;
  }

  /** All runs of some cells. */
  rangeOf({ firstCell, cells }: CellRange): RunRange {
    return { firstRun: this.runOf(firstCell), runs: this.runOf(cells) };
  }

  /** So many runs in cells, which may be a part of one. */
  inCells(runs: number): number {
    return runs / this.replicates;
  }
}

/** Where the rows of runs stand in the tables of a directory. */
export class RowNumbering {
  private readonly first: readonly number[];

  /**
   * @param firstRun the run that row 0 of every table is of
   * @param varying the rows of each cell, where not every run has as many
   */
  constructor(
    private readonly layouts: readonly Pick<TableLayout, "rowsPerRun">[],
    firstRun = 0,
    private readonly varying?: RowsOfCells,
  ) {
    this.first = layouts.map((_, table) => this.before(table, firstRun));
  }

  /** The first row of a run. @param table its number among the layouts */
  rowOf(table: number, run: number): number {
    return this.before(table, run) - this.first[table];
  }

  /** How many rows a run has. */
  rowsOfRun(table: number, run: number): number {
    const { varying } = this;
    if (varying === undefined) return this.layouts[table].rowsPerRun;
    const { of } = varying.at(Math.floor(run / varying.replicates));
    const replicate = run % varying.replicates;
    return of(table, replicate + 1) - of(table, replicate);
  }

  /** The run that a row is of. */
  runAt(table: number, row: number): number {
    const { varying } = this;
    const inAll = row + this.first[table];
    if (varying === undefined) return Math.floor(inAll / this.layouts[table].rowsPerRun);
    const cell = varying.cellOf(table, inAll);
    const { before, of } = varying.at(cell);
    if (cell === varying.cells) return cell * varying.replicates;
    let [replicate, end] = [0, varying.replicates];
    while (end - replicate > 1) {
      const middle = Math.floor((replicate + end) / 2);
      if (of(table, middle) <= inAll - before[table]) replicate = middle;
      else end = middle;
    }
    return cell * varying.replicates + replicate;
  }

  /** How many rows each table has of some runs. */
  rowsOf(range: RunRange): number[] {
    return this.layouts.map((_, table) => this.rowOf(table, endOf(range)) - this.rowOf(table, range.firstRun));
  }

  /** Rows of all runs before one. */
  private before(table: number, run: number): number {
    const { varying } = this;
    if (varying === undefined) return run * this.layouts[table].rowsPerRun;
    const { before, of } = varying.at(Math.floor(run / varying.replicates));
    return before[table] + of(table, run % varying.replicates);
  }
}

/** The numbering of the rows of a plan. @param firstRun see RowNumbering */
export function rowNumbering(open: OpenSweep, layouts: readonly TableLayout[], firstRun = 0): RowNumbering {
  return new RowNumbering(layouts, firstRun, open.plan.varies ? new RowsOfCells(open) : undefined);
}
