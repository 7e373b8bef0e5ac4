// The grid, cell by cell: the last axis varies fastest, ranges follow the axes they depend on, and constraints remove
// cells. Every cell of a plan is reached by this code, in the plan and in every worker. A walk may move on some axes only
// (whole factors, see factors.ts) while the others stay.

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
  /** Whether all its axes are among those that move. */
  readonly asked: boolean;
}

/** A position in the grid that moves from one surviving cell to the next. It stands before the first at first. */
export class Walk {
  /** The current value of each axis. */
  readonly axes: AxisValue[] = [];
  /** The index of the current value of each axis; -1 where it has none. */
  readonly indices: number[];
  /** Cells that each constraint removed on the way. */
  readonly removed: number[];
  /** The first axis that changed since whoever reads the cells set this to the number of axes. */
  changedFrom = 0;
  private readonly values: Values[] = [];
  /** The axes that move, ascending. */
  private readonly levels: readonly number[];
  private readonly constraints: CompiledConstraint[];
  /** Number of the current value of each axis, counted over the whole walk. */
  private readonly stamps: number[];
  private started = false;
  /** The number of the point after the grid at which it stands; -1 within the grid. */
  private point = -1;
  private readonly follows: readonly (number | undefined)[];
  private readonly points: AxisRanges["points"];

  /**
   * @param refuse called when a constraint cannot be evaluated in a cell, which is then removed
   * @param moving the axes that move, ascending; constraints on others are not asked
   * @param others of a walk on some axes, where the others stay: an index for each axis; without it they have no values, and
   *   the walk does not go on to the points after the grid
   */
  constructor(
    sweep: Sweep,
    private readonly ranges: AxisRanges,
    private readonly refuse: (constraint: Constraint, reason: string) => void,
    moving?: readonly number[],
    others?: readonly number[],
  ) {
    this.follows = sweep.axes.map((axis) => axis.follows);
    this.levels = moving ?? [...sweep.axes.keys()];
    this.points = moving === undefined || others !== undefined ? ranges.points : [];
    this.indices = sweep.axes.map(() => -1);
    this.stamps = sweep.axes.map(() => 0);
    this.constraints = sweep.where.map((constraint) => ({
      constraint,
      level: constraint.expression.axes.at(-1) ?? -1,
      asked: constraint.expression.axes.every((axis) => this.levels.includes(axis)),
      seen: -1,
      holds: false,
    }));
    this.removed = this.constraints.map(() => 0);
    if (others === undefined) return;
    for (const [level, index] of others.entries()) if (!this.levels.includes(level)) this.put(level, index);
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
    for (const level of this.levels) this.put(level, indices[level]);
    this.changedFrom = 0;
  }

  /** Moves to a point after the grid; its index on the first axis is below 0. @returns false where there is none */
  private takePoint(point: number): boolean {
    const values = this.points[point];
    if (values === undefined) return false;
    this.point = point;
    this.indices.fill(-point - 1);
    for (const [level, value] of values.entries()) this.axes[level] = value;
    this.changedFrom = 0;
    return true;
  }

  private advance(): boolean {
    const { levels } = this;
    if (this.started) return this.step(levels.length - 1);
    this.started = true;
    if (levels.length === 0) return true; // no axes: one cell
    this.open(levels[0]);
    return this.step(0);
  }

  /** The next cell after a change of the axis at a place among those that move, or of one before it when its values are used up. */
  private step(from: number): boolean {
    const { levels, indices, values } = this;
    let place = from;
    while (place >= 0) {
      const level = levels[place];
      if (indices[level] + 1 >= values[level].count) {
        place--;
        continue;
      }
      indices[level]++;
      this.take(level);
      if (place === levels.length - 1) return true;
      place++;
      this.open(levels[place]);
    }
    return false;
  }

  /** Puts an axis at one of its values. */
  private put(level: number, index: number): void {
    this.open(level);
    this.indices[level] = index;
    this.take(level);
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
      if (!compiled.asked) continue;
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
