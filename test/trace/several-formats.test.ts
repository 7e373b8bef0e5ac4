// Perfetto, Grasp and ftrace of several CPUs, VCPUs, servers in servers, parts and chains: read back, each accounts for what the
// run's own events account for, and a recording is read by fit.

import { readFileSync } from "node:fs";
import { parse } from "lossless-json";
import { describe, expect, test } from "vitest";
import { readTrace } from "../../src/fit/read/read.js";
import type { Traced } from "../../src/trace/traced.js";
import { sampleOf } from "../support/runs.js";
import { readVectors } from "../support/simulate.js";
import { SeveralCounter } from "./several.js";
import { type Account, readFtrace, readGrasp, readPerfetto } from "./several-readers.js";
import { eventsOf, textOf, tracedOf } from "./support.js";

const VECTORS = sampleOf(
  sampleOf(readVectors(readFileSync(new URL("../vectors/simulation-3.jsonl", import.meta.url), "utf8"))),
);
const GOLDEN = readFileSync(new URL("golden/several-cpus.json", import.meta.url), "utf8");

interface Case {
  readonly id: string;
  readonly run: Traced;
  /** Whether a task has parts: a job that waits for its next one to open is not preempted, which no trace shows. */
  readonly hasParts: boolean;
}

const CASES: Case[] = [...VECTORS, { id: "golden", scenario: GOLDEN }].map(({ id, scenario }) => ({
  id,
  run: tracedOf(parse(scenario)),
  hasParts: scenario.includes('"parts"'),
}));

function accountOf({ run, hasParts }: Case): Account & { migrations: number[] } {
  const { cpus, servers, tasks } = new SeveralCounter(
    run,
    run.tasks.map(() => []),
  ).count(eventsOf(run));
  return {
    cpus: cpus.map(({ busy }) => busy),
    supplies: servers.map(({ supply }) => supply),
    preemptions: hasParts ? [] : tasks.map(({ preemptions }) => preemptions),
    completed: tasks.map(({ completed }) => completed),
    missed: tasks.map(({ missed }) => missed),
    migrations: servers.map(({ migrations }) => migrations),
  };
}

/** The nanoseconds in which a thread had a CPU, as a recording from a real machine would be read; 0 for one that never had. */
async function supplyOf(trace: string, pid: number): Promise<number> {
  if (!trace.includes(`next_pid=${pid} `)) return 0;
  async function* chunks() {
    yield trace;
  }
  const { windows } = (await readTrace(chunks(), "trace", { threads: [String(pid)] })).together;
  let sum = 0;
  for (let i = 0; i < windows.length; i++) sum += windows.ends[i] - windows.starts[i];
  return sum;
}

describe("the vectors of several CPUs, VCPUs, trees and chains", () => {
  test("are accounted for by perfetto", () => {
    for (const each of CASES) {
      const { migrations: _, ...expected } = accountOf(each);
      const found = readPerfetto(each.run, textOf(each.run, "perfetto"));
      expect([each.id, { ...found, preemptions: each.hasParts ? [] : found.preemptions }]).toStrictEqual([
        each.id,
        expected,
      ]);
    }
  });

  // The player knows a server by its budget, and lets it fall.
  test("are accounted for by grasp", () => {
    for (const each of CASES) {
      const { run, id, hasParts } = each;
      const { supplies, preemptions, completed, missed } = accountOf(each);
      const found = readGrasp(run, textOf(run, "grasp"));
      const isShown = run.servers.map(({ budget, isVague }) => budget !== null && !isVague);
      const shown = supplies.map((supply, server) => (isShown[server] ? supply : 0));
      expect([id, found.supplies, hasParts ? [] : found.preemptions, found.completed, found.missed]).toStrictEqual([
        ...[id, shown, preemptions, completed, missed],
      ]);
    }
  });

  test("are accounted for by the switches and migrations of ftrace", () => {
    for (const each of CASES) {
      const { cpus, supplies, migrations } = accountOf(each);
      const found = readFtrace(each.run, textOf(each.run, "ftrace"));
      expect([each.id, found]).toStrictEqual([each.id, { cpus, supplies, migrations }]);
    }
  });

  test("are recordings in which fit finds the supply of each server and VCPU", async () => {
    for (const each of sampleOf(CASES)) {
      const trace = textOf(each.run, "ftrace");
      const found: number[] = [];
      for (const server of each.run.servers.keys()) found.push((await supplyOf(trace, 1000 + server)) / 1000);
      expect([each.id, found]).toStrictEqual([each.id, accountOf(each).supplies]);
    }
  });

  test("begin where they are asked to", () => {
    const { run } = CASES.at(-1)!;
    const { cpus, supplies } = readFtrace(run, textOf(run, "ftrace", { from: 5, to: 12 }));
    expect([cpus, supplies]).toStrictEqual([
      [3, 7],
      [3, 0, 2, 2, 0, 5],
    ]);
    expect(textOf(run, "grasp", { from: 5, to: 12 })).toContain("plot 10 jobResumed t1.0 -processor cpu1");
  });

  test("show who migrates at the same instant", () => {
    const { run } = CASES.at(-1)!;
    const job = '"name":"t #0","pid":2,"tid":20000';
    const args = '"args":{"end":"migrated","vcpu":"v0"}';
    expect(textOf(run, "perfetto")).toContain(`{"ph":"X",${job},"ts":0,"dur":2,${args}}`);
    expect(textOf(run, "ftrace")).toContain("sched_migrate_task: comm=t pid=2000 prio=0 orig_cpu=2 dest_cpu=3");
    expect(textOf(run, "grasp")).toContain("plot 2 jobPreempted t0.0\nplot 2 serverResumed s1\nplot 2 jobResumed t0.0");
  });
});
