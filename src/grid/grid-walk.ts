// The grid, cell by cell: the last axis varies fastest, ranges follow the axes they depend on, and constraints remove
// cells. Every cell of a plan is reached by this code, in the plan and in every worker.

import { Refused } from "../numbers/durations.js";
import type { Constraint, Sweep } from "../sweep/sweep.js";
import { type AxisRanges, type AxisValue, following, type Values } from "./values.js";

interface CompiledConstraint {
  readonly constraint: Constraint;
  /** The last axis that it names; -1 when it names none. */
  readonly level: number;
  /** Number of the value of that axis for which it was evaluated last. */
  seen: number;
  holds: boolean;
}

/** A position in the grid that moves from one surviving cell to the next. It stands before the first at first. */
export class Walk {
  /** The current value of each axis. */
  readonly axes: AxisValue[] = [];
  /** The index of the current value of each axis. */
  readonly indices: number[];
  /** Cells that each constraint removed on the way. */
  readonly removed: number[];
  /** The first axis that changed since whoever reads the cells set this to the number of axes. */
  changedFrom = 0;
  private readonly values: Values[] = [];
  private readonly last: number;
  private readonly constraints: CompiledConstraint[];
  /** Number of the current value of each axis, counted over the whole walk. */
  private readonly stamps: number[];
  private started = false;
  /** The number of the point after the grid at which it stands; -1 within the grid. */
  private point = -1;
  private readonly follows: readonly (number | undefined)[];

  private readonly moves: readonly boolean[];

  /**
   * @param refuse called when a constraint cannot be evaluated in a cell, which is then removed
   * @param moving the axes that move; the others stay at their first value
   */
  constructor(
    sweep: Sweep,
    private readonly ranges: AxisRanges,
    private readonly refuse: (constraint: Constraint, reason: string) => void,
    moving: readonly number[] = [...sweep.axes.keys()],
  ) {
    this.moves = sweep.axes.map((_, axis) => moving.includes(axis));
    this.follows = sweep.axes.map((axis) => axis.follows);
    this.last = sweep.axes.length - 1;
    this.indices = sweep.axes.map(() => -1);
    this.stamps = sweep.axes.map(() => 0);
    this.constraints = sweep.where.map((constraint) => ({
      constraint,
      level: constraint.expression.axes.at(-1) ?? -1,
      seen: -1,
      holds: false,
    }));
    this.removed = this.constraints.map(() => 0);
  }

  /** Moves to the next cell that every constraint keeps; false after the last one. */
  next(): boolean {
    if (this.point >= 0) return this.takePoint(this.point + 1);
    while (this.advance()) {
      if (this.survives()) return true;
    }
    return this.takePoint(0);
  }

  /** Moves to a cell, which some earlier walk has reached. @param indices as that walk had them */
  jump(indices: readonly number[]): void {
    this.started = true;
    this.point = -1;
    if (indices[0] < 0) return void this.takePoint(-indices[0] - 1);
    for (let level = 0; level <= this.last; level++) {
      this.open(level);
      this.indices[level] = indices[level];
      this.take(level);
    }
    this.changedFrom = 0;
  }

  /** Moves to a point after the grid; its index on the first axis is below 0. @returns false where there is none */
  private takePoint(point: number): boolean {
    const values = this.ranges.points[point];
    if (values === undefined) return false;
    this.point = point;
    this.indices.fill(-point - 1);
    for (let level = 0; level <= this.last; level++) this.axes[level] = values[level];
    this.changedFrom = 0;
    return true;
  }

  private advance(): boolean {
    if (this.started) return this.step(this.last);
    this.started = true;
    if (this.last < 0) return true; // no axes: one cell
    this.open(0);
    return this.step(0);
  }

  /** The next cell after a change of the axis `level`, or of one before it when its values are used up. */
  private step(from: number): boolean {
    let level = from;
    while (level >= 0) {
      const index = this.indices[level] + 1;
      if (index >= this.values[level].count || (index > 0 && !this.moves[level])) {
        level--;
        continue;
      }
      this.indices[level] = index;
      this.take(level);
      if (level === this.last) return true;
      level++;
      this.open(level);
    }
    return false;
  }

  /** Gives an axis its values under the current values of the axes before it. */
  private open(level: number): void {
    this.indices[level] = -1;
    try {
      const values = this.ranges.values(level, this.axes);
      const leader = this.follows[level];
      this.values[level] = leader === undefined ? values : following(values, this.values[leader], this.indices[leader]);
    } catch (error) {
      // gridSize reports it, for the same values.
      if (!(error instanceof Refused)) throw error;
      this.values[level] = NOTHING;
    }
  }

  private take(level: number): void {
    this.axes[level] = this.values[level].at(this.indices[level]);
    this.stamps[level]++;
    if (level < this.changedFrom) this.changedFrom = level;
  }

  /** Asks the constraints in order. Each is evaluated once per value of the last axis that it names, and only in cells
   * that the ones before it keep: `P > 0` protects `Q / P < 1`. */
  private survives(): boolean {
    for (let i = 0; i < this.constraints.length; i++) {
      const compiled = this.constraints[i];
      const stamp = compiled.level < 0 ? 0 : this.stamps[compiled.level];
      if (compiled.seen !== stamp) {
        compiled.holds = this.evaluate(compiled.constraint);
        compiled.seen = stamp;
      }
      if (!compiled.holds) {
        this.removed[i]++;
        return false;
      }
    }
    return true;
  }

  private evaluate(constraint: Constraint): boolean {
    try {
      return constraint.expression.evaluate(this.axes) as boolean;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.refuse(constraint, error.message);
      return false;
    }
  }
}

const NOTHING: Values = {
  count: 0,
  at: () => {
    throw new RangeError("a range without values has none");
  },
};
