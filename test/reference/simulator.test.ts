// The reference simulator is right by itself: it draws what Random123 draws, and passes a few cases worked out by hand.
// The random scenarios of version 1 are valid and reach every rule. vectors.test.ts holds it against the vectors.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { runsOf } from "../support/runs.js";
import { bucketLowerBound, percentile } from "./counters.js";
import { between, type Counter, draw, type Key, philox4x32 } from "./philox.js";
import { scenarioArbitrary } from "./scenarios.js";
import { simulateReference } from "./simulator.js";
import type { Policy, RecordedWindow, ReferenceScenario, ReferenceServer } from "./types.js";

describe("philox4x32", () => {
  /** Reads eight-digit hexadecimal words. */
  const words = (text: string): bigint[] => text.split(" ").map((word) => BigInt(`0x${word}`));

  // Random123's kat_vectors: counter, key, output.
  test.each([
    ["00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"],
    ["ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"],
    ["243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"],
  ])("gives the known answer for counter %s", (counter, key, output) => {
    expect(philox4x32(words(counter) as unknown as Counter, words(key) as unknown as Key)).toEqual(words(output));
  });

  test("is addressed by number, entity, replicate and seed, low words first", () => {
    const stream = { seed: 0x299f31d0_a4093822n, entity: 0x13198a2e, replicate: 0x03707344 };
    const [w0, w1, w2, w3] = philox4x32([7n, 0n, 0x13198a2en, 0x03707344n], [0xa4093822n, 0x299f31d0n]);
    expect(draw(stream, 7)).toEqual({ x1: (w1 << 32n) | w0, x2: (w3 << 32n) | w2 });
    const [high0] = philox4x32([5n, 1n, 0x13198a2en, 0x03707344n], [0xa4093822n, 0x299f31d0n]);
    expect(draw(stream, 2 ** 32 + 5).x1 & 0xffffffffn).toBe(high0);
  });

  test("reaches both ends of a range", () => {
    expect([0n, 3n, 4n, 2n ** 64n - 1n].map((x) => between(2, 5, x))).toEqual([2, 5, 2, 5]);
    expect(between(4, 4, 12345n)).toBe(4);
  });
});

describe("percentiles", () => {
  test.each([
    [0, 0],
    [63, 63],
    [64, 64],
    [65, 64],
    [113, 112],
    [127, 126],
    [128, 128],
    [1000, 992],
    [2 ** 53 - 1, 63 * 2 ** 47],
  ])("%i is counted in the bucket from %i on", (value, bound) => {
    expect(bucketLowerBound(value)).toBe(bound);
  });

  test("are the bucket at which the cumulative count reaches ceil(p * n)", () => {
    const responses = [9, 1, 3, 2, 4, 8, 5, 7, 6, 100];
    expect([500, 900, 990, 999].map((p) => percentile(responses, p))).toEqual([5, 9, 100, 100]);
    expect(percentile([], 500)).toBeNull();
  });
});

/** One server of period 5 and budget 2, alone, and in it one job of 3 ticks that arrives at 1. */
function singleJob(policy: Policy): ReferenceScenario {
  const tasks = [{ name: "t", period: 1000, wcet: 3, offset: 1 }];
  return { horizon: 30, servers: [{ name: "s", policy, period: 5, budget: 2, tasks }] };
}

describe("a job of 3 ticks that arrives at 1, in a server of period 5 and budget 2", () => {
  test.each<[Policy, number]>([
    ["polling", 11],
    ["idling", 7],
    ["deferrable", 6],
    ["sporadic", 7],
    ["cbs", 7],
    ["cbs-soft", 4],
  ])("completes under %s at %i", (policy, completion) => {
    const [task] = simulateReference(singleJob(policy)).tasks;
    expect(task).toMatchObject({ released: 1, completed: 1, response_max: completion - 1 });
  });

  test("completes without a server's budget as soon as its work is done", () => {
    const { period: _, budget: __, ...server } = singleJob("dedicated").servers[0]!;
    expect(simulateReference({ horizon: 30, servers: [server] }).tasks[0]?.response_max).toBe(3);
  });
});

