// Ratios of whole numbers as the float64 nearest to them. Where both numbers are exact (at most 2^53 - 1) a plain
// division is correctly rounded; these functions are for the rest.

import { greatestCommonDivisor } from "./integers.js";

/**
 * numerator / denominator for numbers of any size, correctly rounded (to nearest, ties to even).
 * @param numerator 0 or more
 * @param denominator 1 or more
 */
export function bigRatio(numerator: bigint, denominator: bigint): number {
  if (numerator <= MAX_EXACT && denominator <= MAX_EXACT) return Number(numerator) / Number(denominator);
  // At least 62 bits of quotient, the last one set if anything is left over: Number() then rounds as if it saw it all.
  const shift = bits(numerator) - bits(denominator) - 66;
  const top = shift < 0 ? numerator << BigInt(-shift) : numerator;
  const bottom = shift > 0 ? denominator << BigInt(shift) : denominator;
  const quotient = top / bottom;
  let value = Number(quotient * bottom === top ? quotient : quotient | 1n);
  for (let step = 0; step < shift; step++) value *= 2;
  for (let step = 0; step > shift; step--) value /= 2;
  return value;
}

const MAX_EXACT = BigInt(Number.MAX_SAFE_INTEGER);

/** Bits of a positive number, rounded up to a multiple of 4. */
function bits(value: bigint): number {
  return value.toString(16).length * 4;
}

/**
 * The sum of the first `count` numerators[i] / denominators[i], correctly rounded.
 * @param numerators whole numbers, 0 or more
 * @param denominators whole numbers, 1 or more
 */
export function ratioSum(numerators: ArrayLike<number>, denominators: ArrayLike<number>, count: number): number {
  let top = 0;
  let bottom = 1;
  for (let index = 0; index < count; index++) {
    const denominator = denominators[index];
    const common = greatestCommonDivisor(bottom, denominator);
    top = top * (denominator / common) + numerators[index] * (bottom / common);
    bottom *= denominator / common;
    // At 2^53 and above a product may have been rounded; below, none was.
    if (top > Number.MAX_SAFE_INTEGER || bottom > Number.MAX_SAFE_INTEGER) {
      return bigRatioSum(numerators, denominators, count);
    }
  }
  return top / bottom;
}

function bigRatioSum(numerators: ArrayLike<number>, denominators: ArrayLike<number>, count: number): number {
  let top = 0n;
  let bottom = 1n;
  for (let index = 0; index < count; index++) {
    top = top * BigInt(denominators[index]) + BigInt(numerators[index]) * bottom;
    bottom *= BigInt(denominators[index]);
  }
  return bigRatio(top, bottom);
}
