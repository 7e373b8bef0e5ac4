// Great numbers: horizons and periods up to 2^53 - 1. Every number is
// exact or the run is an error; only response_sum and overhead can pass 2^53 - 1 at all, the rest is bounded by the horizon.

import fc from "fast-check";
import { parse, stringify } from "lossless-json";
import { describe, expect, test } from "vitest";
import { RunFailed } from "../../src/kernel/simulate.js";
import { bucketLowerBound } from "../reference/counters.js";
import { between, draw } from "../reference/philox.js";
import { scenarioArbitrary } from "../reference/scenarios.js";
import { simulateReference } from "../reference/simulator.js";
import type { Policy, ReferenceResult, ReferenceScenario, ReferenceServer, ReferenceTask } from "../reference/types.js";
import { runsOf } from "../support/runs.js";
import { simulateObject, simulateText } from "../support/simulate.js";

const MAX = Number.MAX_SAFE_INTEGER;

const task = (fields: Partial<ReferenceTask>): ReferenceTask => ({ name: "t", period: MAX, wcet: 1, ...fields });

const dedicated = (...tasks: ReferenceTask[]): ReferenceServer => ({ name: "vm", policy: "dedicated", tasks });

/** The result with every integer as a bigint. */
function simulateExactly(scenario: ReferenceScenario): { tasks: Record<string, bigint>[] } {
  const result = simulateText(JSON.stringify(scenario));
  return parse(result, null, (text) => BigInt(text)) as { tasks: Record<string, bigint>[] };
}

describe("a horizon of 2^53 - 1 ticks", () => {
  const POLICIES: Policy[] = ["dedicated", "idling", "polling", "deferrable", "sporadic", "cbs", "cbs-soft"];

  // Periods of 10, of which there are 10^15, take no longer than those of 10^12: the kernel leaps over them.
  test.each(POLICIES.flatMap((policy) => [[policy, 10 ** 12] as const, [policy, 10] as const]))(
    "%s, periods of %i",
    (policy, PERIOD) => {
      const WORK = PERIOD / 5;
      const WHOLE = Math.floor(MAX / PERIOD); // periods
      const LEFT = MAX % PERIOD;
      expect(LEFT).toBeLessThan(WORK);
      const supply = policy === "dedicated" ? {} : { period: PERIOD, budget: WORK };
      const vm: ReferenceServer = { name: "vm", policy, ...supply, tasks: [task({ period: PERIOD, wcet: WORK })] };
      const result = simulateObject({ horizon: MAX, servers: [vm] }) as ReferenceResult;
      expect(result.host).toStrictEqual({
        busy: WHOLE * WORK + LEFT,
        idle: WHOLE * (PERIOD - WORK),
        switches: 1,
        overhead: 0,
        end: MAX,
      });
      expect(result.servers[0]).toMatchObject({
        supply: WHOLE * WORK + LEFT,
        idled: 0,
        depletions: policy === "dedicated" ? 0 : WHOLE,
        guest_switches: WHOLE + 1,
        blackout_max: PERIOD - WORK,
      });
      expect(result.tasks[0]).toMatchObject({
        released: WHOLE + 1,
        completed: WHOLE,
        missed: 0,
        response_min: WORK,
        response_max: WORK,
        response_sum: WHOLE * WORK,
        response_p50: bucketLowerBound(WORK),
        start_max: 0,
        gap_max: PERIOD,
      });
    },
  );

  test.each([10 ** 12, 10])("under a table with a frame of %i", (PERIOD) => {
    const WHOLE = Math.floor(MAX / PERIOD);
    const windows = [{ server: "vm", start: PERIOD - 5, duration: 5 }];
    const result = simulateObject({
      horizon: MAX,
      host: { scheduler: "table", frame: PERIOD, windows },
      servers: [dedicated(task({ period: PERIOD, wcet: 4 }))],
    }) as ReferenceResult;
    expect(result.servers[0]).toMatchObject({ supply: 5 * WHOLE, idled: WHOLE, blackout_max: PERIOD - 5 });
    expect(result.tasks[0]).toMatchObject({ completed: WHOLE, response_max: PERIOD - 1, start_max: PERIOD - 5 });
  });

  test("with a backlog that grows in every period is an error: the sum of its responses does not fit", () => {
    expect(() => simulateObject({ horizon: MAX, servers: [dedicated(task({ period: 2, wcet: 3 }))] })).toThrow(
      RunFailed,
    );
  });

  test("with the only job in the last tick, or too late", () => {
    const inTime = simulateObject({ horizon: MAX, servers: [dedicated(task({ offset: MAX - 1, deadline: MAX }))] });
    expect(inTime.tasks[0]).toMatchObject({ released: 1, completed: 1, missed: 0, response_max: 1, gap_max: null });
    const late = simulateObject({ horizon: MAX, servers: [dedicated(task({ offset: MAX }))] });
    expect(late.tasks[0]).toMatchObject({ released: 0, completed: 0, missed: 0, response_max: null });
  });
});