describe("cases worked out by hand", () => {
  test("a deferrable server runs back to back, twice its budget", () => {
    const tasks = [{ name: "t", period: 1000, wcet: 4, offset: 3 }];
    const late = [{ name: "low", period: 1000, wcet: 1, offset: 3 }];
    const { tasks: counters } = simulateReference({
      horizon: 20,
      servers: [
        { name: "high", policy: "deferrable", period: 5, budget: 2, tasks },
        { name: "low", policy: "dedicated", tasks: late },
      ],
    });
    expect(counters.map((task) => task.start_max)).toEqual([0, 4]);
    expect(counters.map((task) => task.response_max)).toEqual([4, 5]);
  });

  test.each([
    [5, 1], // 2 / (10 - 5) is not above 4 / 10: budget 2 and deadline 10 are kept
    [6, 2], // 2 / (10 - 6) is: a fresh budget
  ])("a constant bandwidth server that wakes again at %i has been replenished %i times by then", (arrival, count) => {
    const first = { name: "first", period: 1000, wcet: 2 };
    const second = { name: "second", period: 1000, wcet: 1, offset: arrival };
    const { servers } = simulateReference({
      horizon: arrival + 1,
      servers: [{ name: "s", policy: "cbs", period: 10, budget: 4, tasks: [first, second] }],
    });
    expect(servers[0]).toMatchObject({ replenishments: count, depletions: 0, supply: 3 });
  });

  test("a sporadic server gets back every piece one period after its own time", () => {
    const tasks = [
      { name: "a", period: 1000, wcet: 1 },
      { name: "b", period: 1000, wcet: 3, offset: 2 },
    ];
    // [0, 1) returns at 5; [2, 3) empties the head that was woken at 2, so it returns at 7; b needs both of them.
    const { servers, tasks: counters } = simulateReference({
      horizon: 20,
      servers: [{ name: "s", policy: "sporadic", period: 5, budget: 2, tasks }],
    });
    expect(counters[1]?.response_max).toBe(8 - 2);
    expect(servers[0]).toMatchObject({ supply: 4, depletions: 3, replenishments: 4 });
  });

  test("switch costs are work of the job picked, once a switch", () => {
    const tasks = [{ name: "t", period: 10, wcet: 2 }];
    const { host, tasks: counters } = simulateReference({
      horizon: 20,
      host: { host_switch: 1, guest_switch: 3 },
      servers: [{ name: "s", policy: "dedicated", tasks }],
    });
    expect(host).toEqual({ busy: 11, idle: 9, switches: 1, overhead: 7, end: 20 }); // the server switches once only
    expect(counters[0]).toMatchObject({ response_max: 6, response_min: 5 });
  });

  test.each([
    ["continue", { completed: 2, missed: 3, skipped: 0 }],
    ["abort", { completed: 0, missed: 3, skipped: 0 }],
    ["skip", { completed: 1, missed: 3, skipped: 1 }],
  ] as const)("jobs too long for their deadline, on_miss %s", (onMiss, expected) => {
    // Released at 0, 4, 8 (and, at the horizon 12, not any more); each needs 5 ticks and has 4.
    const tasks = [{ name: "t", period: 4, wcet: 5, on_miss: onMiss }];
    const { tasks: counters } = simulateReference({
      horizon: 12,
      servers: [{ name: "s", policy: "dedicated", tasks }],
    });
    expect(counters[0]).toMatchObject({ released: 3, ...expected });
  });

  test.each([
    ["continue", 19], // jobs 0, 1 and 2 complete at 5, 10 and 15 with deadlines 7, 11 and 15; job 3 is late at 19
    ["abort", 19],
    ["skip", 4], // job 1 is dropped at its release, which counts as a miss
  ] as const)("first-miss ends a run under %s at %i", (onMiss, end) => {
    const tasks = [{ name: "t", period: 4, wcet: 5, deadline: 7, on_miss: onMiss }];
    const servers: ReferenceServer[] = [{ name: "s", policy: "dedicated", tasks }];
    const { host, tasks: counters } = simulateReference({ horizon: 30, stop: "first-miss", servers });
    expect([host.end, counters[0]?.missed]).toEqual([end, 1]);
  });
});

