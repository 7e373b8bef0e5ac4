// The grid as a product. Axes hang together whose ranges name each other, that vary together, or that one constraint names; what
// the values of one such group are says nothing of those of another. Each group is a factor: it is walked by itself, and cells
// are counted, numbered and found by multiplying, not one by one.

import type { Constraint, Sweep } from "../sweep/sweep.js";
import { namedAxes, union } from "./dependence.js";
import { Walk } from "./grid-walk.js";
import type { Factor, RowCounts } from "./plan.js";
import { PROGRESS_CELLS, type Progress } from "./progress.js";
import { addRows, axesOfShape, type Shapes } from "./shape.js";
import type { AxisRanges } from "./values.js";

/** The axes of each factor of a sweep, ascending, by their first; of a sweep without axes one factor without. */
export function factorAxes(sweep: Sweep): number[][] {
  const { axes, where, assigns } = sweep;
  const together = [
    ...axes.map((axis, number) => [number, ...namedAxes(axis), ...(axis.follows === undefined ? [] : [axis.follows])]),
    ...where.map(({ expression }) => expression.axes),
    axesOfShape(sweep), // so that the rows of a cell follow from one factor
    ...(assigns.some((assign) => assign !== undefined) ? [[...axes.keys()]] : []), // what fits may follow from every axis
  ];
  let groups: number[][] = [];
  for (const one of together.filter(({ length }) => length > 0)) {
    const joined = groups.filter((group) => group.some((axis) => one.includes(axis)));
    groups = [...groups.filter((group) => !joined.includes(group)), union([...joined, one])];
  }
  return groups.length === 0 ? [[]] : groups.sort((a, b) => a[0] - b[0]);
}

/** Whether the combinations of a factor are the values of its only axis. */
export function isPlain(sweep: Sweep, axes: readonly number[]): boolean {
  if (axes.length !== 1 || axesOfShape(sweep).length > 0) return false;
  const [axis] = axes;
  if (sweep.axes[axis].when !== undefined) return false;
  // A constraint without axes is asked by the first factor.
  return !sweep.where.some(
    ({ expression }) => expression.axes.includes(axis) || (expression.axes.length === 0 && axis === 0),
  );
}

/** A factor, and what is known once it was walked. */
export interface CountedFactor {
  readonly factor: Factor;
  /** Its combinations before constraints. */
  readonly unconstrained: number;
  /** Combinations that each constraint of the sweep removed from what those before it left: 0 for those of other factors. */
  readonly removed: readonly number[];
  /** Of each axis with a condition the combinations in which it does not exist. */
  readonly absent: ReadonlyMap<number, number>;
  /** Combinations that differ in more than the last axis of the sweep, and the most values that this axis has in one of them. */
  readonly units: number;
  readonly most: number;
}

/**
 * Walks one factor; one that is plain is as long as its axis.
 * @param shapes gets to know those of the combinations, where they follow from this factor
 * @param each called where the walk stands
 */
export function countFactor(
  sweep: Sweep,
  ranges: AxisRanges,
  axes: readonly number[],
  shapes: Shapes | undefined,
  refuse: (constraint: Constraint, reason: string, walk: Walk) => void,
  each: (walk: Walk) => void,
  progress: Progress,
): CountedFactor {
  const last = sweep.axes.length - 1;
  const removed = sweep.where.map(() => 0);
  if (isPlain(sweep, axes)) {
    const { count } = ranges.values(axes[0], []);
    const searched = axes[0] === last ? { units: 1, most: count } : { units: count, most: 1 };
    return { factor: { axes, count }, unconstrained: count, removed, absent: new Map(), ...searched };
  }
  const walk: Walk = new Walk(sweep, ranges, (constraint, reason) => refuse(constraint, reason, walk), axes);
  const kept = new Kept(axes, shapes);
  const absent = new Map(axes.filter((axis) => sweep.axes[axis].when !== undefined).map((axis) => [axis, 0]));
  let [units, unit, most] = [0, 0, 0];
  while (walk.next()) {
    unit = units > 0 && walk.changedFrom === last ? unit + 1 : 1;
    if (unit === 1) units++;
    most = Math.max(most, unit);
    for (const [axis, without] of absent) if (walk.axes[axis].value === null) absent.set(axis, without + 1);
    each(walk);
    kept.take(walk);
    walk.changedFrom = sweep.axes.length;
    if (kept.count % PROGRESS_CELLS === 0) progress("counted", kept.count);
  }
  const ours = sweep.where.map(({ expression }) => isOf(expression.axes, axes));
  return {
    factor: kept.factor,
    unconstrained: walk.removed.reduce((sum, cells) => sum + cells, kept.count),
    removed: walk.removed.map((cells, number) => (ours[number] ? cells : 0)),
    ...{ absent, units, most },
  };
}

/** Whether a constraint on some axes is a factor's; one on none is the first one's. */
function isOf(named: readonly number[], axes: readonly number[]): boolean {
  return named.length === 0 ? (axes[0] ?? 0) === 0 : axes.includes(named[0]);
}

/** So many combinations are kept at most, at equal distances. */
const KEPT_MAX = 4096;

class Kept {
  count = 0;
  private every = 1;
  private indices: number[][] = [];
  private rows: RowCounts[] = [];
  private sums: RowCounts = [0, 0, 0];

  constructor(
    private readonly axes: readonly number[],
    private readonly shapes: Shapes | undefined,
  ) {}

  get factor(): Factor {
    const { axes, count, every, indices, rows, sums, shapes } = this;
    const ofShapes = shapes === undefined ? {} : { rows: [...rows, sums] };
    return { axes, count, every, indices, ...ofShapes };
  }

  /** Takes note of the next combination. */
  take(walk: Walk): void {
    if (this.count % this.every === 0 && this.indices.length === KEPT_MAX) {
      this.indices = this.indices.filter((_, i) => i % 2 === 0);
      this.rows = this.rows.filter((_, i) => i % 2 === 0);
      this.every *= 2;
    }
    if (this.count % this.every === 0) {
      this.indices.push(this.axes.map((axis) => walk.indices[axis]));
      this.rows.push(this.sums);
    }
    this.count++;
    if (this.shapes !== undefined) this.sums = addRows(this.sums, this.shapes.rowsIn(walk.axes));
  }
}