describe("draws from ranges up to 2^53 - 1", () => {
  const stream = { seed: 7n, replicate: 3, entity: 0 };
  const drawn = (server: ReferenceServer) =>
    simulateObject({ horizon: MAX, seed: 7, replicate: 3, servers: [server] }) as ReferenceResult;

  test("jitter just below the period", () => {
    const release = between(0, MAX - 1, draw(stream, 0).x2);
    const { tasks } = drawn(dedicated(task({ jitter: MAX - 1 })));
    expect(tasks[0]).toMatchObject({ released: 1, completed: 1, start_max: release, response_max: release + 1 });
  });

  test("sporadic arrivals with a period_max of 2^53 - 1", () => {
    let released = 0;
    for (let arrival = 0; arrival < MAX; released++) arrival += between(10 ** 12, MAX, draw(stream, released).x2);
    const { tasks } = drawn(dedicated(task({ period: 10 ** 12, period_max: MAX })));
    expect(tasks[0]).toMatchObject({ released, completed: released, response_max: 1 });
  });

  test("a demand of 1 to 2^53 - 1", () => {
    const demand = between(1, MAX, draw(stream, 0).x1);
    const { tasks } = drawn(dedicated(task({ bcet: 1, wcet: MAX })));
    expect(tasks[0]).toMatchObject({ completed: 1, response_max: demand });
  });

  test("budgets and periods of a server", () => {
    const server: ReferenceServer = {
      name: "vm",
      policy: "idling",
      period: MAX - 1,
      period_max: MAX,
      budget: MAX - 1,
      budget_min: 1,
      tasks: [],
    };
    const budget = between(1, MAX - 1, draw({ ...stream, entity: 2 ** 31 }, 0).x1);
    const { servers } = drawn(server);
    expect(servers[0]!.supply).toBeOneOf([budget, budget + 1]); // the last tick may be in the second period
  });
});

describe("times multiplied by a great factor", () => {
  const FACTOR = BigInt(MAX) / 400n; // 400 is the longest time of the scenarios
  const INPUT_COUNTS = new Set(["replicate", "priority", "max_replenishments"]);
  const COUNTERS_OF_EVENTS = new Set([
    ...["released", "completed", "missed", "skipped"],
    ...["replenishments", "depletions", "preemptions", "switches", "guest_switches"],
  ]);

  /** A tree with its whole numbers as bigints, those multiplied that are times. */
  function scaled(value: unknown, counts: ReadonlySet<string>, factor = FACTOR): unknown {
    if (typeof value === "number") return BigInt(value) * factor;
    if (Array.isArray(value)) return value.map((item) => scaled(item, counts));
    if (typeof value !== "object" || value === null) return value;
    const items = Object.entries(value).map(([key, item]) => [
      key,
      scaled(item, counts, counts.has(key) ? 1n : FACTOR),
    ]);
    return Object.fromEntries(items);
  }

  /** Percentiles are lower bounds of buckets: those of the small run must be exact (below 64) to be compared. */
  function withBuckets(result: ReferenceResult): unknown {
    const { tasks, ...rest } = scaled(result, COUNTERS_OF_EVENTS) as Omit<ReferenceResult, "tasks"> & {
      tasks: object[];
    };
    const bucket = (value: unknown) =>
      typeof value === "bigint" && value < 64n * FACTOR ? BigInt(bucketLowerBound(Number(value))) : expect.anything();
    const rows = tasks.map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([key, value]) => [
          key,
          /^response_p/.test(key) && value !== null ? bucket(value) : value,
        ]),
      ),
    );
    return { ...rest, tasks: rows };
  }

  /** Whether the two numbers that can pass the range of what is exact do so. */
  function overflows({ host, tasks }: ReferenceResult): boolean {
    const sums = tasks.map((row) => BigInt(row.response_sum) * FACTOR);
    return BigInt(host.overhead) * FACTOR > MAX || sums.some((sum) => sum > 2n ** 62n);
  }

  test("give the same run with every time multiplied, or an error where a sum does not fit", () => {
    fc.assert(
      fc.property(scenarioArbitrary({ draws: false }), ({ seed: _, ...scenario }) => {
        const small = simulateReference(scenario);
        const run = () => simulateText(stringify(scaled(scenario, INPUT_COUNTS))!);
        if (overflows(small)) expect(run).toThrow(RunFailed);
        else expect(parse(run(), null, BigInt)).toEqual(withBuckets(small));
      }),
      { numRuns: runsOf(1000) },
    );
  });
});

