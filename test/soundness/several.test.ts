// What the analysis passes on several CPUs, no run may break: random systems of clusters, VMs and chains (analysis.md section 9).

import fc from "fast-check";
import { stringify } from "lossless-json";
import { describe, expect, test } from "vitest";
import { leastSupply, type Resource } from "../../src/analysis/global.js";
import { analyze } from "../../src/analysis/index.js";
import { GLOBAL_THEOREMS } from "../../src/analysis/theorems.js";
import { Kernel } from "../../src/kernel/kernel.js";
import { compileKernel } from "../../src/kernel/load.js";
import { simulate } from "../../src/kernel/simulate.js";
import { parseScenario } from "../../src/scenario/parse.js";
import { resolveScenario } from "../../src/scenario/resolve.js";
import { countedRunsOf } from "../support/runs.js";

const kernel = new Kernel(compileKernel());

type Json = Record<string, unknown>;

const period = fc.constantFrom(6, 8, 10, 12, 15, 20, 24, 30, 40);

const task = fc
  .record({
    period,
    share: fc.oneof({ weight: 19, arbitrary: fc.integer({ min: 3, max: 45 }) }, fc.constant(110)),
    late: fc.integer({ min: 60, max: 100 }),
    offset: fc.nat(12),
    best: fc.nat(2),
    sporadic: fc.constantFrom(0, 0, 3),
    on_miss: fc.constantFrom("continue", "abort", "skip"),
  })
  .map(({ period, share, late, offset, best, sporadic, on_miss }): Json => {
    const wcet = Math.max(1, Math.floor((period * share) / 100));
    const deadline = Math.max(wcet, Math.floor((period * late) / 100));
    return { period, wcet, deadline, offset, bcet: Math.max(1, wcet - best), period_max: period + sporadic, on_miss };
  });

/** Short against its period. */
const light = fc
  .record({ period: fc.constantFrom(15, 20, 24, 30, 40), wcet: fc.integer({ min: 1, max: 4 }), offset: fc.nat(9) })
  .map((each): Json => each);

function named(items: readonly Json[], letter: string): Json[] {
  return items.map((item, i) => ({ name: `${letter}${i}`, ...item }));
}

/** Servers on CPUs of their own; the last tasks of some follow tasks of others. */
const clusters = fc
  .record({
    scheduler: fc.constantFrom("fp", "edf"),
    seed: fc.nat(),
    servers: fc.array(
      fc.record({
        policy: fc.constantFrom("dedicated", "idling", "deferrable", "polling", "cbs", "sporadic"),
        period: fc.constantFrom(5, 6, 8, 10),
        share: fc.integer({ min: 30, max: 70 }),
        cpu: fc.nat(2),
        guest: fc.constantFrom("fp", "edf"),
        tasks: fc.array(task, { minLength: 1, maxLength: 2 }),
        follows: fc.option(fc.record({ server: fc.nat(3), delay: fc.nat(3), wcet: fc.integer({ min: 1, max: 2 }) })),
      }),
      { minLength: 2, maxLength: 4 },
    ),
  })
  .map(({ scheduler, seed, servers }): Json => {
    const all = servers.map(({ policy, period, share, cpu, guest, tasks, follows }, i): Json => {
      const budget = Math.max(1, Math.floor((period * share) / 100));
      const after = follows && { server: `s${follows.server % servers.length}`, task: "t0", delay: follows.delay };
      const last = after ? [{ name: "z", wcet: follows.wcet, deadline: 60, after }] : [];
      const own = policy === "dedicated" ? { policy } : { policy, period, budget };
      return {
        name: `s${i}`,
        ...own,
        scheduler: guest,
        affinity: [[0], [1], [2, 3]][cpu],
        tasks: [...named(tasks, "t"), ...last],
      };
    });
    return { horizon: 1200, seed, host: { scheduler, cpus: 4 }, servers: all };
  });

