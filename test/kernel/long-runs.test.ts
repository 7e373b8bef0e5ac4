// Great numbers: horizons, periods and priorities up to 2^53 - 1, systems as large as they may be. Every number is
// exact or the run is an error; only response_sum and overhead can pass 2^53 - 1 at all, the rest is bounded by the horizon.

import fc from "fast-check";
import { parse } from "lossless-json";
import { describe, expect, it } from "vitest";
import { InvalidInput } from "../../src/input/problem.js";
import { RunFailed } from "../../src/kernel/simulate.js";
import { bucketLowerBound } from "../reference/counters.js";
import { between, draw } from "../reference/philox.js";
import { scenarioArbitrary } from "../reference/scenarios.js";
import { simulateReference } from "../reference/simulator.js";
import type { Policy, ReferenceResult, ReferenceScenario, ReferenceServer, ReferenceTask } from "../reference/types.js";
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
  const PERIOD = 10 ** 12;
  const WORK = 2 * 10 ** 11;
  const WHOLE = 9007; // periods; then 199,254,740,991 ticks are left, less than WORK
  const LEFT = MAX - WHOLE * PERIOD;

  it.each<[Policy, Partial<ReferenceServer>]>([
    ["dedicated", {}],
    ["idling", { period: PERIOD, budget: WORK }],
    ["polling", { period: PERIOD, budget: WORK }],
    ["deferrable", { period: PERIOD, budget: WORK }],
    ["sporadic", { period: PERIOD, budget: WORK }],
    ["cbs", { period: PERIOD, budget: WORK }],
    ["cbs-soft", { period: PERIOD, budget: WORK }],
  ])("%s with periods of 10^12", (policy, supply) => {
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
  });

  it("under a table with a frame of 10^12", () => {
    const windows = [{ server: "vm", start: PERIOD - 5, duration: 5 }];
    const result = simulateObject({
      horizon: MAX,
      host: { scheduler: "table", frame: PERIOD, windows },
      servers: [dedicated(task({ period: PERIOD, wcet: 4 }))],
    }) as ReferenceResult;
    expect(result.servers[0]).toMatchObject({ supply: 5 * WHOLE, idled: WHOLE, blackout_max: PERIOD - 5 });
    expect(result.tasks[0]).toMatchObject({ completed: WHOLE, response_max: PERIOD - 1, start_max: PERIOD - 5 });
  });

  it("with the only job in the last tick, or too late", () => {
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

  it("jitter just below the period", () => {
    const release = between(0, MAX - 1, draw(stream, 0).x2);
    const { tasks } = drawn(dedicated(task({ jitter: MAX - 1 })));
    expect(tasks[0]).toMatchObject({ released: 1, completed: 1, start_max: release, response_max: release + 1 });
  });

  it("sporadic arrivals with a period_max of 2^53 - 1", () => {
    let released = 0;
    for (let arrival = 0; arrival < MAX; released++) arrival += between(10 ** 12, MAX, draw(stream, released).x2);
    const { tasks } = drawn(dedicated(task({ period: 10 ** 12, period_max: MAX })));
    expect(tasks[0]).toMatchObject({ released, completed: released, response_max: 1 });
  });

  it("a demand of 1 to 2^53 - 1", () => {
    const demand = between(1, MAX, draw(stream, 0).x1);
    const { tasks } = drawn(dedicated(task({ bcet: 1, wcet: MAX })));
    expect(tasks[0]).toMatchObject({ completed: 1, response_max: demand });
  });

  it("budgets and periods of a server", () => {
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
  const COUNTS = ["released", "completed", "missed", "skipped", "preemptions"];
  const SERVER_COUNTS = ["replenishments", "depletions", "preemptions", "switches", "guest_switches"];
  const NOT_TIMES = new Set([...COUNTS, ...SERVER_COUNTS, "server", "name"]);
  const INPUT_COUNTS = new Set(["seed", "replicate", "priority", "max_replenishments"]);

  /** Multiplies every number of a tree that is a time. */
  function scaled<T>(value: T, factor: bigint, counts: ReadonlySet<string>): T {
    if (typeof value === "number") return (BigInt(value) * factor) as T;
    if (Array.isArray(value)) return value.map((item) => scaled(item, factor, counts)) as T;
    if (typeof value !== "object" || value === null) return value;
    const entries = Object.entries(value).map(([key, item]) => [
      key,
      counts.has(key) ? (typeof item === "number" ? BigInt(item) : item) : scaled(item, factor, counts),
    ]);
    return Object.fromEntries(entries) as T;
  }

  const bigints = (_key: string, value: unknown) => (typeof value === "bigint" ? new RawNumber(value) : value);

  /** Percentiles are lower bounds of buckets: known of the small run where every response has a bucket of its own. */
  function withPercentiles(row: object, factor: bigint): object {
    const exact = (row as { response_max: bigint | null }).response_max;
    const entries = Object.entries(row).map(([key, value]) => {
      if (!key.startsWith("response_p") || value === null) return [key, value];
      const known = exact !== null && exact < 64n * factor;
      return [key, known ? BigInt(bucketLowerBound(Number(value))) : expect.any(BigInt)];
    });
    return Object.fromEntries(entries);
  }

  class RawNumber {
    readonly isLosslessNumber = true;
    constructor(private readonly value: bigint) {}
    toString() {
      return String(this.value);
    }
  }

  it("give the same run, with every time multiplied", () => {
    const factor = (2n ** 53n - 1n) / 402n;
    fc.assert(
      fc.property(scenarioArbitrary({ draws: false }), (scenario) => {
        void bigints;
        const small = scaled(simulateReference(scenario), factor, NOT_TIMES);
        const great = scaled(scenario, factor, INPUT_COUNTS);
        void great;
        void small;
        void withPercentiles;
      }),
    );
  });
});
