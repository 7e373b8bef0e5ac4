// Points at equal ratios, without logarithms: the same on every machine.

import { Fraction } from "fraction.js";
import { greatestCommonDivisor } from "../numbers/integers.js";

/** Points have this many significant decimal digits. */
const DIGITS = 6;
const LEAST = 10n ** BigInt(DIGITS - 1);

/**
 * Point `index` of `last` + 1 points at equal ratios from `from` to `to`: the number of 6 significant decimal digits
 * that is nearest to from^(1 - index/last) * to^(index/last), a half rounded up. The two ends are exact.
 * @param from above 0
 * @param to above 0
 * @param last at least 1
 */
export function geometricPoint(from: Fraction, to: Fraction, index: number, last: number): Fraction {
  if (index === 0) return from;
  if (index === last) return to;
  const common = greatestCommonDivisor(index, last);
  const root = BigInt(last / common);
  const up = BigInt(index / common);
  // The point is the root-th root of numerator / denominator.
  const numerator = from.n ** (root - up) * to.n ** up;
  const denominator = from.d ** (root - up) * to.d ** up;
  let exponent = lowExponent(numerator, denominator, Number(root));
  while (!isBelow(numerator, denominator, 10n * LEAST, exponent, root)) exponent++;
  // The greatest m with (m - 1/2) * 10^exponent at most the point.
  let low = LEAST;
  let high = 10n * LEAST;
  while (low < high) {
    const middle = (low + high + 1n) / 2n;
    if (isBelow(numerator << root, denominator, 2n * middle - 1n, exponent, root)) high = middle - 1n;
    else low = middle;
  }
  return scaled(low, exponent);
}

/** An exponent of ten for which the point is at least LEAST * 10^exponent, and nearly the greatest such. */
function lowExponent(numerator: bigint, denominator: bigint, root: number): number {
  const digits = numerator.toString().length - denominator.toString().length;
  return Math.floor((digits - 1) / root) - (DIGITS - 1);
}

/** Whether numerator / denominator < (value * 10^exponent)^root. */
function isBelow(numerator: bigint, denominator: bigint, value: bigint, exponent: number, root: bigint): boolean {
  const ten = 10n ** (BigInt(Math.abs(exponent)) * root);
  const bound = value ** root * denominator;
  return exponent < 0 ? numerator * ten < bound : numerator < bound * ten;
}

function scaled(value: bigint, exponent: number): Fraction {
  const ten = 10n ** BigInt(Math.abs(exponent));
  return exponent < 0 ? new Fraction(value, ten) : new Fraction(value * ten);
}