/** A VM with CPUs of its own, scheduled globally or in partitions. */
const vms = fc
  .record({
    cpus: fc.constantFrom(2, 3, 2, 3, 1),
    assignment: fc.constantFrom("global-blind", "global-aware", "partitioned"),
    scheduler: fc.constantFrom("fp", "edf"),
    priorities: fc.constantFrom("rm", "dm"),
    separation: fc.constantFrom("none", "us"),
    isPinned: fc.boolean(),
    seed: fc.nat(),
    tasks: fc.array(task, { minLength: 3, maxLength: 7 }),
  })
  .map(({ cpus, assignment, scheduler, priorities, separation, isPinned, seed, tasks }): Json => {
    const isPartitioned = assignment === "partitioned";
    const vm = {
      ...{ name: "vm", assignment, scheduler },
      ...(scheduler === "fp" ? { priorities } : {}),
      ...(isPartitioned ? {} : { separation }),
      vcpus: Array.from({ length: cpus }, (_, i) => ({
        ...{ name: `v${i}`, policy: "dedicated" },
        ...(isPinned ? { affinity: [i] } : {}),
      })),
      tasks: named(tasks, "t").map((each, i) => (isPartitioned ? { ...each, vcpu: `v${i % cpus}` } : each)),
    };
    return { horizon: 1200, seed, host: { cpus }, servers: [vm] };
  });

/** A VM of idling VCPUs of one period, which knows which of them run, beside servers on the same CPUs. */
const resources = fc
  .record({
    cpus: fc.integer({ min: 2, max: 3 }),
    scheduler: fc.constantFrom("fp", "edf"),
    separation: fc.constantFrom("none", "us"),
    period: fc.constantFrom(3, 4, 5, 6),
    shares: fc.array(fc.integer({ min: 40, max: 100 }), { minLength: 3, maxLength: 3 }),
    first: fc.boolean(),
    seed: fc.nat(),
    tasks: fc.array(light, { minLength: 2, maxLength: 5 }),
  })
  .map(({ cpus, scheduler, separation, period, shares, first, seed, tasks }): Json => {
    const vcpus = Array.from({ length: cpus }, (_, i) => {
      const budget = Math.max(1, Math.floor((period * shares[i]) / 100));
      return { name: `v${i}`, policy: "idling", period, budget, affinity: [i] };
    });
    const vm = { name: "vm", assignment: "global-aware", scheduler, separation, vcpus, tasks: named(tasks, "t") };
    const others = vcpus.map(({ budget }, i) => ({
      ...{
        name: `o${i}`,
        policy: "idling",
        period: 2 * period,
        budget: Math.max(1, 2 * (period - budget)),
        affinity: [i],
      },
      ...{ priority: first ? 1 : 99, tasks: [] },
    }));
    return { horizon: 1200, seed, host: { cpus }, servers: [...others, vm] };
  });

/** A global VM of VCPUs with budgets, and servers on the same CPUs, which it may keep from theirs. */
const neighbours = fc
  .record({
    scheduler: fc.constantFrom("fp", "edf"),
    assignment: fc.constantFrom("global-aware", "global-blind"),
    hostSwitch: fc.constantFrom(0, 0, 1),
    isBoosted: fc.constantFrom(false, false, true),
    seed: fc.nat(),
    vcpus: fc.array(
      fc.record({
        aware: fc.constantFrom("polling", "deferrable"),
        blind: fc.constantFrom("idling", "polling", "deferrable", "sporadic", "cbs", "cbs-soft", "dedicated"),
        period: fc.constantFrom(5, 6, 8, 10),
        share: fc.integer({ min: 20, max: 60 }),
      }),
      { minLength: 2, maxLength: 2 },
    ),
    tasks: fc.array(task, { minLength: 1, maxLength: 4 }),
    others: fc.array(
      fc.record({
        policy: fc.constantFrom("idling", "polling", "deferrable", "cbs"),
        period: fc.constantFrom(5, 10, 20),
        share: fc.integer({ min: 20, max: 60 }),
        cpu: fc.nat(1),
        priority: fc.integer({ min: 1, max: 4 }),
        tasks: fc.array(light, { minLength: 1, maxLength: 2 }),
      }),
      { minLength: 1, maxLength: 4 },
    ),
  })
  .map(({ scheduler, assignment, hostSwitch, isBoosted, seed, vcpus, tasks, others }): Json => {
    const reservation = (policy: string, period: number, share: number) =>
      policy === "dedicated" ? { policy } : { policy, period, budget: Math.max(1, Math.floor((period * share) / 100)) };
    const boost = isBoosted && assignment === "global-blind" ? { host_priority: 1 } : {};
    const vm = {
      ...{ name: "vm", assignment, tasks: named(tasks, "t").map((each) => ({ ...each, ...boost })) },
      vcpus: vcpus.map(({ aware, blind, period, share }, i) => ({
        ...{ name: `v${i}`, affinity: [i], priority: 2 },
        ...reservation(assignment === "global-aware" ? aware : blind, period, share),
      })),
    };
    const servers = others.map(({ policy, period, share, cpu, priority, tasks }, i) => ({
      ...{ name: `o${i}`, affinity: [cpu], priority, tasks: named(tasks, "t") },
      ...reservation(policy, period, share),
    }));
    return { horizon: 1200, seed, host: { scheduler, cpus: 2, host_switch: hostSwitch }, servers: [vm, ...servers] };
  });

