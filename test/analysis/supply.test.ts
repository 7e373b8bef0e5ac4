// Supply bounds against brute force over small supplies.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { boundedDelay, ReservationSupply, type Supply, serverSupply, TableSupply } from "../../src/analysis/index.js";
import { fromScenario, type Scenario } from "./scenario.js";

/** The least number of supplied ticks in any window of t ticks that begins in the first `starts` ticks of a pattern. */
function leastInWindows(pattern: readonly boolean[], t: number, starts: number): number {
  let least = t;
  for (let start = 0; start < starts; start++) {
    least = Math.min(least, pattern.slice(start, start + t).filter(Boolean).length);
  }
  return least;
}

/** Ticks of some periods: the budget right at the start of the first, `within` - budget after the start of the others. */
function worstPattern(period: number, budget: number, within: number, periods: number): boolean[] {
  return Array.from({ length: periods * period }, (_, tick) => {
    const into = tick % period;
    const from = tick < period ? 0 : within - budget;
    return into >= from && into < from + budget;
  });
}

/** inverse(work) is the least t with at(t) >= work. */
function expectInverse(supply: Supply, until: number): void {
  for (let work = 1; work <= supply.at(until); work++) {
    const t = supply.inverse(work);
    expect(supply.at(t)).toBeGreaterThanOrEqual(work);
    expect(supply.at(t - 1)).toBeLessThan(work);
  }
}

/** at(t) >= alpha (t - delta), and at some t equal or less than one tick above. */
function expectContainsLinearBound(supply: Supply, until: number): void {
  const { rate, delay } = boundedDelay(supply)!;
  for (let t = 0; t <= until; t++) {
    // at(t) >= rate * (t - delay), over a common denominator.
    const left = BigInt(supply.at(t)) * rate.denominator * delay.denominator;
    const right = rate.numerator * (BigInt(t) * delay.denominator - delay.numerator);
    expect(left >= right).toBe(true);
  }
}

