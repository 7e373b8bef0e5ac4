// The cells of a plan by their numbers: found, and counted before, by way of the factors of the grid. What is measured may be the
// cells themselves, or their servers, tasks or VCPUs, of which one factor says how many a cell has.

import type { Sweep } from "../sweep/sweep.js";
import { union } from "./dependence.js";
import { Walk } from "./grid-walk.js";
import type { Factor, RowCounts } from "./plan.js";
import { addRows, Shapes } from "./shape.js";
import type { AxisRanges } from "./values.js";

/** Rows of which a cell has some: itself, its servers, its tasks, the VCPUs of its VMs. */
export type Measure = 0 | 1 | 2 | 3;

/** The combinations of one factor, in their order. Asked for neighbours, each takes one step. */
class Combinations {
  private readonly walk: Walk;
  private readonly shapes: Shapes | undefined;
  /** The number at which the walk stands, and the rows of those before it. */
  private rank = -1;
  private rows: RowCounts = [0, 0, 0];

  constructor(
    sweep: Sweep,
    ranges: AxisRanges,
    readonly factor: Factor,
  ) {
    this.walk = new Walk(sweep, ranges, () => {}, factor.axes);
    if (factor.rows !== undefined) this.shapes = new Shapes(sweep);
  }

  get count(): number {
    return this.factor.count;
  }

  /** The index of a combination on the axis at a place of the factor. */
  index(rank: number, place: number): number {
    const { indices, every = 1, axes } = this.factor;
    if (indices === undefined) return rank;
    if (rank % every === 0) return indices[rank / every][place];
    this.goTo(rank);
    return this.walk.indices[axes[place]];
  }

  /** How many cells, servers, tasks or VCPUs all before a combination count for. */
  before(rank: number, measure: Measure): number {
    const { rows, count, every = 1 } = this.factor;
    if (rows === undefined || measure === 0) return rank;
    if (rank === count) return rows.at(-1)![measure - 1];
    if (rank % every === 0) return rows[rank / every][measure - 1];
    this.goTo(rank);
    return this.rows[measure - 1];
  }

  /** The first of some neighbours whose index at a place is not below one; their indices at this place ascend. */
  first(low: number, high: number, place: number, index: number): number {
    const { indices, every = 1 } = this.factor;
    if (indices === undefined) return Math.min(Math.max(index, low), high);
    let rank = lastBefore(low, high, every, (multiple) => this.index(multiple, place) < index);
    while (rank < high && this.index(rank, place) < index) rank++;
    return rank;
  }

  /** The last of some neighbours before which there is no more of a measure than this. */
  at(low: number, high: number, measure: Measure, most: number): number {
    const { rows, every = 1 } = this.factor;
    if (rows === undefined || measure === 0) return low + most;
    const limit = this.before(low, measure) + most;
    let rank = lastBefore(low, high, every, (multiple) => this.before(multiple, measure) <= limit);
    while (rank + 1 < high && this.before(rank + 1, measure) <= limit) rank++;
    return rank;
  }

  private goTo(rank: number): void {
    const { every = 1, indices = [], rows = [], axes } = this.factor;
    const start = Math.floor(rank / every);
    if (this.rank < 0 || rank < this.rank || start * every > this.rank) {
      const all: number[] = [];
      for (const [place, axis] of axes.entries()) all[axis] = indices[start][place];
      this.walk.jump(all);
      this.rank = start * every;
      if (this.shapes !== undefined) this.rows = rows[start];
    }
    for (; this.rank < rank; this.rank++) {
      if (this.shapes !== undefined) this.rows = addRows(this.rows, this.shapes.rowsIn(this.walk.axes));
      this.walk.next();
    }
  }
}

/** Of `low` and the multiples of `every` up to `high` the last one for which something holds that holds for no later ones, or `low`. */
function lastBefore(low: number, high: number, every: number, holds: (rank: number) => boolean): number {
  let [yes, no] = [Math.floor(low / every), Math.ceil(high / every)];
  while (no - yes > 1) {
    const middle = Math.floor((yes + no) / 2);
    if (holds(middle * every)) yes = middle;
    else no = middle;
  }
  return Math.max(low, yes * every);
}

/** Whether one combination is left of every other factor. */
function isAlone(ranges: readonly Range[], factor: number): boolean {
  return ranges.every(({ low, high }, number) => number === factor || high - low === 1);
}

/** A range of combinations that have the indices chosen so far. */
interface Range {
  low: number;
  high: number;
}

/** All cells of a plan, by their numbers. */
export class Grid {
  /** Cells without the points that come after them. */
  readonly product: number;
  private readonly combinations: readonly Combinations[];
  /** Of each axis its factor, and its place in it. */
  private readonly places: readonly { readonly factor: number; readonly place: number }[];
  /** What is not the same for every cell. */
  private readonly measures: readonly Measure[];

  constructor(
    private readonly sweep: Sweep,
    private readonly ranges: AxisRanges,
    private readonly factors: readonly Factor[],
  ) {
    this.combinations = factors.map((factor) => new Combinations(sweep, ranges, factor));
    this.product = this.cellsOf(factors);
    const places: { factor: number; place: number }[] = [];
    for (const [factor, { axes }] of factors.entries())
      for (const [place, axis] of axes.entries()) places[axis] = { factor, place };
    this.places = places;
    this.measures = factors.some(({ rows }) => rows !== undefined) ? [0, 1, 2, 3] : [0];
  }

