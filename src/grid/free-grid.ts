// A grid whose axes are independent and whose cells no constraint removes: every combination of values is a cell, whose
// number follows from them. What depends on a few axes is looked at once for each of their combinations, not once a cell.

import type { Axis, NumberOperand, Sweep } from "../sweep/sweep.js";
import { axesOf } from "./dependence.js";
import type { AxisRanges } from "./values.js";

export class FreeGrid {
  private constructor(private readonly counts: readonly number[]) {}

  /**
   * The grid of a sweep that was counted; undefined where axes depend on each other or
   * vary together, cells are removed, come after the grid, differ in shape or have their tasks assigned.
   */
  static of(sweep: Sweep, ranges: AxisRanges): FreeGrid | undefined {
    if (sweep.points.length > 0 || sweep.axes.some((axis) => axis.follows !== undefined)) return undefined;
    if (sweep.where.length > 0 || sweep.axes.some((axis) => namedAxes(axis).length > 0)) return undefined;
    if (sweep.assigns.some((assign) => assign !== undefined)) return undefined;
    if ([...sweep.copies, ...sweep.workloads].some((each) => each !== undefined && axesOf(each.count).length > 0))
      return undefined;
    return new FreeGrid(sweep.axes.map((_, axis) => ranges.values(axis, []).count));
  }

  get cells(): number {
    return this.cellsOf([...this.counts.keys()]);
  }

  /** Combinations of the values of some axes. */
  cellsOf(axes: readonly number[]): number {
    return axes.reduce((cells, axis) => cells * this.counts[axis], 1);
  }

  /** The number of the cell with these indices on the axes. */
  numberOf(indices: readonly number[]): number {
    return indices.reduce((number, index, axis) => number * this.counts[axis] + index, 0);
  }

  /** The indices of a cell on the axes. */
  indicesOf(cell: number): number[] {
    const indices: number[] = [];
    let left = cell;
    for (const count of this.counts.toReversed()) {
      indices.unshift(left % count);
      left = Math.floor(left / count);
    }
    return indices;
  }
}

/** The earlier axes that the values of an axis depend on, ascending. */
export function namedAxes({ values, when }: Axis): number[] {
  return union([...partsOf(values).map((part) => axesOf(part)), when?.axes ?? []]);
}

function partsOf(values: Axis["values"]): NumberOperand[] {
  if (values.form === "list") return [];
  const { from, to } = values;
  if (values.form === "step") return [from, to, values.step];
  if (values.form === "sample") return values.step === undefined ? [from, to] : [from, to, values.step];
  return [from, to, values.count];
}

/** Axes, ascending. */
export function union(lists: readonly (readonly number[])[]): number[] {
  return [...new Set(lists.flat())].sort((a, b) => a - b);
}

/** Something that is looked at in cells. */
export interface Look {
  /** The axes on which it depends, ascending. */
  readonly axes: readonly number[];
}

/** One walk: the axes that move, and what is looked at. */
export interface Pass<L extends Look> {
  readonly axes: readonly number[];
  readonly looks: readonly L[];
}

/** The walks that it takes: in a free grid one for those that depend on the same axes, else one over all cells. */
export function passesOf<L extends Look>(looks: readonly L[], sweep: Sweep, free: FreeGrid | undefined): Pass<L>[] {
  if (free === undefined) return [{ axes: [...sweep.axes.keys()], looks }];
  const passes = new Map<string, { axes: readonly number[]; looks: L[] }>();
  for (const look of looks) {
    const key = look.axes.join();
    const pass = passes.get(key) ?? { axes: look.axes, looks: [] };
    pass.looks.push(look);
    passes.set(key, pass);
  }
  return [...passes.values()];
}