describe("random scenarios", () => {
  const everything = () => fc.sample(scenarioArbitrary(), { numRuns: runsOf(2000), seed: 1 });

  test("obey every rule of semantics.md section 2", () => {
    for (const scenario of everything()) expect(problems(scenario), JSON.stringify(scenario.servers)).toEqual([]);
  });

  test("reach every policy, host, guest and way of missing, and every counter", () => {
    const seen = new Map<string, number>();
    const count = (label: string) => seen.set(label, (seen.get(label) ?? 0) + 1);
    for (const scenario of everything()) {
      for (const label of features(scenario)) count(label);
      const result = simulateReference(scenario);
      for (const row of [result.host, ...result.servers, ...result.tasks]) {
        for (const [counter, value] of Object.entries(row)) if (typeof value === "number" && value > 0) count(counter);
      }
    }
    const rare = EXPECTED_FEATURES.filter((label) => (seen.get(label) ?? 0) < runsOf(50));
    expect(rare).toEqual([]);
  });

  test("keep to the options", () => {
    const options = {
      policies: ["sporadic", "cbs"],
      hosts: ["edf", "table"],
      guests: ["fifo"],
      onMiss: ["skip"],
      stops: ["first-miss"],
      draws: false,
      switchCosts: false,
      horizonMax: 50,
    } as const;
    const chosen = ["policy sporadic", "policy cbs", "host edf", "guest fifo", "on_miss skip", "stop first-miss"];
    const allowed = [...chosen, "long deadline", "no task"];
    for (const scenario of fc.sample(scenarioArbitrary(options), { numRuns: 300, seed: 2 })) {
      expect(scenario.horizon).toBeLessThanOrEqual(50);
      expect(features(scenario).filter((label) => !allowed.includes(label))).toEqual([]);
    }
    expect(() => scenarioArbitrary({ policies: ["cbs"], hosts: ["table"] })).toThrow("needs the policy dedicated");
  });

  test("have counters that add up", () => {
    fc.assert(
      fc.property(scenarioArbitrary(), (scenario) => {
        const { host, servers, tasks } = simulateReference(scenario);
        expect(host.busy + host.idle).toBe(host.end);
        expect(host.end).toBeLessThanOrEqual(scenario.horizon);
        for (const server of servers) expect(server.supply + server.blackout_max).toBeLessThanOrEqual(host.end);
        for (const task of tasks) {
          expect(task.completed + task.skipped).toBeLessThanOrEqual(task.released);
          expect(task.skipped).toBeLessThanOrEqual(task.missed);
        }
      }),
      { numRuns: 300, seed: 3 },
    );
  });
});

const EXPECTED_FEATURES = [
  ...["dedicated", "idling", "polling", "deferrable", "sporadic", "cbs", "cbs-soft"].map((name) => `policy ${name}`),
  ...["policy left out", "host left out", "host fp", "host edf", "host table", "stop horizon", "stop first-miss"],
  ...["rm", "dm", "explicit", "edf", "fifo"].map((name) => `guest ${name}`),
  ...["continue", "abort", "skip"].map((name) => `on_miss ${name}`),
  ...["jitter", "sporadic arrivals", "bcet", "period_max", "budget_min", "long deadline", "no task"],
  ...["busy", "idle", "switches", "overhead", "supply", "idled", "replenishments", "depletions", "preemptions"],
  ...["guest_switches", "blackout_max", "released", "completed", "missed", "skipped", "response_p999", "start_max"],
  ...["gap_max", "tardiness_max"],
];

/** What occurs in a scenario, by name; what is at its default only where it may be chosen. */
function features(scenario: ReferenceScenario): string[] {
  const names = [`stop ${scenario.stop ?? "horizon"}`];
  names.push(scenario.host === undefined ? "host left out" : `host ${scenario.host.scheduler ?? "fp"}`);
  for (const server of scenario.servers) {
    names.push(`policy ${server.policy ?? "left out"}`);
    const fp = server.scheduler === undefined || server.scheduler === "fp";
    names.push(`guest ${fp ? (server.priorities ?? "rm") : server.scheduler}`);
    if (server.period_max !== undefined && server.period_max > server.period!) names.push("period_max");
    if (server.budget_min !== undefined && server.budget_min < server.budget!) names.push("budget_min");
    if (server.tasks.length === 0) names.push("no task");
    for (const task of server.tasks) {
      names.push(`on_miss ${task.on_miss ?? "continue"}`);
      if ((task.jitter ?? 0) > 0) names.push("jitter");
      if ((task.period_max ?? 0) > task.period) names.push("sporadic arrivals");
      if ((task.bcet ?? task.wcet) < task.wcet) names.push("bcet");
      if ((task.deadline ?? 0) > task.period) names.push("long deadline");
    }
  }
  return names;
}

