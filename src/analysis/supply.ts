// Supply bounds: the least CPU time a server gets in any t consecutive ticks (analysis.md section 1).
// Each supply is known by its inverse, the shortest interval that is sure to bring some work: demand meets supply in t
// ticks exactly when inverse(demand) <= t.

import type { Window } from "../model/system.js";
import { BEYOND, compare, type Ratio, ratio, subtract, TIME_MAX, withinTime, ZERO } from "../numbers/integers.js";
import { Effort } from "./effort.js";
import type { Interference } from "./interference.js";
import { SUPPLY_THEOREMS } from "./theorems.js";

/** A lower bound of the CPU time in any interval, as a function of the interval's length. */
export interface Supply {
  /** The theorem it rests on. */
  readonly theorem: string;
  /**
   * The least t with sbf(t) >= work, for work >= 1; `BEYOND` where there is none up to `limit`.
   * Throws `EffortExceeded` where it cannot be found in reasonable time.
   */
  inverse(work: number, limit?: number): number;
  /** sbf(t): the least CPU time in any t >= 0 ticks. */
  at(t: number): number;
  /** alpha, the long-run rate. Not positive: the supply never comes. */
  readonly rate: Ratio;
  /** alpha * delta of a linear bound sbf(t) >= alpha (t - delta) [Mok, Feng & Chen, RTAS 2001]. */
  slack(): Ratio;
  /** From this t on sbf(t + hyperperiod) = sbf(t) + rate * hyperperiod. */
  readonly startUp: number;
  hyperperiod(): number;
}

/** The greatest t with sbf(t) = 0, or null if it never supplies. */
export function blackout(supply: Supply): number | null {
  const first = supply.inverse(1);
  return first === BEYOND ? null : first - 1;
}

/** A linear supply bound: at least rate * (t - delay) in t ticks; both are exact rationals. */
export interface BoundedDelay {
  readonly rate: Ratio;
  readonly delay: Ratio;
}

/** The bounded-delay abstraction (alpha, delta) that the supply contains [Mok, Feng & Chen, RTAS 2001]; null without supply. */
export function boundedDelay(supply: Supply): BoundedDelay | null {
  if (compare(supply.rate, ZERO) <= 0) return null;
  const { numerator, denominator } = supply.slack();
  const delay = { numerator: numerator * supply.rate.denominator, denominator: denominator * supply.rate.numerator };
  return { rate: supply.rate, delay };
}

/**
 * A(t - lead), A the supply from a period start with each period's budget complete `within` ticks of it, as late as
 * possible. With lead P - Q: the periodic resource model for within = P [Shin & Lee, RTSS 2003, eq. 1], the explicit
 * deadline periodic model for within = w [Easwaran, Anand & Lee, RTSS 2007].
 */
export class ReservationSupply implements Supply {
  readonly theorem: string;
  readonly startUp: number;
  private readonly period: number;
  private readonly budget: number;
  /** The interval before the first tick of a worst-case period's budget: lead + within - budget. */
  private readonly blackout: number;

  /** All in ticks: 0 < budget <= within <= period, lead >= period - budget. */
  constructor(period: number, budget: number, lead: number, within: number) {
    this.theorem = within === period ? SUPPLY_THEOREMS.periodic : SUPPLY_THEOREMS.explicitDeadline;
    this.period = period;
    this.budget = budget;
    this.blackout = withinTime(lead + (within - budget));
    this.startUp = lead;
  }

  get rate(): Ratio {
    return ratio(this.budget, this.period);
  }

  inverse(work: number): number {
    const periods = Math.ceil(work / this.budget) - 1;
    return withinTime(this.blackout + periods * this.period + (work - periods * this.budget));
  }

  at(t: number): number {
    const since = t - this.blackout;
    if (since <= 0) return 0;
    const periods = Math.floor(since / this.period);
    return periods * this.budget + Math.min(this.budget, since - periods * this.period);
  }

  slack(): Ratio {
    const delay = BigInt(this.startUp) + BigInt(this.period - this.budget);
    return { numerator: BigInt(this.budget) * delay, denominator: BigInt(this.period) };
  }

  hyperperiod(): number {
    return this.period;
  }
}

/**
 * What interference leaves over: sbf(t) = max over u <= t of (u - I(u)). The least t that brings some work is the
 * least fixed point of t = work + I(t), the response-time equation [Joseph & Pandya, Computer Journal 1986].
 */
