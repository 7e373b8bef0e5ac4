// The first pass over the cells: how many there are, what each constraint removes, and the resolution of all times.

import { Fraction } from "fraction.js";
import { Refused } from "../spec/exact.js";
import { greatestCommonDivisor } from "../spec/functions.js";
import type { Constraint, Operand, Sweep } from "../spec/sweep.js";
import { Walk } from "./walk.js";

/** Called when a constraint cannot be evaluated in a cell, where the walk stands. */
export type RefuseCell = (constraint: Constraint, reason: string, walk: Walk) => void;

export interface Survey {
  readonly cells: number;
  /** Cells that each constraint removed from what the ones before it left. */
  readonly removed: readonly number[];
  /** In ticks: the one asked for, or the greatest common divisor of every duration in a surviving cell. */
  readonly resolution: Fraction;
}

/** Walks the whole grid once. */
export function survey(sweep: Sweep, refuse: RefuseCell): Survey {
  const walk: Walk = new Walk(sweep, (constraint, reason) => refuse(constraint, reason, walk));
  const durations = sweep.resolution === undefined ? durationsOf(sweep) : [];
  const divisor = new Divisor();
  let cells = 0;
  while (walk.next()) {
    // Durations that no axis changes are met in the first cell.
    const from = cells === 0 ? -1 : walk.changedFrom;
    for (const duration of durations) if (duration.level >= from) divisor.meet(duration, walk);
    walk.changedFrom = sweep.axes.length;
    cells++;
  }
  return { cells, removed: walk.removed, resolution: sweep.resolution?.value ?? divisor.value };
}

interface Duration {
  readonly operand: Operand;
  readonly level: number;
  /** The axis whose value it is; -1 for any other expression. */
  readonly axis: number;
}

/** Every duration of a cell; fields that take the same axis count once. */
function durationsOf(sweep: Sweep): Duration[] {
  const operands = sweep.fields.filter(({ field }) => field.kind === "time").map(({ value }) => value);
  if (sweep.hyperperiods?.atMost !== undefined) operands.push(sweep.hyperperiods.atMost);
  const durations = operands.map((operand) => {
    const expression = operand.kind === "expression" ? operand.expression : undefined;
    return { operand, level: expression?.axes.at(-1) ?? -1, axis: expression?.reference ?? -1 };
  });
  const chosen = new Map(durations.map((duration) => [duration.axis, duration]));
  return durations.filter((duration) => duration.axis < 0 || chosen.get(duration.axis) === duration);
}

class Divisor {
  private found: Fraction | undefined;

  /** 1 when there is no duration but 0. */
  get value(): Fraction {
    return this.found ?? new Fraction(1);
  }

  meet({ operand, axis }: Duration, walk: Walk): void {
    if (axis >= 0) {
      const value = walk.axes[axis];
      if (!value.met) this.add(value.value as Fraction);
      value.met = true;
    } else if (operand.kind !== "expression") this.add(operand.value as Fraction);
    else this.addResult(() => operand.expression.evaluate(walk.axes) as Fraction);
  }

  /** A cell without a value is reported when its fields are written. */
  private addResult(evaluate: () => Fraction): void {
    try {
      this.add(evaluate());
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
    }
  }

  private add(value: Fraction): void {
    if (value.n === 0n) return;
    if (this.found === undefined) this.found = value.abs();
    else if (value.div(this.found).d !== 1n) this.found = greatestCommonDivisor(this.found, value);
  }
}
