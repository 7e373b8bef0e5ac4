// Pass 1: the size of the grid before constraints, without visiting every cell where axes are independent of each other.

import { Refused } from "../numbers/durations.js";
import type { Axis, Sweep } from "../sweep/sweep.js";
import { namedAxes } from "./dependence.js";
import { factorAxes } from "./factors.js";
import { axisText } from "./times.js";
import { type AxisRanges, type AxisValue, following, type Values } from "./values.js";

/** More cells than this before constraints are refused: planning may have to visit every one of them. */
export const CELLS_MAX = 1_000_000_000;

/** Called when the range of an axis is refused under the given values of the axes before it (`P=1`). */
export type RefuseRange = (axis: Axis, before: string, reason: string) => void;

export interface GridSize {
  /** Exact up to CELLS_MAX; beyond that any number above it. */
  readonly cells: number;
  /** Whether each axis has a value somewhere. */
  readonly filled: readonly boolean[];
}

/** Counts the cells of the grid before constraints. */
export function gridSize(sweep: Sweep, ranges: AxisRanges, refuse: RefuseRange): GridSize {
  const axes: AxisValue[] = [];
  const filled = sweep.axes.map(() => false);
  const ranged: Values[] = [];
  const named = sweep.axes.map((_, level) => isNamed(sweep, level));

  function values(level: number): Values | undefined {
    try {
      const own = ranges.values(level, axes);
      const leader = sweep.axes[level].follows;
      if (leader === undefined) return own;
      const { count: wanted } = ranged[leader];
      if (own.count === wanted) return following(own, ranged[leader], 0);
      throw new Refused(`has ${own.count} values, and ${sweep.axes[leader].name}, with which it varies, has ${wanted}`);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const before = namedAxes(sweep.axes[level]).map((axis) => axisText(sweep, axis, axes[axis].value));
      refuse(sweep.axes[level], before.join(" "), error.message);
      return undefined;
    }
  }

  function count(factor: readonly number[], place = 0): number {
    if (place === factor.length) return 1;
    const level = factor[place];
    const range = values(level);
    if (range === undefined || range.count === 0) return 0;
    filled[level] = true;
    ranged[level] = range;
    axes[level] = range.at(0);
    // What follows is the same for every value of an axis that no later range names.
    if (!named[level]) return multiply(range.count, count(factor, place + 1));
    // Every value is visited, whatever follows it.
    if (range.count > CELLS_MAX) return range.count;
    let cells = 0;
    for (let index = 0; index < range.count && cells <= CELLS_MAX; index++) {
      axes[level] = range.at(index);
      cells += count(factor, place + 1);
    }
    return cells;
  }

  return { cells: factorAxes(sweep).reduce((product, factor) => multiply(product, count(factor)), 1), filled };
}

/** Whether the range of a later axis depends on the value of an axis, or of one that varies together with it. */
function isNamed({ axes }: Sweep, level: number): boolean {
  const together = axes.flatMap(({ follows }, axis) => (axis === level || follows === level ? [axis] : []));
  return axes.slice(level + 1).some((axis) => namedAxes(axis).some((name) => together.includes(name)));
}

/** A product that stays finite. */
function multiply(a: number, b: number): number {
  return a === 0 || b === 0 ? 0 : Math.min(a * b, Number.MAX_VALUE);
}