interface Tally {
  resource: number;
  proved: number;
  bounds: number;
  global: number;
  chained: number;
}

/** What a run does that the analysis excludes. */
function violations(json: Json, tally: Tally): string[] {
  const scenario = parseScenario(stringify(json)!);
  const { tasks } = analyze(resolveScenario(scenario), { details: false });
  const result = simulate(kernel, scenario);
  return tasks.flatMap(({ server, name, schedulable, response_bound: bound, theorem }, number) => {
    const { missed, skipped, response_max } = result.tasks[number];
    expect([result.tasks[number].server, result.tasks[number].name]).toStrictEqual([server, name]);
    if (schedulable !== true) return [];
    tally.proved++;
    if (name === "z") tally.chained++;
    if (theorem === GLOBAL_THEOREMS.resource) tally.resource++;
    if ((Object.values(GLOBAL_THEOREMS) as string[]).includes(theorem)) tally.global++;
    if (bound !== null) tally.bounds++;
    const isLate = bound !== null && response_max !== null && response_max > bound;
    return [
      ...(missed + skipped > 0 ? [`${server}/${name} misses ${missed}, skips ${skipped}`] : []),
      ...(isLate ? [`${server}/${name} responds within ${response_max}, beyond its bound ${bound}`] : []),
    ];
  });
}

test.each([
  ["servers on CPUs of their own, and chains", clusters, "chained"],
  ["VMs on CPUs of their own", vms, "global"],
  ["VMs on budgets that come together", resources, "resource"],
  ["servers beside global VMs", neighbours, "bounds"],
] as const)("%s keep what was proved", (_what, systems, kind) => {
  const tally: Tally = { resource: 0, proved: 0, bounds: 0, global: 0, chained: 0 };
  const runs = countedRunsOf(300);
  fc.assert(
    fc.property(systems, (json) => {
      expect(violations(json, tally)).toStrictEqual([]);
    }),
    { numRuns: runs },
  );
  expect(tally.proved).toBeGreaterThan(runs / 10);
  expect(tally.bounds).toBeGreaterThan(runs / 10);
  expect(tally[kind]).toBeGreaterThan(runs / 10);
});