describe("what does not fit is an error of the run, never a wrong number", () => {
  /** A task whose backlog grows: job k responds in 2C + kC with C = 10^12, and `jobs` of them complete. */
  const backlog = (jobs: number): ReferenceScenario => ({
    horizon: jobs * 2 * 10 ** 12,
    servers: [dedicated(task({ period: 10 ** 12, wcet: 2 * 10 ** 12 }))],
  });
  const sumOf = (jobs: bigint): bigint => 10n ** 12n * ((jobs * (jobs + 3n)) / 2n);

  test("response_sum is exact beyond 2^53, up to 2^62", () => {
    for (const jobs of [132, 133, 134, 3035]) {
      expect(simulateExactly(backlog(jobs)).tasks[0]).toMatchObject({
        completed: BigInt(jobs),
        response_sum: sumOf(BigInt(jobs)),
      });
    }
    expect(sumOf(132n)).toBeLessThan(2n ** 53n);
    expect(sumOf(133n)).toBeGreaterThan(2n ** 53n);
    expect(sumOf(3035n)).toBeLessThan(2n ** 62n);
    expect(sumOf(3036n)).toBeGreaterThan(2n ** 62n);
    expect(() => simulateText(JSON.stringify(backlog(3036)))).toThrow(RunFailed);
    expect(() => simulateText(JSON.stringify(backlog(4503)))).toThrow("a counter or a time passes what is exact");
  });

  const oneJob = (host_switch: number, guest_switch: number): ReferenceScenario => ({
    horizon: MAX,
    host: { host_switch, guest_switch },
    servers: [dedicated(task({}))],
  });

  test("overhead may be 2^53 - 1 and no more", () => {
    expect(simulateObject(oneJob(MAX, 0)).host).toMatchObject({ busy: MAX, overhead: MAX });
    expect(simulateObject(oneJob(MAX - 1, 1)).host).toMatchObject({ busy: MAX, overhead: MAX });
    expect(simulateObject(oneJob(MAX - 2, 0)).tasks[0]).toMatchObject({ completed: 1, response_max: MAX - 1 });
    expect(() => simulateObject(oneJob(MAX, 1))).toThrow(RunFailed);
    expect(() => simulateObject(oneJob(MAX, MAX))).toThrow(RunFailed);
  });

  test("overhead that grows without an end ends the run early", () => {
    // The two servers take turns, and each turn costs 2^53 - 1: without an early end this is 10^16 instants.
    const servers: ReferenceServer[] = [
      { name: "high", policy: "idling", period: 2, budget: 1, tasks: [task({})] },
      { name: "low", policy: "dedicated", tasks: [task({})] },
    ];
    const scenario = { horizon: MAX, host: { host_switch: MAX }, servers };
    expect(() => simulateObject(scenario)).toThrow(RunFailed);
    expect(() => simulateObject({ ...scenario, horizon: 100 })).toThrow(RunFailed);
    expect(simulateObject({ ...scenario, horizon: 1 }).host).toMatchObject({ switches: 1, overhead: MAX });
  });

  test("a soft deadline may run ahead of time up to 2^62", () => {
    const vm: ReferenceServer = {
      name: "vm",
      policy: "cbs-soft",
      period: MAX,
      budget: 1,
      tasks: [task({ wcet: MAX })],
    };
    const run = (horizon: number) => simulateObject({ horizon, servers: [vm] });
    expect(run(511).servers[0]).toMatchObject({ supply: 511, replenishments: 512, depletions: 511 });
    expect(() => run(512)).toThrow(RunFailed); // 513 (2^53 - 1) > 2^62
    expect(() => run(MAX)).toThrow(RunFailed);
  });

  test("a sporadic server may have 4096 refills on its way, and says so", () => {
    const run = (horizon: number, max_replenishments: number) =>
      simulateObject({
        horizon,
        servers: [
          // Every second tick is used, and each of them is a refill of its own.
          {
            ...{ name: "vm", policy: "sporadic", period: 100_000, budget: 50_000, max_replenishments },
            tasks: [task({ period: 2 })],
          },
        ],
      });
    expect(run(8192, MAX).tasks[0]).toMatchObject({ completed: 4096, response_max: 1 });
    expect(() => run(8193, MAX)).toThrow(RunFailed);
    expect(() => run(8193, 4097)).toThrow("more than 4096 pending replenishments");
    expect(run(9001, 4096).tasks[0]).toMatchObject({ completed: 4501, response_max: 1 });
  });
});
