// The functions of the sweep language, over exact rationals.

import { Fraction } from "fraction.js";

interface NumericFunction {
  /** The most values it takes; the least is one. */
  readonly most: number;
  /** Whether it makes whole numbers, so that it depends on what durations are counted in. */
  readonly isWhole: boolean;
  readonly description: string;
  readonly apply: (values: readonly Fraction[]) => Fraction;
}

const ZERO = new Fraction(0);
const HALF = new Fraction(1, 2);

/** Least common multiple of two rationals: the least positive number that both divide; 0 when one of them is 0. */
function leastCommonMultiple(a: Fraction, b: Fraction): Fraction {
  return a.n === 0n || b.n === 0n ? ZERO : a.lcm(b).abs();
}

/** Greatest common divisor of two rationals: the greatest number that divides both; gcd(0, b) is b. */
export function greatestCommonDivisor(a: Fraction, b: Fraction): Fraction {
  return a.n === 0n ? b.abs() : b.n === 0n ? a.abs() : a.gcd(b).abs();
}

const one = (description: string, isWhole: boolean, apply: (value: Fraction) => Fraction): NumericFunction => ({
  most: 1,
  isWhole,
  description,
  apply: (values) => apply(values[0]),
});
const many = (description: string, apply: (a: Fraction, b: Fraction) => Fraction): NumericFunction => ({
  most: Number.POSITIVE_INFINITY,
  isWhole: false,
  description,
  apply: (values) => values.reduce(apply),
});

export const FUNCTIONS: Readonly<Record<string, NumericFunction>> = {
  min: many("the least of its values", (a, b) => (b.lt(a) ? b : a)),
  max: many("the greatest of its values", (a, b) => (b.gt(a) ? b : a)),
  floor: one("the greatest whole number that is at most the value", true, (value) => value.floor()),
  ceil: one("the least whole number that is at least the value", true, (value) => value.ceil()),
  round: one("the nearest whole number, halves up: round(2.5) is 3 and round(-2.5) is -2", true, (value) =>
    value.add(HALF).floor(),
  ),
  lcm: many("the least common multiple, of rationals too: lcm(1/2, 1/3) is 1", leastCommonMultiple),
  gcd: many("the greatest common divisor, of rationals too: gcd(1/2, 1/3) is 1/6", greatestCommonDivisor),
  abs: one("the value without its sign", false, (value) => value.abs()),
};

export const FUNCTION_NAMES: readonly string[] = Object.keys(FUNCTIONS);
