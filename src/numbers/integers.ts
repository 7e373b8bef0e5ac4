// Exact whole numbers. Time ends at 2^53 - 1 ticks (semantics.md section 1), so a time is a JavaScript number, and a
// value past that end is `BEYOND`: later than everything. Sums and products of whole numbers that are not negative are
// exact up to 2^53 and, rounded, never fall below it again; so one comparison of the final value with `TIME_MAX`
// tells an exact value from one that is beyond. Rates, whose products may be large on the way, are BigInt fractions.

import { Fraction } from "fraction.js";

/** The last instant, 2^53 - 1 ticks. */
export const TIME_MAX = Number.MAX_SAFE_INTEGER;

/** Later than every instant, more than every amount of work. */
export const BEYOND = Number.POSITIVE_INFINITY;

/** The value if it is exact, `BEYOND` otherwise. */
export function withinTime(value: number): number {
  return value <= TIME_MAX ? value : BEYOND;
}

/** floor(a * b / c) exactly, for 0 <= a, 0 <= b and c > 0; `BEYOND` past the end of time. */
export function multiplyDivide(a: number, b: number, c: number): number {
  const product = a * b;
  if (product <= TIME_MAX) return Math.floor(product / c);
  if (product === BEYOND) return BEYOND;
  return withinTime(Number((BigInt(a) * BigInt(b)) / BigInt(c)));
}

/** ceil(a * b / c) exactly, for 0 <= a, 0 <= b and c > 0; `BEYOND` past the end of time. */
export function multiplyDivideUp(a: number, b: number, c: number): number {
  const product = a * b;
  if (product <= TIME_MAX) return Math.ceil(product / c);
  if (product === BEYOND) return BEYOND;
  return withinTime(Number((BigInt(a) * BigInt(b) + BigInt(c) - 1n) / BigInt(c)));
}

/** Greatest common divisor of two whole numbers that are not both 0. */
export function greatestCommonDivisor(a: number, b: number): number {
  while (b > 0) [a, b] = [b, a % b];
  return a;
}

/** Least common multiple of two positive whole numbers; `BEYOND` past the end of time. */
export function leastCommonMultiple(a: number, b: number): number {
  if (a === BEYOND || b === BEYOND) return BEYOND;
  return withinTime((a / greatestCommonDivisor(a, b)) * b);
}

/** Least common multiple of positive whole numbers of any size; 1 of none. */
export function bigLeastCommonMultiple(numbers: Iterable<bigint>): bigint {
  let multiple = 1n;
  for (const number of numbers) {
    let [divisor, rest] = [multiple, number];
    while (rest !== 0n) [divisor, rest] = [rest, divisor % rest];
    multiple = (multiple / divisor) * number;
  }
  return multiple;
}

/** A rational number, not reduced; the denominator is positive. */
export interface Ratio {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

export const ZERO: Ratio = { numerator: 0n, denominator: 1n };

/** numerator / denominator of two whole numbers. */
export function ratio(numerator: number, denominator: number): Ratio {
  return { numerator: BigInt(numerator), denominator: BigInt(denominator) };
}

export function add(a: Ratio, b: Ratio): Ratio {
  if (a.denominator === b.denominator) return { numerator: a.numerator + b.numerator, denominator: a.denominator };
  return {
    numerator: a.numerator * b.denominator + b.numerator * a.denominator,
    denominator: a.denominator * b.denominator,
  };
}

/** The sum of some ratios. */
export function sumOf(values: readonly Ratio[]): Ratio {
  return values.reduce(add, ZERO);
}

export function subtract(a: Ratio, b: Ratio): Ratio {
  return add(a, { numerator: -b.numerator, denominator: b.denominator });
}

export function multiply(a: Ratio, b: Ratio): Ratio {
  return { numerator: a.numerator * b.numerator, denominator: a.denominator * b.denominator };
}

/** -1, 0 or 1 as a is less than, equal to or greater than b. */
export function compare(a: Ratio, b: Ratio): -1 | 0 | 1 {
  const left = a.numerator * b.denominator;
  const right = b.numerator * a.denominator;
  return left < right ? -1 : left > right ? 1 : 0;
}

/** floor(a / b) for a >= 0 and b > 0; `BEYOND` past the end of time. */
export function floorQuotient(a: Ratio, b: Ratio): number {
  return withinTime(Number((a.numerator * b.denominator) / (a.denominator * b.numerator)));
}

/** The ratio in lowest terms as text: `3/4`, or `2` for a whole number. */
export function ratioText({ numerator, denominator }: Ratio): string {
  return new Fraction(numerator, denominator).toFraction();
}
