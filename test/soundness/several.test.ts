// What the analysis passes on several CPUs, no run may break: random systems of clusters, VMs and chains (analysis.md section 9).

import fc from "fast-check";
import { stringify } from "lossless-json";
import { expect, test } from "vitest";
import { analyze } from "../../src/analysis/index.js";
import { GLOBAL_THEOREMS } from "../../src/analysis/theorems.js";
import { Kernel } from "../../src/kernel/kernel.js";
import { compileKernel } from "../../src/kernel/load.js";
import { simulate } from "../../src/kernel/simulate.js";
import { parseScenario } from "../../src/scenario/parse.js";
import { resolveScenario } from "../../src/scenario/resolve.js";
import { runsOf } from "../support/runs.js";

const kernel = new Kernel(compileKernel());

type Json = Record<string, unknown>;

const period = fc.constantFrom(6, 8, 10, 12, 15, 20, 24, 30, 40);

const task = fc
  .record({
    period,
    share: fc.integer({ min: 3, max: 45 }),
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
    cpus: fc.integer({ min: 2, max: 3 }),
    assignment: fc.constantFrom("global-blind", "global-aware", "partitioned"),
    scheduler: fc.constantFrom("fp", "edf"),
    priorities: fc.constantFrom("rm", "dm"),
    separation: fc.constantFrom("none", "us"),
    seed: fc.nat(),
    tasks: fc.array(task, { minLength: 3, maxLength: 7 }),
  })
  .map(({ cpus, assignment, scheduler, priorities, separation, seed, tasks }): Json => {
    const isPartitioned = assignment === "partitioned";
    const vm = {
      ...{ name: "vm", assignment, scheduler },
      ...(scheduler === "fp" ? { priorities } : {}),
      ...(isPartitioned ? {} : { separation }),
      vcpus: Array.from({ length: cpus }, (_, i) => ({ name: `v${i}`, policy: "dedicated", affinity: [i] })),
      tasks: named(tasks, "t").map((each, i) => (isPartitioned ? { ...each, vcpu: `v${i % cpus}` } : each)),
    };
    return { horizon: 1200, seed, host: { cpus }, servers: [vm] };
  });

interface Tally {
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
] as const)("%s keep what was proved", (_what, systems, kind) => {
  const tally: Tally = { proved: 0, bounds: 0, global: 0, chained: 0 };
  const runs = runsOf(300);
  fc.assert(
    fc.property(systems, (json) => {
      expect(violations(json, tally)).toStrictEqual([]);
    }),
    { numRuns: runs },
  );
  expect(tally.proved).toBeGreaterThan(runs / 2);
  expect(tally.bounds).toBeGreaterThan(runs / 4);
  expect(tally[kind]).toBeGreaterThan(runs / 10);
});
