// The search for a boundary as a pure function over a predicate, and which cells belong to one search.

import { describe, expect, test, vi } from "vitest";
import { openCursor } from "../../src/grid/cells.js";
import { Walk } from "../../src/grid/grid-walk.js";
import { openSweep } from "../../src/grid/open.js";
import { findBoundary, probeOrder } from "../../src/grid/search.js";
import { Units } from "../../src/grid/units.js";

describe("a search", () => {
  test("finds the boundary of every monotone predicate, with the probes that bisection needs", () => {
    for (let count = 1; count <= 70; count++) {
      for (let boundary = 0; boundary <= count; boundary++) {
        const asked: number[] = [];
        const isGood = (value: number) => {
          asked.push(value);
          return value >= boundary;
        };
        const { found, worse, anomaly } = findBoundary(count, isGood, 0, () => 0);
        expect(found).toBe(boundary < count ? boundary : undefined);
        expect(worse).toBe(boundary > 0 ? boundary - 1 : undefined);
        expect(anomaly).toBe(false);
        expect(asked.length).toBeLessThanOrEqual(Math.ceil(Math.log2(count + 1)));
        expect(new Set(asked).size).toBe(asked.length);
      }
    }
  });

  test("with probes finds the same, asks so many values more, none twice, and sees no anomaly", () => {
    for (let seed = 0; seed < 300; seed++) {
      const count = 1 + ((seed * 37) % 200);
      const boundary = (seed * 101) % (count + 1);
      const without: number[] = [];
      const asked: number[] = [];
      const isGood = (into: number[]) => (value: number) => {
        into.push(value);
        return value >= boundary;
      };
      const plain = findBoundary(count, isGood(without), 0, () => 0);
      const probed = findBoundary(count, isGood(asked), 8, probeOrder(count, BigInt(seed), 5, 0));
      expect(probed).toEqual(plain);
      expect(asked.slice(0, without.length)).toEqual(without);
      expect(asked).toHaveLength(Math.min(count, without.length + 8));
      expect(new Set(asked).size).toBe(asked.length);
    }
  });

  test("sees an anomaly exactly when a probe met one; when all values are probed, every one is met", () => {
    let seen = 0;
    for (let seed = 0; seed < 400; seed++) {
      const count = 10 + (seed % 40);
      const boundary = 5 + (seed % (count - 5));
      const planted = (seed * 7) % count;
      const isGood = (value: number) => value >= boundary !== (value === planted);
      const answers = new Map<number, boolean>();
      const ask = (value: number) => {
        answers.set(value, isGood(value));
        return isGood(value);
      };
      const { found, anomaly } = findBoundary(count, ask, 8, probeOrder(count, BigInt(seed), 0, 0));
      const good = found ?? count;
      expect(anomaly).toBe([...answers].some(([value, is]) => is !== value >= good));
      if (anomaly) seen++;
      const all = findBoundary(count, isGood, count, probeOrder(count, BigInt(seed), 0, 0));
      const contradicts = [...Array(count).keys()].some((value) => isGood(value) !== value >= (all.found ?? count));
      expect(all.anomaly).toBe(contradicts);
    }
    expect(seen).toBeGreaterThan(20);
    expect(seen).toBeLessThan(400);
  });

  test("probes differ from search to search, and follow from seed, search and replicate", () => {
    const first = (seed: bigint, search: number, replicate: number) => {
      const order = probeOrder(1000, seed, search, replicate);
      return [0, 1, 2, 3].map(order).join();
    };
    const orders = [first(1n, 0, 0), first(2n, 0, 0), first(1n, 7, 0), first(1n, 0, 1), first(1n, 2 ** 40, 0)];
    expect(new Set(orders).size).toBe(5);
    expect(first(1n, 7, 0)).toBe(orders[2]);
  });
});

test("the cells of each search follow each other, and every cell is in one", () => {
  const text = `
horizon: 100
system: { servers: { vm: { policy: =p, period: 100, budget: =Q + 0 * n } } }
axes:
  Q: { from: 1, to: 5, step: 1 }
  p: [idling, deferrable]
  n: [1, 2, 7]
find: { axis: Q, least: missed = 0 }
where: Q != n
points: [{ p: idling, n: 3, Q: 2 }, { p: idling, n: 3, Q: 4 }]
`;
  const open = openSweep(text, "s.yaml");
  expect(open.plan.axes.map(({ name }) => name)).toEqual(["p", "n", "Q"]);
  expect(open.plan.searches).toEqual({ units: 8, most: 5 });
  const cursor = openCursor(open.sweep, open.plan);
  const seeking = openCursor(open.sweep, open.plan);
  const units = new Units(open);
  let cell = 0;
  const starts: number[] = [];
  for (let unit = units.from(0); unit !== undefined; unit = units.from(unit.first + unit.cells.length)) {
    expect(unit.first).toBe(cell);
    starts.push(cell);
    const others = new Set<string>();
    for (const indices of unit.cells) {
      cursor.next();
      seeking.jumpTo(cell, indices);
      expect([...seeking.flat]).toEqual([...cursor.flat]);
      others.add(`${cursor.axisText(0)} ${cursor.axisText(1)}`);
      cell++;
    }
    expect(others.size).toBe(1);
  }
  expect(cell).toBe(open.plan.cellCount);
  expect(starts).toHaveLength(8);
  for (let at = 0; at < cell; at++) {
    expect(units.from(at)?.first).toBe(starts.find((start) => start >= at));
    expect(units.startOf(at)).toBe(starts.findLast((start) => start <= at));
  }
});

test("the next search is found without a walk over the cells before it", () => {
  const text = `
horizon: 100
system: { servers: { vm: { policy: =p, period: 1000000, budget: =Q } } }
axes: { p: [idling, deferrable], Q: { from: 1, to: 200000, step: 1 } }
find: { axis: Q, least: missed = 0 }
`;
  const units = new Units(openSweep(text, "s.yaml"));
  const steps = vi.spyOn(Walk.prototype, "next");
  expect([200_001, 300_000, 399_999].map((cell) => units.from(cell))).toEqual([undefined, undefined, undefined]);
  expect(steps).not.toHaveBeenCalled();
  expect(units.from(7)?.first).toBe(200_000);
  expect(steps).toHaveBeenCalledTimes(200_000);
  steps.mockRestore();
});