  get cells(): number {
    return this.product + this.ranges.points.length;
  }

  /** The factors that have some of these axes. */
  touching(axes: readonly number[]): Factor[] {
    return this.factors.filter((factor) => factor.axes.some((axis) => axes.includes(axis)));
  }

  /** Combinations of some factors. */
  cellsOf(factors: readonly Factor[]): number {
    return factors.reduce((cells, { count }) => cells * count, 1);
  }

  /** A walk over the combinations of the factors of some axes, the other axes at their values in the first cell; then the points. */
  walkOf(axes: readonly number[]): Walk {
    const moving = union(this.touching(axes).map((factor) => factor.axes));
    if (this.product === 0) return new Walk(this.sweep, this.ranges, () => {}); // to the points
    return new Walk(this.sweep, this.ranges, () => {}, moving, this.indicesOf(0));
  }

  /** The indices of a cell on the axes, as a walk takes them. */
  indicesOf(cell: number): number[] {
    if (cell >= this.product) return this.places.map(() => this.product - cell - 1);
    return this.descend(0, cell).indices;
  }

  /** The number of a cell. */
  numberOf(indices: readonly number[]): number {
    if (indices[0] < 0) return this.product - indices[0] - 1;
    const ranges = this.whole();
    let number = 0;
    for (const [axis, { factor, place }] of this.places.entries()) {
      const { low, high } = ranges[factor];
      const own = this.combinations[factor];
      const from = own.first(low, high, place, indices[axis]);
      number += (from - low) * this.others(ranges, factor, 0);
      ranges[factor] = { low: from, high: own.first(from, high, place, indices[axis] + 1) };
    }
    return number;
  }

  /** Servers, tasks or VCPUs of a replicate of all cells of the product that come before one. */
  rowsBefore(cell: number, measure: Measure): number {
    if (cell >= this.product) return this.between(this.whole(), measure);
    return this.descend(0, cell).before[measure];
  }

  /** The cell of the product of which a row is. */
  cellOfRow(row: number, measure: Measure): number {
    return this.descend(measure, row).before[0];
  }

  /**
   * Finds the cell before which there is no more of a measure than this.
   * @returns its indices, and what comes before it of every measure
   */
  private descend(measure: Measure, most: number): { indices: number[]; before: number[] } {
    const ranges = this.whole();
    const before = [0, 0, 0, 0];
    const indices: number[] = [];
    let left = most;
    for (const [axis, { factor, place }] of this.places.entries()) {
      const { low, high } = ranges[factor];
      const own = this.combinations[factor];
      const others = this.others(ranges, factor, measure);
      const rank = own.at(low, high, measure, Math.floor(left / others));
      indices[axis] = own.index(rank, place);
      const isFound = place === own.factor.axes.length - 1 || isAlone(ranges, factor);
      const from = isFound ? rank : own.first(low, rank, place, indices[axis]);
      const to = isFound ? rank + 1 : own.first(rank + 1, high, place, indices[axis] + 1);
      left -= (own.before(from, measure) - own.before(low, measure)) * others;
      for (const each of this.measures) {
        before[each] += (own.before(from, each) - own.before(low, each)) * this.others(ranges, factor, each);
      }
      ranges[factor] = { low: from, high: to };
    }
    return { indices, before };
  }

  private whole(): Range[] {
    return this.combinations.map(({ count }) => ({ low: 0, high: count }));
  }

  /** What cells have of a measure for each combination of a factor: all those of the other factors. */
  private others(ranges: readonly Range[], factor: number, measure: Measure): number {
    return ranges.reduce(
      (product, range, number) => (number === factor ? product : product * this.sizeOf(number, range, measure)),
      1,
    );
  }

  private between(ranges: readonly Range[], measure: Measure): number {
    return ranges.reduce((product, range, number) => product * this.sizeOf(number, range, measure), 1);
  }

  private sizeOf(factor: number, { low, high }: Range, measure: Measure): number {
    const own = this.combinations[factor];
    return own.before(high, measure) - own.before(low, measure);
  }
}

/** Something that is looked at in cells. */
export interface Look {
  /** The axes on which it depends, ascending. */
  readonly axes: readonly number[];
}

/** One walk: the axes that it is for, what is looked at, and the cells of the product of which each that it meets is the first. */
export interface Pass<L extends Look> {
  readonly axes: readonly number[];
  readonly looks: readonly L[];
  readonly alike: number;
}

/** The walks that it takes: one for those looks that depend on the same factors. */
export function passesOf<L extends Look>(looks: readonly L[], grid: Grid): Pass<L>[] {
  const passes = new Map<string, { axes: readonly number[]; looks: L[]; alike: number }>();
  for (const look of looks) {
    const factors = grid.touching(look.axes);
    const key = factors.map(({ axes }) => axes[0]).join();
    const pass = passes.get(key) ?? { axes: look.axes, looks: [], alike: grid.product / grid.cellsOf(factors) };
    pass.looks.push(look);
    passes.set(key, pass);
  }
  return [...passes.values()];
}
