// Intervals against published values.

import { describe, expect, test } from "vitest";
import { Moments, studentQuantile, wilson } from "../../src/numbers/statistics.js";

// Newcombe, Statistics in Medicine 17 (1998), table I, method 3: Wilson's interval without continuity correction.
test.each([
  [81, 263, 0.2553, 0.3662],
  [15, 148, 0.0624, 0.1605],
  [0, 20, 0, 0.1611],
  [1, 29, 0.0061, 0.1718],
])("Wilson's interval of %d of %d", (successes, count, low, high) => {
  const found = wilson(successes, count);
  expect(found.low).toBeCloseTo(low, 4);
  expect(found.high).toBeCloseTo(high, 4);
  const mirrored = wilson(count - successes, count);
  expect(mirrored.low).toBeCloseTo(1 - high, 4);
  expect(mirrored.high).toBeCloseTo(1 - low, 4);
});

test("Wilson's interval holds the share, ends at 0 and 1, and narrows", () => {
  for (let count = 1; count <= 200; count++) {
    for (let successes = 0; successes <= count; successes++) {
      const { low, high } = wilson(successes, count);
      expect(low <= successes / count && successes / count <= high && low >= 0 && high <= 1).toBe(true);
    }
    expect([wilson(0, count).low, wilson(count, count).high]).toEqual([0, 1]);
    expect(wilson(count, 2 * count).high - wilson(count, 2 * count).low).toBeGreaterThan(
      wilson(2 * count, 4 * count).high - wilson(2 * count, 4 * count).low,
    );
  }
});

test.each([
  [1, 12.7062],
  [4, 2.7764],
  [10, 2.2281],
  [30, 2.0423],
  [31, 2.0395],
  [40, 2.0211],
  [60, 2.0003],
  [120, 1.9799],
  [1e9, 1.95996],
])("Student's t with %d degrees of freedom", (degrees, value) => {
  expect(studentQuantile(degrees)).toBeCloseTo(value, 4);
});

describe("moments", () => {
  const of = (values: readonly number[]) => {
    const moments = new Moments();
    for (const value of values) moments.add(value);
    return moments.values;
  };

  test("mean, standard error and interval", () => {
    const [mean, error, low, high] = of([2, 4, 4, 4, 5, 5, 7, 9]);
    expect(mean).toBe(5);
    expect(error).toBeCloseTo(Math.sqrt(32 / 7 / 8), 12);
    expect(low).toBeCloseTo(5 - 2.364624 * error, 5);
    expect(high).toBeCloseTo(5 + 2.364624 * error, 5);
  });

  test("of too few numbers there is none", () => {
    expect(of([])).toEqual([Number.NaN, Number.NaN, Number.NaN, Number.NaN]);
    expect(of([3])).toEqual([3, Number.NaN, Number.NaN, Number.NaN]);
    expect(of([1e9, 1e9, 1e9])).toEqual([1e9, 0, 1e9, 1e9]);
  });
});