describe("a reservation", () => {
  test("equals the least supply over all windows of the worst pattern, for every small server", () => {
    for (let period = 1; period <= 7; period++) {
      for (let budget = 1; budget <= period; budget++) {
        for (let within = budget; within <= period; within++) {
          const supply = new ReservationSupply(period, budget, period - budget, within);
          const pattern = worstPattern(period, budget, within, 6);
          for (let t = 0; t <= 4 * period; t++) {
            expect(supply.at(t)).toBe(leastInWindows(pattern, t, 2 * period));
          }
          expectInverse(supply, 4 * period);
          expectContainsLinearBound(supply, 4 * period);
        }
      }
    }
  });

  test("no way of giving each period its budget in time supplies less", () => {
    const arrangement = fc.integer({ min: 1, max: 8 }).chain((period) =>
      fc.integer({ min: 1, max: period }).chain((budget) =>
        fc.integer({ min: budget, max: period }).chain((within) => {
          const ticks = Array.from({ length: within }, (_, tick) => tick);
          const given = fc.shuffledSubarray(ticks, { minLength: budget, maxLength: budget });
          return fc.tuple(
            ...[period, budget, within].map((v) => fc.constant(v)),
            fc.array(given, { minLength: 6, maxLength: 6 }),
          );
        }),
      ),
    );
    fc.assert(
      fc.property(arrangement, (drawn) => {
        const [period, budget, within, given] = drawn as unknown as [number, number, number, number[][]];
        const pattern = given.flatMap((ticks) => Array.from({ length: period }, (_, tick) => ticks.includes(tick)));
        const supply = new ReservationSupply(period, budget, period - budget, within);
        for (let t = 0; t <= 4 * period; t++) {
          expect(supply.at(t)).toBeLessThanOrEqual(leastInWindows(pattern, t, 2 * period));
        }
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  test.each<[string, object, number, number]>([
    ["idling: P - Q", { policy: "idling" }, 12, 6],
    ["deferrable: P - Q", { policy: "deferrable" }, 12, 6],
    ["cbs: P - Q", { policy: "cbs" }, 12, 6],
    ["polling: P - 1, the job that just missed the discard", { policy: "polling" }, 15, 9],
    ["sporadic: P - 1, the overflow rule", { policy: "sporadic" }, 15, 9],
    ["offset beyond it", { policy: "idling", offset: 30 }, 33, 27],
    ["offset within it", { policy: "idling", offset: 9 }, 12, 6],
    ["period_max and budget_min", { policy: "deferrable", period_max: 13, budget_min: 3 }, 20, 11],
  ])("blackout of %s", (_, server, byPeriod, byResponse) => {
    const tasks = [{ period: 100, wcet: 1, offset: 3 }];
    const system = fromScenario({ servers: [{ period: 10, budget: 4, tasks, ...server }] });
    expect(serverSupply(system, 0)!.inverse(1) - 1).toBe(byPeriod);
    // Alone it has its whole budget of 4 after w = 4.
    expect(serverSupply(system, 0, 4)!.inverse(1) - 1).toBe(byResponse);
  });
});

describe("a table", () => {
  const table = fc
    .uniqueArray(fc.integer({ min: 0, max: 16 }), { minLength: 3, maxLength: 9 })
    .map((edges) => edges.sort((a, b) => a - b))
    .map((edges) => ({
      frame: Math.max(...edges) + 1,
      windows: edges.slice(1).flatMap((end, place) => {
        return place % 2 === 1 ? [] : [{ server: 0, start: edges[place], duration: end - edges[place] }];
      }),
    }));

  test("equals the least supply over all positions in the frame", () => {
    fc.assert(
      fc.property(table, ({ frame, windows }) => {
        const supply = new TableSupply(frame, windows);
        const pattern = Array.from({ length: 4 * frame }, (_, tick) =>
          windows.some(({ start, duration }) => tick % frame >= start && tick % frame < start + duration),
        );
        for (let t = 0; t <= 3 * frame; t++) expect(supply.at(t)).toBe(leastInWindows(pattern, t, frame));
        expectInverse(supply, 3 * frame);
        expectContainsLinearBound(supply, 3 * frame);
      }),
      { seed: 2, numRuns: 300 },
    );
  });

  test("a server without a window is never supplied; one that owns the frame always", () => {
    const never = new TableSupply(10, []);
    expect(never.inverse(1)).toBe(Number.POSITIVE_INFINITY);
    expect(never.at(1000)).toBe(0);
    const always = new TableSupply(10, [{ server: 0, start: 0, duration: 10 }]);
    expect(always.inverse(7)).toBe(7);
  });

  test("windows at both ends of the frame are one", () => {
    const supply = new TableSupply(10, [
      { server: 0, start: 8, duration: 2 },
      { server: 0, start: 0, duration: 1 },
    ]);
    expect(supply.inverse(1)).toBe(8);
    expect(supply.inverse(3)).toBe(10);
  });
});

describe("what interference leaves", () => {
  const above = fc.record({
    policy: fc.constantFrom("idling", "polling", "deferrable", "sporadic", "cbs", "cbs-soft", "dedicated"),
    period: fc.integer({ min: 2, max: 9 }),
    share: fc.integer({ min: 1, max: 60 }),
    tasks: fc.constant([{ period: 11, wcet: 2, jitter: 3 }]),
  });

  test("at and inverse agree with the definition, the maximum of u - I(u)", () => {
    fc.assert(
      fc.property(fc.array(above, { minLength: 1, maxLength: 3 }), (drawn) => {
        const servers = drawn.map(({ policy, period, share, tasks }) => {
          const budget = Math.max(1, Math.floor((period * share) / 100));
          return policy === "dedicated" ? { policy, tasks } : { policy, period, budget, tasks };
        }) as Scenario["servers"];
        const system = fromScenario({ servers: [...servers, { tasks: [] }] });
        const supply = serverSupply(system, servers.length)!;
        let most = 0;
        for (let u = 0; u <= 120; u++) {
          const all = drawn.reduce((sum, server, place) => sum + taken(server, servers[place].budget ?? 0, u), 0);
          most = Math.max(most, u - all);
          expect(supply.at(u)).toBe(most);
        }
        if (supply.rate.numerator > 0n) {
          expectInverse(supply, 120);
          expectContainsLinearBound(supply, 120);
        }
      }),
      { seed: 3, numRuns: 100 },
    );
  });

  /** I_j(u), written as analysis.md section 3 has it. */
  function taken({ policy, period }: { policy: string; period: number }, budget: number, u: number): number {
    if (policy === "dedicated" || policy === "cbs-soft") return Math.ceil((u + 3) / 11) * 2 * (u > 0 ? 1 : 0);
    if (policy === "deferrable") return Math.ceil((u + period - budget) / period) * budget * (u > 0 ? 1 : 0);
    if (policy === "cbs") {
      return u < budget ? u : Math.min(u, budget + Math.floor(((u - budget) * budget) / period));
    }
    return Math.ceil(u / period) * budget;
  }
});