describe("a VCPU of a global VM takes what its budget and its priority do not bound", () => {
  const vcpu = (number: number, policy: string, own: Json = {}) => ({
    ...{ name: `v${number}`, policy, period: 10, budget: 5, affinity: [number] },
    ...own,
  });
  const half = { policy: "idling", period: 10, budget: 5 };
  const before = { ...half, name: "h", period: 40, affinity: [0], offset: 20, tasks: [] };

  test.each<[string, Json, Json, Json]>([
    [
      "a polling one that was passed over takes two budgets back to back",
      {},
      { assignment: "global-aware", tasks: [{ name: "long", period: 200, wcet: 100, offset: 10 }] },
      { ...half, offset: 5, tasks: [{ name: "t", period: 200, wcet: 5, offset: 10, deadline: 15 }] },
    ],
    [
      "a deferrable one comes back with each job, and each costs a switch",
      { host_switch: 1 },
      {
        assignment: "global-blind",
        vcpus: [0, 1].map((i) => vcpu(i, "deferrable", { period: 40, budget: 10 })),
        tasks: ["a", "b"].map((name) => ({ name, period: 8, wcet: 1 })),
      },
      { policy: "dedicated", tasks: [{ name: "t", period: 400, wcet: 100, deadline: 158 }] },
    ],
    [
      "one with a boosted handler goes before others",
      {},
      {
        assignment: "global-blind",
        vcpus: [0, 1].map((i) => vcpu(i, "idling", { period: 40, budget: 20, priority: 9 })),
        tasks: ["a", "b"].map((name) => ({ name, period: 40, wcet: 20, host_priority: 1 })),
      },
      { ...half, priority: 2, tasks: [{ name: "t", period: 40, wcet: 5, deadline: 15 }] },
    ],
    [
      "one that refills at once takes all",
      {},
      {
        assignment: "global-blind",
        vcpus: [vcpu(0, "cbs-soft"), vcpu(1, "cbs-soft")],
        tasks: ["a", "b"].map((name) => ({ name, period: 20, wcet: 20 })),
      },
      { ...half, tasks: [{ name: "t", period: 40, wcet: 5 }] },
    ],
  ])("%s", (_what, host, vm, server) => {
    const polling = [vcpu(0, "polling"), vcpu(1, "polling")];
    const servers = [before, { name: "vm", vcpus: polling, ...vm }, { name: "o", affinity: [1], ...server }];
    const scenario = parseScenario(stringify({ horizon: 400, host: { cpus: 2, ...host }, servers })!);
    const { tasks } = analyze(resolveScenario(scenario));
    expect(tasks.at(-1)).toMatchObject({ name: "t", schedulable: "unknown", response_bound: null });
    expect(simulate(kernel, scenario).tasks.at(-1)!.missed).toBeGreaterThan(0);
  });
});

test("on one VCPU a task that needs more than its period goes before all others, if heavy tasks do", () => {
  const tasks = [
    { name: "urgent", period: 5, wcet: 1 },
    { name: "heavy", period: 10, wcet: 11, deadline: 11 },
    { name: "first", period: 20, wcet: 21, deadline: 21 },
  ];
  const vm = { name: "vm", assignment: "global-blind", separation: "us", vcpus: [{ name: "v", policy: "dedicated" }] };
  const verdicts = (...order: number[]) => {
    const json = { horizon: 1200, servers: [{ ...vm, tasks: order.map((number) => tasks[number]) }] };
    return analyze(resolveScenario(parseScenario(stringify(json)!))).tasks.map(({ schedulable }) => schedulable);
  };
  expect(verdicts(0)).toStrictEqual([true]);
  expect(verdicts(0, 1)).toStrictEqual([false, false]);
  expect(verdicts(1, 2, 0)).toStrictEqual([false, false, false]);
});

test("the supply of a resource is the least of all that its periods can give", () => {
  for (const [period, budget, cpus] of [
    [5, 7, 2],
    [4, 4, 3],
    [6, 10, 2],
    [3, 7, 3],
    [5, 5, 1],
  ]) {
    const resource = { period, budget, cpus };
    for (let length = 0; length <= 4 * period; length++)
      expect(leastSupply(resource, length), JSON.stringify({ ...resource, length })).toBe(
        slowestSupply(resource, length),
      );
  }
});

/** Tries every start in a period whose budget is given first, before periods whose budgets are given last. */
function slowestSupply({ period, budget, cpus }: Resource, length: number): number {
  const early = Array.from({ length: period }, (_, tick) => Math.max(0, Math.min(cpus, budget - tick * cpus)));
  const ticks = [...early, ...Array.from({ length: 6 }, () => early.toReversed()).flat()];
  const starts = Array.from({ length: period + 1 }, (_, start) => ticks.slice(start, start + length));
  return Math.min(...starts.map((given) => given.reduce((sum, each) => sum + each, 0)));
}