/** The rules of semantics.md section 2 that a scenario breaks, in words. */
function problems(scenario: ReferenceScenario): string[] {
  const host = scenario.host ?? {};
  const table = host.scheduler === "table";
  const found = scenario.servers.flatMap((server) => [...serverProblems(server, table), ...taskProblems(server)]);
  const names = scenario.servers.map((server) => server.name);
  if (new Set(names).size !== names.length || names.length === 0) found.push("server names");
  if (!table && (host.frame !== undefined || host.windows !== undefined)) found.push("windows without a table");
  if (table) {
    const windows = [...host.windows!].sort((a, b) => a.start - b.start);
    const starts = [...windows.slice(1).map((window) => window.start), host.frame!];
    if (windows.some((window, i) => window.start < 0 || window.start + window.duration > starts[i]!))
      found.push("overlap");
    if (windows.some((window) => window.duration < 1 || !names.includes(window.server))) found.push("window");
  }
  return found;
}

const USED_FIELDS: Record<Policy, readonly string[]> = {
  dedicated: [],
  idling: ["period", "budget", "offset", "period_max", "budget_min"],
  polling: ["period", "budget", "offset", "period_max", "budget_min"],
  deferrable: ["period", "budget", "offset", "period_max", "budget_min"],
  sporadic: ["period", "budget", "offset", "max_replenishments"],
  cbs: ["period", "budget"],
  "cbs-soft": ["period", "budget"],
  recorded: ["windows"],
};

function serverProblems(server: ReferenceServer, table: boolean): string[] {
  const found: string[] = [];
  const policy = server.policy ?? "dedicated";
  const allowed = ["name", "policy", "priority", "scheduler", "priorities", "tasks", ...USED_FIELDS[policy]];
  if (Object.keys(server).some((field) => !allowed.includes(field))) found.push("unused server field");
  if (table ? policy !== "dedicated" : server.policy === undefined) found.push("policy");
  const { period = 1, budget = 1 } = server;
  const isBudgeted = policy !== "dedicated" && policy !== "recorded";
  if (isBudgeted && (server.period === undefined || server.budget === undefined)) found.push("no budget");
  if (period < 1 || budget < 1 || budget > period || (server.period_max ?? period) < period) found.push("period");
  if ((server.budget_min ?? 1) < 1 || (server.budget_min ?? 1) > budget) found.push("budget_min");
  if ((server.max_replenishments ?? 2) < 2 || (server.priority ?? 1) < 1) found.push("max_replenishments or priority");
  if (policy === "recorded") found.push(...recordingProblems(server.windows ?? []));
  if (server.priorities !== undefined && (server.scheduler ?? "fp") !== "fp") found.push("priorities");
  return found;
}

function recordingProblems(windows: readonly RecordedWindow[]): string[] {
  const ends = [0, ...windows.map(({ start, duration }) => start + duration)];
  const isOrdered = windows.every(({ start, duration }, i) => start >= ends[i]! && duration > 0);
  return isOrdered && windows.length > 0 ? [] : ["recorded windows"];
}

function taskProblems(server: ReferenceServer): string[] {
  const names = server.tasks.map((task) => task.name);
  const found = new Set(names).size === names.length ? [] : ["task names"];
  for (const task of server.tasks) {
    const { period, wcet, deadline = period, offset = 0, bcet = wcet, jitter = 0, period_max = period } = task;
    if (period < 1 || wcet < 1 || deadline < 1 || offset < 0 || period_max < period) found.push("times");
    if (bcet < 1 || bcet > wcet) found.push("bcet");
    if (jitter < 0 || jitter > period || jitter >= deadline || (period_max > period && jitter > 0))
      found.push("jitter");
    if ((task.priority !== undefined) !== (server.priorities === "explicit")) found.push("priority");
  }
  return found;
}
