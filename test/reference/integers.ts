// Exact integer arithmetic: floors and ceilings of quotients, least common multiples, the next of a row of instants.

/** a + b as an instant. Throws RangeError beyond 2^53 - 1: the reference would rather refuse than be inexact. */
export function sum(a: number, b: number): number {
  if (!Number.isSafeInteger(a + b)) throw new RangeError(`reference simulator: ${a} + ${b} is beyond 2^53 - 1 ticks`);
  return a + b;
}

/** floor(a / b) towards minus infinity; b > 0. */
export function floorDiv(a: bigint, b: bigint): bigint {
  const quotient = a / b; // towards 0
  return a < 0n && quotient * b !== a ? quotient - 1n : quotient;
}

/** ceil(a / b) = -floor(-a / b); b > 0. */
export function ceilDiv(a: bigint, b: bigint): bigint {
  return -floorDiv(-a, b);
}

/** The least common multiple of positive integers. */
export function leastCommonMultiple(values: readonly bigint[]): bigint {
  return values.reduce((a, b) => (a / greatestCommonDivisor(a, b)) * b, 1n);
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  return b === 0n ? a : greatestCommonDivisor(b, a % b);
}

export function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

export function greatest(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

/** The first instant of phase, phase + every, phase + 2 every, ... that is not before `from`; 0 <= phase < every. */
export function firstOf(every: number, phase: number, from: number): number {
  const past = (from - phase) % every;
  if (past === 0) return from;
  return from + (past < 0 ? -past : every - past); // beyond 2^53 it is inexact, but no instant
}

/** As a part of a rank: what is preferred goes first among equals. */
export function preferred(condition: boolean): number {
  return condition ? 0 : 1;
}

/** The item of the smallest rank, comparing the first number, then the second and so on; null when there is none. */
export function smallest<Item>(
  items: readonly Item[],
  rank: (item: Item) => readonly (number | bigint)[],
): Item | null {
  let best: Item | null = null;
  for (const item of items) {
    if (best === null || precedes(rank(item), rank(best))) best = item;
  }
  return best;
}

/** The items from the smallest rank to the greatest; no two of them are equal. */
export function inOrder<Item>(items: readonly Item[], rank: (item: Item) => readonly number[]): Item[] {
  return [...items].sort((a, b) => (precedes(rank(a), rank(b)) ? -1 : 1));
}

function precedes(left: readonly (number | bigint)[], right: readonly (number | bigint)[]): boolean {
  const at = left.findIndex((value, i) => value !== right[i]);
  return at >= 0 && left[at]! < right[at]!;
}
