import fc from "fast-check";
import { Fraction } from "fraction.js";
import { expect, test } from "vitest";
import { geometricPoint } from "../../src/grid/geometric.js";

function points(from: string, to: string, count: number): string[] {
  const ends = [new Fraction(from), new Fraction(to)] as const;
  return Array.from({ length: count }, (_, i) => geometricPoint(...ends, i, count - 1).toString());
}

test("powers of ten and of two are met exactly", () => {
  expect(points("1", "1000", 4)).toEqual(["1", "10", "100", "1000"]);
  expect(points("1/4", "16", 7)).toEqual(["0.25", "0.5", "1", "2", "4", "8", "16"]);
  expect(points("1000", "1/1000", 7)).toEqual(["1000", "100", "10", "1", "0.1", "0.01", "0.001"]);
});

test("points in between have six significant digits, the ends are as written", () => {
  expect(points("1", "10", 5)).toEqual(["1", "1.77828", "3.16228", "5.62341", "10"]);
  expect(points("1.23456789", "123.456789", 3)).toEqual(["1.23456789", "12.3457", "123.456789"]);
});

test("a half is rounded up", () => {
  // sqrt(1.0000005^2) lies exactly between two numbers of seven digits that end in 0.
  expect(geometricPoint(new Fraction("1.000005").pow(2), new Fraction(1), 1, 2).toString()).toBe("1.00001");
});

test("no number of six digits is nearer, by exact comparison of powers", () => {
  const end = fc.tuple(fc.bigInt({ min: 1n, max: 10n ** 12n }), fc.bigInt({ min: 1n, max: 10n ** 9n }));
  fc.assert(
    fc.property(end, end, fc.integer({ min: 2, max: 12 }), fc.nat(11), ([a, b], [c, d], last, at) => {
      const index = 1 + (at % (last - 1));
      const [from, to] = [new Fraction(a, b), new Fraction(c, d)];
      const point = geometricPoint(from, to, index, last);
      const power = from.pow(last - index).mul(to.pow(index)); // the exact point to the power `last`
      const digits = point.n.toString().length - point.d.toString().length;
      // Half a unit of the sixth digit, or a tenth of that where the point lies just below a power of ten.
      const half = new Fraction(10).pow(digits - 5).div(2);
      expect(point.sub(half).pow(last).lte(power)).toBe(true);
      expect(point.add(half).pow(last).gt(power)).toBe(true);
    }),
  );
});

test("256 points over nine decades are all different", () => {
  expect(new Set(points("0.001", "987654.321", 256)).size).toBe(256);
});
