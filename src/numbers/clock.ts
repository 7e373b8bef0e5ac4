// Whole steps as times: what one step is, and how steps are written in a unit.

import { Fraction } from "fraction.js";
import { formatNumber, NANOSECONDS, type TimeUnit } from "./durations.js";
import { bigRatio } from "./ratio.js";

/** A time in this unit is steps * numerator / denominator. */
export interface Unit {
  readonly name: string;
  readonly numerator: number;
  readonly denominator: number;
}

/** What a sweep says about time. */
export interface TimeBase {
  /** In which its times are reported. */
  readonly unit: TimeUnit | "tick";
  /** Length of a tick in nanoseconds, if the sweep says it. */
  readonly tick: Fraction | undefined;
}

/** How many of the unit a tick is. */
export function unitsPerTick(base: TimeBase): Fraction {
  if (base.unit === "tick" || base.tick === undefined) return new Fraction(1);
  return base.tick.div(new Fraction(NANOSECONDS[base.unit]));
}

/**
 * Converts steps into a unit.
 * @returns a function from a whole number of steps, at least 0, to the double nearest to the exact time
 */
export function timeConverter(plan: { readonly unit: Unit }): (steps: number | bigint) => number {
  const { numerator, denominator } = plan.unit;
  return (steps) => {
    if (typeof steps === "number") {
      const product = steps * numerator;
      // Below 2^53 the product is exact, and one division of exact doubles is rounded correctly.
      if (product <= Number.MAX_SAFE_INTEGER) return product / denominator;
    }
    return bigRatio(BigInt(steps) * BigInt(numerator), BigInt(denominator));
  };
}

export interface Clock {
  /** The unit in which times are reported: that of the sweep, or `tick`. */
  readonly unit: string;
  /** One step in that unit. */
  readonly step: Fraction;
  /** One step in nanoseconds; null where nothing says how long a tick is. */
  readonly nanoseconds: Fraction | null;
}

/** The clock of a scenario, whose times are whole ticks. */
export const TICKS: Clock = { unit: "tick", step: new Fraction(1), nanoseconds: null };

/** `ticks`, `ms` */
export function unitText({ unit }: Clock): string {
  return unit === "tick" ? "ticks" : unit;
}

/** Whole steps -> the double nearest to the time in the clock's unit. */
export function unitsOf({ unit, step }: Clock): (steps: number) => number {
  return timeConverter({ unit: { name: unit, numerator: Number(step.n), denominator: Number(step.d) } });
}

/** Whole steps -> the exact time in the clock's unit: a decimal, or `7/3` where no decimal ends. */
export function exactTimes({ step }: Clock): (steps: number) => string {
  const digits = placesOf(step.d);
  if (digits === undefined) return (steps) => formatNumber(step.mul(steps));
  const decimals = new Decimals(step, digits);
  return (steps) => decimals.text(steps);
}

/**
 * The real length of a step in seconds times `perSecond`; where nothing says how long a tick is, one is shown as 1 us.
 */
export function realStep({ step, nanoseconds }: Clock, perSecond: bigint): Fraction {
  return (nanoseconds ?? step.mul(new Fraction(1000n))).mul(new Fraction(perSecond, 1_000_000_000n));
}

/** How many digits after the point a fraction with this denominator needs; undefined when it does not end. */
export function placesOf(denominator: bigint): number | undefined {
  let power = 1n;
  for (let places = 0; places <= 30; places++, power *= 10n) if (power % denominator === 0n) return places;
  return undefined;
}

/** Whole steps as decimals: exact where `places` digits suffice, otherwise rounded to that many, half up. */
export class Decimals {
  private readonly numerator: bigint;
  private readonly denominator: bigint;
  /** The numerator as a number while plain arithmetic is exact: most traces never leave it. */
  private readonly factor: number;

  /**
   * @param step what one step is
   * @param places digits after the point
   * @param padded whether all of them are written
   */
  constructor(
    step: Fraction,
    private readonly places: number,
    private readonly padded = false,
  ) {
    const ratio = step.mul(new Fraction(10n ** BigInt(places)));
    this.numerator = ratio.n;
    this.denominator = ratio.d;
    this.factor = ratio.d === 1n && ratio.n <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(ratio.n) : Number.NaN;
  }

  /** Debts are below 0. */
  text(steps: number): string {
    if (steps < 0) return `-${this.text(-steps)}`;
    const units = steps * this.factor;
    if (units <= Number.MAX_SAFE_INTEGER) return this.written(String(units));
    return this.written(this.units(steps).toString());
  }

  /** The length from one time to a later one, as the difference of the two as written. */
  difference(from: number, to: number): string {
    if (to * this.factor <= Number.MAX_SAFE_INTEGER) return this.text(to - from);
    return this.written((this.units(to) - this.units(from)).toString());
  }

  private units(steps: number): bigint {
    return (2n * BigInt(steps) * this.numerator + this.denominator) / (2n * this.denominator);
  }

  private written(digits: string): string {
    const { places } = this;
    if (places === 0) return digits;
    const padded = digits.padStart(places + 1, "0");
    const text = `${padded.slice(0, -places)}.${padded.slice(-places)}`;
    return this.padded ? text : text.replace(/\.?0+$/, "");
  }
}

/** Two clocks cannot be put on one axis. */
export class NoCommonClock extends Error {}

/**
 * One clock for two runs.
 * @returns the clock, in the unit of the first, and how many of its steps a step of each is
 * @throws NoCommonClock when one of them is in real time and the other in ticks of unknown length, or when no step that
 *   both are whole multiples of can be written with numbers below 2^53
 */
export function commonClock(first: Clock, second: Clock): { clock: Clock; scales: [number, number] } {
  const [a, b] = comparableSteps(first, second);
  const common = a.gcd(b);
  const scales: [number, number] = [Number(a.div(common).n), Number(b.div(common).n)];
  const part = common.div(a);
  const nanoseconds = first.nanoseconds?.mul(part) ?? null;
  const step = first.step.mul(part);
  const largest = Math.max(...scales, Number(step.n), Number(step.d));
  if (largest > Number.MAX_SAFE_INTEGER) throw new NoCommonClock("their steps have no common divisor that is not tiny");
  return { clock: { unit: first.unit, step, nanoseconds }, scales };
}

function comparableSteps(first: Clock, second: Clock): [Fraction, Fraction] {
  if (first.nanoseconds !== null && second.nanoseconds !== null) return [first.nanoseconds, second.nanoseconds];
  if (first.unit === "tick" && second.unit === "tick") return [first.step, second.step];
  throw new NoCommonClock(
    `the times of one are ${first.unit}, of the other ${second.unit}, and nothing says how long a tick is`,
  );
}
