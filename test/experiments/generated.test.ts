// The ready experiments in sweeps/, at small size: what their first lines tell to expect.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { compileKernel, Kernel, openSweep } from "replenish";
import { describe, expect, test } from "vitest";
import * as abi from "../../assembly/abi.js";
import { openCursor } from "../../src/grid/cells.js";
import { type Result, simulate } from "../../src/kernel/simulate.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const kernel = new Kernel(compileKernel());
const drawing = new Kernel(compileKernel());

interface Run {
  readonly axes: Readonly<Record<string, string>>;
  readonly replicate: number;
  readonly result: Result;
  /** Periods of the tasks, in steps. */
  readonly periods: readonly number[];
}

/** Every run of a sweep. @param overrides as of `--set` */
function runs(name: string, overrides: readonly string[]): Run[] {
  const file = join(root, `sweeps/${name}.yaml`);
  const { sweep, plan } = openSweep(readFileSync(file, "utf8"), file, overrides);
  const cursor = openCursor(sweep, plan, drawing);
  const found: Run[] = [];
  while (cursor.next()) {
    const axes = Object.fromEntries(sweep.axes.map((axis, i) => [axis.name, cursor.axisText(i)]));
    for (let replicate = 0; replicate < plan.replicates; replicate++) {
      cursor.replicate(replicate);
      const { flat, names } = cursor.scenario;
      const first = abi.IN_HEADER_SIZE + names.length * abi.IN_SERVER_SIZE + abi.IN_TASK_PERIOD;
      const tasks = names.reduce((sum, server) => sum + server.tasks.length, 0);
      const periods = Array.from({ length: tasks }, (_, task) => flat[first + task * abi.IN_TASK_SIZE]);
      found.push({ axes, replicate, periods, result: simulate(kernel, { flat, names }) });
    }
  }
  return found;
}

function missed({ result }: Run): number {
  return result.tasks.reduce((sum, task) => sum + Number(task.missed), 0);
}

/** Misses of one cell in all of its replicates. */
function missedAt(name: string, ...values: readonly string[]): number {
  return runs(name, values).reduce((sum, run) => sum + missed(run), 0);
}

test("acceptance: what a polling server schedules, an idling one does, and what that does, a deferrable one", () => {
  const all = runs("acceptance", ["U=0.3,0.4,0.45", "replicates=40"]);
  const accepted = (policy: string) =>
    new Set(
      all
        .filter((run) => run.axes.policy === policy && missed(run) === 0)
        .map(({ axes: { U }, replicate }) => `${U} ${replicate}`),
    );
  const [deferrable, idling, polling] = ["deferrable", "idling", "polling"].map(accepted);
  expect([...polling].filter((set) => !idling.has(set))).toEqual([]);
  expect([...idling].filter((set) => !deferrable.has(set))).toEqual([]);
  expect(deferrable.size).toBeGreaterThan(idling.size);
  expect(idling.size).toBeGreaterThan(polling.size);
  for (const policy of ["sporadic", "cbs"]) expect(accepted(policy).size).toBeGreaterThan(idling.size);
});

test("automotive: short periods are enough to 0.65; polling fails the sets that have a task of 1 ms", () => {
  for (const run of runs("automotive", ["P=0.5ms", "U=0.65", "replicates=20"])) expect(missed(run)).toBe(0);
  for (const run of runs("automotive", ["P=2ms", "U=0.4", "replicates=30"])) {
    const isShort = run.periods.includes(1000);
    expect(missed(run) > 0).toBe(run.axes.policy === "polling" && isShort);
  }
});

test("back-to-back: two budgets in a row make the victim late, and only a deferrable server spends them so", () => {
  const victims = runs("back-to-back", []).map(({ axes, result }) => [axes.policy, Number(result.tasks[1].missed)]);
  expect(victims).toEqual([
    ["deferrable", 10],
    ["sporadic", 0],
    ["polling", 0],
  ]);
});

