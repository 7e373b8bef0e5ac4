// The estimator on servers that are known, and the lower supply curve against its definition.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { supplyCurve } from "../../src/fit/measure/curve.js";
import { cyclesOf, stretchesOf } from "../../src/fit/measure/cycles.js";
import { fitPeriodic } from "../../src/fit/measure/periodic.js";
import { drawnServer } from "../../src/fit/measure/recorded.js";
import { ENDED_ASLEEP, WindowList, type Windows } from "../../src/fit/read/windows.js";
import { parseScenario } from "../../src/scenario/parse.js";

const MS = 1_000_000;

interface Server {
  readonly period: number;
  readonly budget: number;
  /** How late each replenishment comes, in ns. */
  readonly late: readonly number[];
  /** How much of each budget the guest uses: 1 is all of it. */
  readonly used: readonly number[];
}

/** The windows of a hard periodic server: its guest sleeps when it does not use the whole budget. */
function windowsOf({ period, budget, late, used }: Server): WindowList {
  const windows = new WindowList();
  for (const [k, part] of used.entries()) {
    const start = k * period + late[k];
    windows.append(start, start + Math.round(budget * part), part < 1 ? ENDED_ASLEEP : 0);
  }
  return windows;
}

const server = fc
  .record({
    period: fc.integer({ min: 5 * MS, max: 100 * MS }),
    percent: fc.integer({ min: 10, max: 90 }),
    late: fc.array(fc.integer({ min: 0, max: 20_000 }), { minLength: 60, maxLength: 60 }),
    idle: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 60, maxLength: 60 }),
    rests: fc.integer({ min: 6, max: 30 }),
  })
  .map(
    ({ period, percent, late, idle, rests }): Server => ({
      period,
      budget: Math.round((period * percent) / 100),
      late,
      // Every so many periods the guest has less to do.
      used: idle.map((tenths, k) => (k % rests === rests - 1 ? tenths / 10 : 1)),
    }),
  );

describe("the period and budget", () => {
  test("of a periodic server are found, whatever the guest leaves unused and however late the timer is", () => {
    fc.assert(
      fc.property(server, (given) => {
        const { period, budget } = fitPeriodic(cyclesOf(windowsOf(given)));
        expect(Math.abs(period! / given.period - 1)).toBeLessThan(0.01);
        expect(Math.abs(budget! / given.budget - 1)).toBeLessThan(0.01);
      }),
    );
  });

  test("are not disturbed by short interruptions or single outliers", () => {
    const windows = new WindowList();
    for (let k = 0; k < 40; k++) {
      const start = 12 * MS * k + (k === 20 ? 3 * MS : 0);
      windows.append(start, start + MS, 0);
      windows.append(start + MS + 5000, start + 4 * MS, 0);
    }
    const fit = fitPeriodic(cyclesOf(windows));
    expect(fit).toMatchObject({ period: 12 * MS, budget: 4 * MS - 5000, cycles: 38, samePeriod: 36, sameBudget: 36 });
  });

  test("are none of windows that come at random", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: MS, max: 8 * MS }), fc.integer({ min: MS, max: 16 * MS })), {
          minLength: 30,
          maxLength: 60,
        }),
        (turns) => {
          const windows = new WindowList();
          let now = 0;
          for (const [on, off] of turns) {
            windows.append(now, now + on, 0);
            now += on + off;
          }
          expect(fitPeriodic(cyclesOf(windows))).toMatchObject({ period: null, budget: null });
        },
      ),
    );
  });

  test("are none when the guest never runs out of budget, or hardly ever", () => {
    const half = { period: 10 * MS, budget: 4 * MS, late: new Array(40).fill(0) };
    const never = fitPeriodic(cyclesOf(windowsOf({ ...half, used: new Array(40).fill(0.5) })));
    expect(never).toMatchObject({ period: null, budget: null, cycles: 0, periodRange: null });
    const used = Array.from({ length: 40 }, (_, k) => (k < 5 ? 1 : 0.5));
    const rarely = fitPeriodic(cyclesOf(windowsOf({ ...half, used })));
    expect(rarely).toMatchObject({ period: null, cycles: 4, samePeriod: 4 });
  });
});

describe("the lower supply curve", () => {
  /** By definition: the least supply in [x, x + t] over all whole x in the stretch. */
  function least(windows: Windows, begin: number, end: number, t: number): number | null {
    let found: number | null = null;
    for (let x = begin; x + t <= end; x++) {
      let sum = 0;
      for (let i = 0; i < windows.length; i++)
        sum += Math.max(0, Math.min(x + t, windows.ends[i]) - Math.max(x, windows.starts[i]));
      found = Math.min(found ?? sum, sum);
    }
    return found;
  }

  test("is the least supply of any interval while the VM has work", () => {
    const turns = fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }), fc.boolean()), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(turns, (given) => {
        const windows = new WindowList();
        let now = 3;
        for (const [on, off, sleeps] of given) {
          windows.append(now, now + on, sleeps ? ENDED_ASLEEP : 0);
          now += on + off;
        }
        const stretches = stretchesOf(windows);
        for (const { t, measured } of supplyCurve(windows, stretches, null, null, 64)) {
          const parts = stretches.map(({ first, end }) =>
            least(windows, windows.starts[first], windows.ends[end - 1], t),
          );
          const known = parts.filter((part) => part !== null);
          expect(measured).toBe(known.length === 0 ? null : Math.min(...known));
        }
      }),
    );
  });

  test("of a periodic server is never below its supply bound, and reaches it", () => {
    // The worst case: a budget at the very beginning of its period, and from then on at the ends.
    const windows = new WindowList();
    windows.append(0, 4, 0);
    for (let k = 1; k < 30; k++) windows.append(12 * k + 8, 12 * k + 12, 0);
    const curve = supplyCurve(windows, stretchesOf(windows), 12, 4, 0);
    expect(curve.at(-1)?.t).toBe(128);
    for (const { measured, bound } of curve) expect(measured).toBe(bound);
  });
});

describe("the drawn server", () => {
  const cycles = (...given: readonly (readonly [length: number, supply: number])[]) => ({
    lengths: Float64Array.from(given, ([length]) => length * MS),
    supplies: Float64Array.from(given, ([, supply]) => supply * MS),
  });

  test("has the mean and the spread of the cycles, and is a valid server", () => {
    const drawn = drawnServer(cycles([10, 4], [12, 4], [14, 7]))!;
    expect(drawn).toStrictEqual({
      tick: "1us",
      share: 15 / 36,
      server: { name: "vm", policy: "idling", period: 10_000, period_max: 14_000, budget_min: 4000, budget: 6000 },
    });
    const scenario = { horizon: 100_000, servers: [{ ...drawn.server, tasks: [] }] };
    expect(() => parseScenario(JSON.stringify(scenario))).not.toThrow();
  });

  test("is exact where all cycles are alike, and none without one", () => {
    expect(drawnServer(cycles([12, 4], [12, 4]))!.server).toMatchObject({
      period: 12_000,
      period_max: 12_000,
      budget_min: 4000,
      budget: 4000,
    });
    expect(drawnServer(cycles())).toBeNull();
  });
});
