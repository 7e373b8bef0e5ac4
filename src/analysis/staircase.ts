// Staircases: sums of height * ceil((t + jitter) / period). Request bounds, interference and switch counts are all of
// this form, so it is evaluated, bounded and repeated in one place.

import {
  add,
  BEYOND,
  leastCommonMultiple,
  type Ratio,
  ratio,
  TIME_MAX,
  withinTime,
  ZERO,
} from "../numbers/integers.js";

/** One source: `height` at most every `period` ticks, the first ones drawn together by `jitter`. */
export interface Step {
  readonly period: number;
  readonly jitter: number;
  /** May lie past the end of time: then so does every value, and the slope is above 1. */
  readonly height: number;
}

/** The sum of a constant and some steps, in a fixed order. */
export class Staircase {
  readonly steps: readonly Step[];
  readonly constant: number;
  /** The last t for which every t + jitter is exact. */
  private readonly exactUntil: number;

  constructor(steps: readonly Step[], constant = 0) {
    this.steps = steps;
    this.constant = constant;
    let jitter = 0;
    for (const step of steps) jitter = Math.max(jitter, step.jitter);
    this.exactUntil = TIME_MAX - jitter;
  }

  /** The value at t > 0 of the constant and the first `count` steps; `BEYOND` past the end of time. */
  at(t: number, count: number = this.steps.length): number {
    if (t > this.exactUntil) return BEYOND;
    let sum = this.constant;
    for (let i = 0; i < count; i++) {
      const step = this.steps[i];
      sum += Math.ceil((t + step.jitter) / step.period) * step.height;
    }
    return withinTime(sum);
  }

  /** The long-run slope. */
  rate(): Ratio {
    return this.steps.reduce((sum, step) => add(sum, ratio(step.height, step.period)), ZERO);
  }

  /** The least e with at(t) <= rate * t + e that follows from ceil(x / T) <= (x + T - 1) / T. */
  excess(): Ratio {
    return this.steps.reduce(
      (sum, { period, jitter, height }) =>
        add(sum, {
          numerator: BigInt(height) * (BigInt(jitter) + BigInt(period) - 1n),
          denominator: BigInt(period),
        }),
      ratio(this.constant, 1),
    );
  }

  /** The length after which the staircase repeats, one rise higher; `BEYOND` past the end of time. */
  hyperperiod(count: number = this.steps.length): number {
    return this.steps.slice(0, count).reduce((length, step) => leastCommonMultiple(length, step.period), 1);
  }
}
