// What random scenarios are made of: small independent integers, mapped to what is valid.

import fc from "fast-check";

export const PERIOD_MAX = 30;

/** Plans of moderate load give each task and server a share of the CPU; heavy ones overload it. */
export interface Load {
  readonly heavy: boolean;
  readonly tasks: number;
  readonly servers: number;
}

/** A field that is left out half of the time, which is also what it shrinks to. */
export const optional = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined, freq: 2 });

export const optionalNat = (max: number): fc.Arbitrary<number | undefined> => optional(fc.nat({ max }));

/** Half of the periods are divisors or multiples of each other, so that releases, refills and deadlines coincide. */
export const period = fc.oneof(
  { withCrossShrink: true },
  fc.integer({ min: 1, max: PERIOD_MAX }),
  fc.constantFrom(2, 4, 6, 8, 12, 24),
);

/** The object without the fields that are undefined: in normal form a field is there or it is not. */
export function withoutMissing<Fields extends object>(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Fields;
}

export const optionally = <T, U>(value: T | undefined, map: (value: T) => U): U | undefined =>
  value === undefined ? undefined : map(value);

/** 1..most from any raw number; a small raw number is kept as it is, plus 1. */
export const wrapped = (raw: number, most: number): number => 1 + (raw % most);

/** How long something of this period may take when the CPU is shared among `sharers`. */
export const share = (load: Load, period: number, sharers: number): number =>
  load.heavy ? period : Math.max(1, Math.floor(period / sharers));

/** One of the allowed values; where the default is one of them it may also be left out. */
export function choice<T>(allowed: readonly T[], byDefault: T): fc.Arbitrary<T | undefined> {
  const left = allowed.includes(byDefault) ? [undefined] : [];
  return fc.constantFrom<(T | undefined)[]>(...left, ...allowed);
}

/** An unsigned 64-bit seed in the form a reader of JSON gives: a bigint only where a double is not exact. */
export const seed = fc
  .bigInt({ min: 0n, max: 2n ** 64n - 1n })
  .map((value) => (value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value));