export class RemainingSupply implements Supply {
  readonly theorem = SUPPLY_THEOREMS.remaining;
  readonly rate: Ratio;
  readonly startUp: number;
  private readonly interference: Interference;
  private readonly never: boolean;
  private readonly effort = new Effort();

  constructor(interference: Interference) {
    this.interference = interference;
    this.rate = subtract(ratio(1, 1), interference.rate());
    this.startUp = interference.startUp();
    this.never = this.rate.numerator <= 0n;
  }

  inverse(work: number, limit: number = TIME_MAX): number {
    if (this.never) return BEYOND;
    let t = work;
    while (t <= limit) {
      const next = work + this.interference.at(t);
      if (next <= t) return t;
      t = next;
      this.effort.spend();
    }
    return BEYOND;
  }

  at(t: number): number {
    // inverse is monotone: the most work that t ticks are sure to bring, by bisection.
    let [enough, tooMuch] = [0, t + 1];
    while (tooMuch - enough > 1) {
      const work = enough + Math.floor((tooMuch - enough) / 2);
      if (this.inverse(work, t) <= t) enough = work;
      else tooMuch = work;
    }
    return enough;
  }

  slack(): Ratio {
    return this.interference.excess();
  }

  hyperperiod(): number {
    return this.interference.hyperperiod();
  }
}

/**
 * The windows of one server in a cyclic table, exact: the least supply over all positions in the frame. An interval
 * with the least supply begins where a window ends [Mok, Feng & Chen, RTAS 2001, resource partitions].
 */
export class TableSupply implements Supply {
  readonly theorem = SUPPLY_THEOREMS.partition;
  readonly rate: Ratio;
  readonly startUp = 0;
  private readonly frame: number;
  private readonly perFrame: number;
  /** For every window end: the windows of the frame that begins there, as (time until, duration). */
  private readonly positions: readonly (readonly { readonly wait: number; readonly duration: number }[])[];

  constructor(frame: number, windows: readonly Window[]) {
    const sorted = [...windows].sort((a, b) => a.start - b.start);
    this.frame = frame;
    this.perFrame = sorted.reduce((sum, { duration }) => sum + duration, 0);
    this.rate = ratio(this.perFrame, frame);
    this.positions = sorted.map((last, place) => {
      const end = last.start + last.duration;
      const following = [...sorted.slice(place + 1), ...sorted.slice(0, place + 1)];
      return following.map(({ start, duration }) => ({
        wait: start >= end ? start - end : start + frame - end,
        duration,
      }));
    });
  }

  inverse(work: number): number {
    if (this.perFrame === 0) return BEYOND;
    const frames = Math.ceil(work / this.perFrame) - 1;
    const rest = work - frames * this.perFrame;
    let longest = 0;
    for (const windows of this.positions) longest = Math.max(longest, waitFor(windows, rest));
    return withinTime(frames * this.frame + longest);
  }

  at(t: number): number {
    if (this.perFrame === 0) return 0;
    const frames = Math.floor(t / this.frame);
    const rest = t - frames * this.frame;
    let least = this.perFrame;
    for (const windows of this.positions) {
      const supplied = windows.reduce(
        (sum, { wait, duration }) => sum + Math.min(duration, Math.max(0, rest - wait)),
        0,
      );
      least = Math.min(least, supplied);
    }
    return frames * this.perFrame + least;
  }

  slack(): Ratio {
    // alpha * t - sbf(t) is greatest where a window begins.
    const [frame, perFrame] = [BigInt(this.frame), BigInt(this.perFrame)];
    let greatest = 0n;
    for (const windows of this.positions) {
      let supplied = 0n;
      for (const { wait, duration } of windows) {
        const behind = perFrame * BigInt(wait) - frame * supplied;
        if (behind > greatest) greatest = behind;
        supplied += BigInt(duration);
      }
    }
    return { numerator: greatest, denominator: frame };
  }

  hyperperiod(): number {
    return this.frame;
  }
}

/** The time until `work` ticks have been supplied by consecutive windows of at least that duration in all. */
function waitFor(windows: readonly { readonly wait: number; readonly duration: number }[], work: number): number {
  let left = work;
  for (const { wait, duration } of windows) {
    if (left <= duration) return wait + left;
    left -= duration;
  }
  return BEYOND;
}