test("ip-telephony: a reservation shields the stream from its neighbours, and its period decides how smooth it is", () => {
  const all = runs("ip-telephony", ["horizon=6s", "replicates=6"]);
  const voices = (media: string, P: string, others: number, calls: number) =>
    all.flatMap(({ axes, result }) => {
      const isOf =
        axes.media === media && axes.P === P && axes.others === String(others) && axes.calls === String(calls);
      return isOf ? [result.tasks.find(({ name }) => name === "voice")!] : [];
    });
  const worst = (...cell: Parameters<typeof voices>) =>
    Math.max(...voices(...cell).map((task) => Number(task.misses_in_window)));
  for (const media of ["polling", "idling", "deferrable"])
    for (const P of ["10ms", "40ms"])
      for (const calls of [10, 50]) {
        expect(voices(media, P, 1, calls)).toHaveLength(6);
        expect(voices(media, P, 6, calls)).toEqual(voices(media, P, 1, calls));
      }
  expect(worst("fair", "none", 1, 50)).toBeLessThanOrEqual(1);
  expect(worst("fair", "none", 6, 50)).toBe(50);
  for (const media of ["idling", "deferrable"]) {
    expect(worst(media, "10ms", 6, 50)).toBe(0);
    for (const { gap_max } of voices(media, "10ms", 6, 50)) expect(Number(gap_max)).toBeLessThan(40_000);
  }
  expect(worst("idling", "40ms", 6, 10)).toBe(25);
  expect(worst("deferrable", "40ms", 6, 10)).toBeLessThanOrEqual(1);
  expect(worst("deferrable", "40ms", 6, 50)).toBeGreaterThan(1);
  expect(worst("polling", "10ms", 6, 50)).toBeGreaterThan(1);
});

describe("boundaries", () => {
  test.each([
    ["avionics", ["policy=idling", "P=1ms", "replicates=3"], "share=0.93", "share=0.92"],
    ["sensitivity", ["P=8ms", "share=0.8", "replicates=3"], "factor=1.04", "factor=1.05"],
    ["sensitivity", ["P=16ms", "share=1", "replicates=30"], "factor=0.84", "factor=0.85"],
  ])("%s at %j: %s is good, %s is not", (name, values, good, bad) => {
    expect(missedAt(name, ...values, good)).toBe(0);
    expect(missedAt(name, ...values, bad)).toBeGreaterThan(0);
  });

  test.each([
    ["idling", "10ms", "0ms", 5],
    ["idling", "20ms", "0ms", 1],
    ["polling", "10ms", "0ms", 7],
    ["polling", "20ms", "0ms", 0],
    ["deferrable", "5ms", "0ms", 5],
    ["deferrable", "10ms", "0ms", 7],
    ["deferrable", "20ms", "0ms", 2],
    ["cbs", "10ms", "0ms", 9],
    ["cbs", "10ms", "0.1ms", 8],
    ["cbs", "20ms", "0.1ms", 6],
  ])("consolidation of %s servers with a period of %s, switches of %s: %i fit", (policy, period, cost, most) => {
    const late = (n: number) =>
      missedAt("consolidation", `policy=${policy}`, `P=${period}`, `switch=${cost}`, "replicates=20", `n=${n}`);
    if (most > 0) expect(late(most)).toBe(0);
    expect(late(most + 1)).toBeGreaterThan(0);
  });

  test.each([
    ["switch=100us", "P=0.5ms", "share=0.6", "share=0.58"],
    ["switch=100us", "P=12ms", "share=0.4", "share=0.38"],
  ])("least-budget at %s, %s: %s is good, %s is not", (cost, period, good, bad) => {
    const late = (share: string) =>
      runs("least-budget", [cost, period, share, "replicates=3"]).reduce(
        (sum, { result }) => sum + Number(result.tasks[0].missed) + Number(result.tasks[1].missed),
        0,
      );
    expect(late(good)).toBe(0);
    expect(late(bad)).toBeGreaterThan(0);
  });
});
