// `horizon: { hyperperiods, at_most }`: the horizon of a cell from the periods in it.

import type { Fraction } from "fraction.js";
import { hyperperiodOf } from "../model/repetition.js";
import { formatNumber, Refused } from "../numbers/durations.js";
import type { Environment } from "../sweep/expression.js";
import type { Hyperperiods, Sweep, SweepField } from "../sweep/sweep.js";
import { axesOf, union } from "./dependence.js";
import { numberOf } from "./values.js";

export class Horizon {
  /** The axes that it depends on, ascending. */
  readonly axes: readonly number[];
  /** The last of them; -1 for none. */
  readonly level: number;

  /** @param toSteps from ticks to steps */
  constructor(
    sweep: Sweep,
    private readonly wanted: Hyperperiods,
    private readonly toSteps: (ticks: Fraction) => number,
  ) {
    this.axes = axesOfHorizon(sweep);
    this.level = this.axes.at(-1) ?? -1;
  }

  /**
   * Steps to the horizon of the cell whose periods the flat scenario holds; NaN when one of them was refused.
   * @throws Refused when that is beyond 2^53 - 1, or a number is not what it must be
   */
  steps(flat: Float64Array, axes: Environment): number {
    const hyperperiod = hyperperiodOf(flat);
    const count = numberOf(this.wanted.count, axes);
    if (count.d !== 1n || count.s < 0n || count.n === 0n) {
      throw new Refused(`${formatNumber(count)} hyperperiods are not a whole number of at least 1`);
    }
    const length = hyperperiod * Number(count.n);
    if (this.wanted.atMost === undefined) {
      if (length > Number.MAX_SAFE_INTEGER) {
        throw new Refused(
          "the hyperperiods of these periods are more than 2^53 - 1 steps; give at_most as well, or a plain duration",
        );
      }
      return length;
    }
    const most = numberOf(this.wanted.atMost, axes);
    if (most.s < 0n || most.n === 0n) throw new Refused(`at_most of ${formatNumber(most)} is not positive`);
    return Math.min(length, this.toSteps(most));
  }
}

/** The axes on which a horizon of hyperperiods, or a plain one, depends. */
export function axesOfHorizon({ fields, hyperperiods }: Sweep): number[] {
  const isRead = ({ field }: SweepField) =>
    hyperperiods === undefined ? field.name === "horizon" : field.name === "period" || field.name === "frame";
  const operands = fields.filter(isRead).map(({ value }) => value);
  if (hyperperiods !== undefined) operands.push(hyperperiods.count);
  if (hyperperiods?.atMost !== undefined) operands.push(hyperperiods.atMost);
  return union(operands.map(axesOf));
}
