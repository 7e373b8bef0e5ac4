// Exact integers: divisors and multiples; comparison and division of products that do not fit 64 bits.

import { SUM_MAX } from "./time";

/** Greatest common divisor of numbers above 0. */
export function greatestCommonDivisor(a: i64, b: i64): i64 {
  while (b != 0) {
    const rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

/** Least common multiple of numbers above 0; 2^63 - 1 where it is beyond 2^62. */
export function leastCommonMultiple(a: i64, b: i64): i64 {
  const factor = b / greatestCommonDivisor(a, b);
  return a > SUM_MAX / factor ? i64.MAX_VALUE : a * factor;
}

/** Whether the product of two numbers that are not negative fits 64 bits: most do. @inline */
export function isNarrow(a: i64, b: i64): bool {
  return clz(a) + clz(b) >= 64;
}

/**
 * a / b, rounded towards 0. Most numbers that are not negative fit 32 bits, and processors divide those in half the time.
 * @inline
 */
export function over(a: i64, b: i64): i64 {
  return (a | b) >> 32 == 0 ? <i64>(<u32>a / <u32>b) : a / b;
}

/** The rest of that. @inline */
export function restOf(a: i64, b: i64): i64 {
  return (a | b) >> 32 == 0 ? <i64>(<u32>a % <u32>b) : a % b;
}

/** High 64 bits of the product of two unsigned numbers. */
export function productHigh(a: u64, b: u64): u64 {
  const aLow = a & 0xffffffff;
  const aHigh = a >> 32;
  const bLow = b & 0xffffffff;
  const bHigh = b >> 32;
  const low = aLow * bLow;
  const middle = aHigh * bLow + (low >> 32);
  const carry = aLow * bHigh + (middle & 0xffffffff);
  return aHigh * bHigh + (middle >> 32) + (carry >> 32);
}

/** Whether a * b > c * d, for numbers that are not negative. */
export function productExceeds(a: i64, b: i64, c: i64, d: i64): bool {
  if (isNarrow(a, b) && isNarrow(c, d)) return <u64>(a * b) > <u64>(c * d);
  const left = productHigh(a, b);
  const right = productHigh(c, d);
  return left == right ? <u64>(a * b) > <u64>(c * d) : left > right;
}

/** Whether a * b * c >= d * e * f, for numbers that are not negative. */
export function tripleReaches(a: i64, b: i64, c: i64, d: i64, e: i64, f: i64): bool {
  const low = <u64>(a * b);
  const otherLow = <u64>(d * e);
  // Words of 2^64: of both products the lowest, then what is above it, in 128 bits.
  const carry = productHigh(low, c);
  const otherCarry = productHigh(otherLow, f);
  const high = productHigh(a, b);
  const otherHigh = productHigh(d, e);
  const middle = high * <u64>c + carry;
  const otherMiddle = otherHigh * <u64>f + otherCarry;
  const top = productHigh(high, c) + (middle < carry ? 1 : 0);
  const otherTop = productHigh(otherHigh, f) + (otherMiddle < otherCarry ? 1 : 0);
  if (top != otherTop) return top > otherTop;
  if (middle != otherMiddle) return middle > otherMiddle;
  return low * <u64>c >= otherLow * <u64>f;
}

/** a * b / c, rounded down, for numbers that are not negative, c > 0; 2^63 - 1 where it is beyond that. */
export function quotient(a: i64, b: i64, c: i64): i64 {
  return divide(isNarrow(a, b) ? 0 : productHigh(a, b), <u64>(a * b), c);
}

function divide(high: u64, low: u64, c: i64): i64 {
  if (high == 0 && (low | <u64>c) >> 32 == 0) return <i64>(<u32>low / <u32>c);
  if (high == 0) return low / <u64>c > <u64>i64.MAX_VALUE ? i64.MAX_VALUE : <i64>(low / <u64>c);
  if (high >= <u64>c) return i64.MAX_VALUE;
  let result: u64 = 0;
  for (let bit = 0; bit < 64; bit++) {
    high = (high << 1) | (low >> 63); // below 2 c, which fits
    low <<= 1;
    result <<= 1;
    if (high >= <u64>c) {
      high -= <u64>c;
      result |= 1;
    }
  }
  return result > <u64>i64.MAX_VALUE ? i64.MAX_VALUE : <i64>result;
}

/** The same, rounded up. */
export function ceilingOfQuotient(a: i64, b: i64, c: i64): i64 {
  const down = quotient(a, b, c);
  return down == i64.MAX_VALUE || down * c == a * b ? down : down + 1; // the low 64 bits tell: they differ by less than c
}

// One sum of products at a time, in 128 bits.
let sumHigh: u64 = 0;
let sumLow: u64 = 0;

/** Begins a sum. */
export function clearSum(): void {
  sumHigh = 0;
  sumLow = 0;
}

/** Adds a * b, of numbers that are not negative. The sum has to stay below 2^127. */
export function addProduct(a: i64, b: i64): void {
  const low = <u64>(a * b);
  sumLow += low;
  sumHigh += productHigh(a, b) + (sumLow < low ? 1 : 0);
}

/** Whether the sum is at least a * b, of numbers that are not negative. */
export function sumReaches(a: i64, b: i64): bool {
  const high = productHigh(a, b);
  return sumHigh == high ? sumLow >= <u64>(a * b) : sumHigh > high;
}

/** The sum divided by c > 0, rounded down; 2^63 - 1 where it is beyond that. */
export function quotientOfSum(c: i64): i64 {
  return divide(sumHigh, sumLow, c);
}
