import fc from "fast-check";
import { Fraction } from "fraction.js";
import { expect, test } from "vitest";
import { bigRatio, ratioSum } from "../../src/numbers/ratio.js";

/** The distance of a float64 from a ratio, exactly. */
function error(value: number, top: bigint, bottom: bigint): Fraction {
  return exact(value).sub(new Fraction(top, bottom)).abs();
}

/** The exact value of a positive float64. */
function exact(value: number): Fraction {
  let whole = value;
  let shift = 0n;
  for (; !Number.isInteger(whole); shift++) whole *= 2;
  return new Fraction(BigInt(whole), 2n ** shift);
}

/** The float64 next to a positive one. */
function neighbour(value: number, step: bigint): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  view.setBigInt64(0, view.getBigInt64(0) + step);
  return view.getFloat64(0);
}

function expectNearest(value: number, top: bigint, bottom: bigint): void {
  const own = error(value, top, bottom);
  for (const step of [-1n, 1n]) {
    const comparison = own.compare(error(neighbour(value, step), top, bottom));
    const even = BigInt.asUintN(1, new BigInt64Array(new Float64Array([value]).buffer)[0]) === 0n;
    expect(comparison < 0 || (comparison === 0 && even)).toBe(true);
  }
}

test("a ratio of numbers of any size is the nearest float64, ties to even", () => {
  const positive = fc.bigInt({ min: 1n, max: 2n ** 120n });
  fc.assert(
    fc.property(positive, positive, (top, bottom) => expectNearest(bigRatio(top, bottom), top, bottom)),
    { numRuns: 300 },
  );
});

test("halfway between two float64 the even one is taken, and a sticky bit breaks the tie", () => {
  const half = 2n ** 53n + 1n;
  expect(bigRatio(half, 1n)).toBe(2 ** 53);
  expect(bigRatio(half * 2n ** 80n + 1n, 2n ** 80n)).toBe(2 ** 53 + 2);
  expect(bigRatio(half + 2n, 1n)).toBe(2 ** 53 + 4);
  expect(bigRatio(0n, 2n ** 100n)).toBe(0);
});

test("a sum of ratios is rounded once, whatever the size of the common denominator", () => {
  const part = fc.record({ top: fc.integer({ min: 0, max: 2 ** 40 }), bottom: fc.integer({ min: 1, max: 2 ** 40 }) });
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 6 }), (parts) => {
      const tops = parts.map(({ top }) => top);
      const bottoms = parts.map(({ bottom }) => bottom);
      const sum = parts.reduce((total, { top, bottom }) => total.add(new Fraction(top, bottom)), new Fraction(0));
      const value = ratioSum(tops, bottoms, parts.length);
      if (sum.n === 0n) expect(value).toBe(0);
      else expectNearest(value, sum.n, sum.d);
    }),
    { numRuns: 300 },
  );
  expect(ratioSum([1, 1, 1], [3, 3, 3], 3)).toBe(1);
});
