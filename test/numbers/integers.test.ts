/** Exact integer helpers against BigInt. */

import fc from "fast-check";
import { expect, test } from "vitest";
import {
  BEYOND,
  compare,
  greatestCommonDivisor,
  leastCommonMultiple,
  multiplyDivide,
  multiplyDivideUp,
  ratio,
  ratioText,
  TIME_MAX,
} from "../../src/numbers/integers.js";

const time = fc.oneof(fc.maxSafeNat(), fc.nat(1000), fc.integer({ min: TIME_MAX - 100, max: TIME_MAX }));
const positive = time.map((value) => Math.max(1, value));
const exact = (value: bigint): number => (value <= BigInt(TIME_MAX) ? Number(value) : BEYOND);

test("products and quotients are exact, or beyond", () => {
  fc.assert(
    fc.property(time, time, positive, (a, b, c) => {
      const product = BigInt(a) * BigInt(b);
      expect(multiplyDivide(a, b, c)).toBe(exact(product / BigInt(c)));
      expect(multiplyDivideUp(a, b, c)).toBe(exact((product + BigInt(c) - 1n) / BigInt(c)));
    }),
    { seed: 10, numRuns: 2000 },
  );
});

test("floor and ceiling of a quotient of two times are exact in double precision", () => {
  fc.assert(
    fc.property(time, positive, (a, b) => {
      expect(Math.floor(a / b)).toBe(Number(BigInt(a) / BigInt(b)));
      expect(Math.ceil(a / b)).toBe(Number((BigInt(a) + BigInt(b) - 1n) / BigInt(b)));
    }),
    { seed: 11, numRuns: 5000 },
  );
});

test("least common multiples are exact, or beyond", () => {
  fc.assert(
    fc.property(positive, positive, (a, b) => {
      const divisor = greatestCommonDivisor(a, b);
      expect([a % divisor, b % divisor]).toEqual([0, 0]);
      expect(leastCommonMultiple(a, b)).toBe(exact((BigInt(a) * BigInt(b)) / BigInt(divisor)));
    }),
    { seed: 12, numRuns: 2000 },
  );
  expect(leastCommonMultiple(BEYOND, 3)).toBe(BEYOND);
});

test("ratios compare exactly and print in lowest terms", () => {
  expect(compare(ratio(TIME_MAX - 1, TIME_MAX), ratio(TIME_MAX - 2, TIME_MAX - 1))).toBe(1);
  expect(compare(ratio(2, 4), ratio(1, 2))).toBe(0);
  expect([ratio(6, 8), ratio(8, 4), ratio(0, 7)].map(ratioText)).toEqual(["3/4", "2", "0"]);
});
