// Sobol points, their scrambling, and permutations: against published points and against what they promise.

import { describe, expect, test } from "vitest";
import { permuted } from "../../src/numbers/permutation.js";
import { philox } from "../../src/numbers/philox.js";
import { SOBOL_DIMENSIONS, scrambled, sobol } from "../../src/numbers/sobol.js";

const random = (seed: number) => (node: number, level: number) => philox([node, level, 0, 0], [seed, 0]);

describe("Sobol points", () => {
  test("are those of Joe and Kuo's program in three dimensions", () => {
    const points = Array.from({ length: 10 }, (_, point) =>
      [0, 1, 2].map((dimension) => sobol(point, dimension) / 2 ** 32),
    );
    expect(points).toEqual([
      [0, 0, 0],
      [0.5, 0.5, 0.5],
      [0.75, 0.25, 0.25],
      [0.25, 0.75, 0.75],
      [0.375, 0.375, 0.625],
      [0.875, 0.875, 0.125],
      [0.625, 0.125, 0.875],
      [0.125, 0.625, 0.375],
      [0.1875, 0.3125, 0.9375],
      [0.6875, 0.8125, 0.4375],
    ]);
  });

  test("of every dimension have one in each of 2^k equal parts, scrambled or not", () => {
    for (let dimension = 0; dimension < SOBOL_DIMENSIONS; dimension++) {
      const points = Array.from({ length: 256 }, (_, point) => sobol(point, dimension));
      expect(new Set(points.map((bits) => bits >>> 24)).size).toBe(256);
      expect(new Set(points.map((bits) => scrambled(bits, random(dimension)) >>> 24)).size).toBe(256);
    }
  });

  test("of the first two dimensions have one in each rectangle of equal area, scrambled or not", () => {
    const points = Array.from({ length: 64 }, (_, point) => [sobol(point, 0), sobol(point, 1)]);
    const mixed = points.map(([x, y]) => [scrambled(x, random(1)), scrambled(y, random(2))]);
    for (let bits = 0; bits <= 6; bits++) {
      for (const set of [points, mixed]) {
        const boxes = new Set(
          set.map(([x, y]) => `${Math.floor(x / 2 ** (32 - bits))} ${Math.floor(y / 2 ** (26 + bits))}`),
        );
        expect(boxes.size).toBe(64);
      }
    }
  });
});

test("scrambling is one to one, keeps common first bits, and is uniform over seeds", () => {
  const sums = [0, 0];
  const values = new Set<number>();
  for (let seed = 0; seed < 500; seed++) {
    const a = scrambled(0x12345678, random(seed));
    const b = scrambled(0x12345679, random(seed));
    const c = scrambled(0x92345678, random(seed));
    expect((a ^ b) >>> 0).toBe(1);
    expect((a ^ c) >>> 31).toBe(1);
    sums[0] += a / 2 ** 32;
    sums[1] += Number((a ^ c) >>> 0 > 2 ** 31 + 2 ** 30);
    values.add(a);
  }
  expect(values.size).toBe(500);
  // Mean of 500 uniform numbers: deviation 0.0129; five of them.
  expect(Math.abs(sums[0] / 500 - 0.5)).toBeLessThan(0.065);
  expect(Math.abs(sums[1] / 500 - 0.5)).toBeLessThan(0.12);
});

test.each([1, 2, 3, 5, 16, 17, 64, 1000])(
  "a permutation of %d numbers has each once, and another one for another key",
  (count) => {
    const order = (seed: number) => {
      const at = permuted(count, (half, round) => philox([half, round, 0, 0], [seed, 0])[0]);
      return Array.from({ length: count }, (_, number) => at(number));
    };
    expect(order(1).toSorted((a, b) => a - b)).toEqual([...Array(count).keys()]);
    if (count >= 16) expect(order(1)).not.toEqual(order(2));
  },
);
