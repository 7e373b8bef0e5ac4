// One worker's part without a worker: cells through the kernel into the columns of a chunk.

import binaryen from "binaryen";
import { expect, test } from "vitest";
import * as abi from "../../assembly/abi.js";
import { cellScenario } from "../../src/grid/cell-scenario.js";
import { openCursor } from "../../src/grid/cells.js";
import { planSweep } from "../../src/grid/lay-out.js";
import { Kernel } from "../../src/kernel/kernel.js";
import { compileKernel } from "../../src/kernel/load.js";
import { HOST_METRICS, type Metric, TASK_METRICS } from "../../src/model/metrics.js";
import { POLICIES } from "../../src/model/policies.js";
import { timeConverter } from "../../src/numbers/clock.js";
import { ChunkRunner } from "../../src/pool/chunk-runner.js";
import { parseSweep } from "../../src/sweep/parse.js";
import type { ChunkResult } from "../../src/tables/chunk.js";
import { chunkTables } from "../../src/tables/chunk.js";
import { tableLayouts } from "../../src/tables/columns.js";

const SWEEP = `
tick: 4ms
unit: ms
horizon: 400
system:
  servers:
    vm:
      policy: deferrable
      period: =P
      budget: 1.5
      tasks:
        fast: { period: 5, wcet: 2, bcet: 0.5 }
        slow: { period: 55, wcet: 20 }
    spare: { policy: polling, period: 7, budget: =B }
axes:
  P: [3, 4, 5]
  B: [1, 3]
replicates: 3
`;

function sweepRunner(text: string, module = compileKernel(), stop: Int32Array = new Int32Array(1)) {
  const sweep = parseSweep(text, "test.yaml", []);
  const plan = planSweep(sweep);
  const cursor = openCursor(sweep, plan);
  const description = {
    axes: () => Object.fromEntries(plan.axes.map((axis, index) => [axis.name, cursor.axis(index)])),
    replay: () => cellScenario(cursor),
  };
  return {
    plan,
    sweep,
    runner: new ChunkRunner(() => new Kernel(module), plan, cursor, description, timeConverter(plan), stop),
  };
}

/** A column of a chunk as numbers; null where its validity bit is 0. */
function column(
  plan: ReturnType<typeof planSweep>,
  result: ChunkResult,
  table: number,
  name: string,
): (number | null)[] {
  const layouts = tableLayouts(plan);
  const index = layouts[table].columns.findIndex((candidate) => candidate.name === name);
  const chunk = chunkTables(result, layouts)[table];
  const { values, validity } = chunk.columns[index];
  const { type } = layouts[table].columns[index];
  const bytes = values.slice().buffer;
  const numbers =
    type === "int64"
      ? [...new BigInt64Array(bytes)].map(Number)
      : type === "float64"
        ? [...new Float64Array(bytes)]
        : [...new Int16Array(bytes)];
  return numbers.map((value, row) => {
    return validity === undefined || (validity[row >> 3] >> (row & 7)) & 1 ? value : null;
  });
}

test("columns are what the kernel counted, in the sweep's unit", () => {
  const { plan, sweep, runner } = sweepRunner(SWEEP);
  const runs = plan.cellCount * plan.replicates;
  const result = runner.run({ firstRun: 0, runs, timed: true });
  expect(result).toMatchObject({ firstRun: 0, failures: [], runs });
  expect(result.kernelMs).toBeGreaterThan(0);

  const kernel = new Kernel(compileKernel());
  const cursor = openCursor(sweep, plan);
  const stepMs = 4 / 2; // the resolution is half a tick of 4 ms
  for (let run = 0; run < runs; run++) {
    if (run % 3 === 0) cursor.next();
    cursor.flat[abi.IN_HEADER_REPLICATE] = run % 3;
    expect(kernel.run(cursor.flat)).toBe(abi.STATUS_DONE);
    const { results } = kernel;
    for (const metric of HOST_METRICS.filter((metric: Metric) => metric.onlyOf === undefined)) {
      const value = results[metric.slot] * (metric.kind === "time" ? stepMs : 1);
      expect([metric.name, column(plan, result, 0, metric.name)[run]]).toEqual([metric.name, value]);
    }
    for (const task of [0, 1]) {
      const at = abi.OUT_HOST_SIZE + 2 * abi.OUT_SERVER_SIZE + task * abi.OUT_TASK_SIZE;
      for (const metric of TASK_METRICS.filter((metric: Metric) => metric.onlyOf === undefined)) {
        const raw = results[at + metric.slot];
        const value = Number.isNaN(raw) ? null : raw * (metric.kind === "time" ? stepMs : 1);
        expect([metric.name, column(plan, result, 2, metric.name)[2 * run + task]]).toEqual([metric.name, value]);
      }
    }
    expect(column(plan, result, 0, "P")[run]).toBe([3, 4, 5][Math.floor(run / 6)]);
    expect(column(plan, result, 0, "replicate")[run]).toBe(run % 3);
  }
  const misses = column(plan, result, 0, "missed").filter((missed) => missed! > 0).length;
  expect(misses).toBeGreaterThan(0);
  expect(result.missed).toBe(misses);
});

test("what servers and tasks were given stands in their rows, defaults included, and what each server missed", () => {
  const { plan, runner } = sweepRunner(`
tick: 1ms
horizon: 1s
axes: { policy: [polling], P: [10, 20], C: { from: 1, to: =P, step: 9 } }
system:
  servers:
    vm: { policy: =policy, period: =P, budget: 5, priority: 7, tasks: { a: { period: 40ms, wcet: =C }, b: { period: 50, wcet: 30, deadline: 45 } } }
    rest: { policy: dedicated, tasks: { c: { period: 100, wcet: 1 } } }
`);
  const result = runner.run({ firstRun: 0, runs: 1, timed: false });
  const of = (table: number, name: string) => column(plan, result, table, name);
  expect(of(1, "server_policy").map((index) => POLICIES[index!])).toEqual(["polling", "dedicated"]);
  expect([of(1, "period"), of(1, "budget"), of(1, "bandwidth")]).toEqual([
    [10, null],
    [5, null],
    [0.5, null],
  ]);
  expect(of(1, "priority")).toEqual([7, 2]);
  expect([of(2, "period"), of(2, "wcet"), of(2, "deadline")]).toEqual([
    [40, 50, 100],
    [1, 30, 1],
    [40, 45, 100],
  ]);
  expect(of(2, "utilization")).toEqual([1 / 40, 30 / 50, 1 / 100]);
  const [responses, missed] = [of(2, "response_max"), of(2, "missed")];
  expect(of(2, "response_ratio")).toEqual([responses[0]! / 40, responses[1]! / 45, responses[2]! / 100]);
  expect(of(1, "missed")).toEqual([missed[0]! + missed[1]!, missed[2]]);
  expect(missed[1]).toBeGreaterThan(0);
  const units = tableLayouts(plan)[0].columns.map(({ name, unit }) => [name, unit]);
  expect(units).toEqual(
    expect.arrayContaining([
      ["P", "tick"],
      ["C", "tick"],
    ]),
  );
});

test("bandwidth is the sum of budget / period, rounded once", () => {
  const { plan, runner } = sweepRunner(SWEEP);
  const result = runner.run({ firstRun: 0, runs: 18, timed: false });
  const bandwidth = column(plan, result, 0, "bandwidth");
  // 3/2/3 + 1/7, 3/2/3 + 3/7, 3/2/4 + 1/7 over common denominators
  expect([bandwidth[0], bandwidth[3], bandwidth[6]]).toEqual([9 / 14, 13 / 14, 29 / 56]);
});

test("a dedicated server has no bandwidth", () => {
  const { plan, runner } = sweepRunner(`
horizon: 100
system: { servers: { vm: { policy: dedicated, tasks: { t: { period: =T, wcet: 1 } } } } }
axes: { T: [5, 6] }
`);
  const result = runner.run({ firstRun: 0, runs: 2, timed: false });
  expect(column(plan, result, 0, "bandwidth")).toEqual([null, null]);
});

test("a chunk may begin at any replicate of any cell", () => {
  const { plan, runner } = sweepRunner(SWEEP);
  const whole = runner.run({ firstRun: 0, runs: 18, timed: false });
  const part = runner.run({ firstRun: 7, runs: 5, timed: false });
  for (const name of ["cell", "replicate", "P", "B", "busy", "miss_ratio"]) {
    expect(column(plan, part, 0, name)).toEqual(column(plan, whole, 0, name).slice(7, 12));
  }
});

const SPORADIC = `
horizon: 40000
system:
  servers:
    vm:
      policy: sporadic
      period: 20000
      budget: 10000
      max_replenishments: =N
      tasks: { t: { period: 2, wcet: 1 } }
axes: { N: [16, 10000, 17] }
`;

test("a cell that the kernel cannot compute fails alone", () => {
  const { plan, runner } = sweepRunner(SPORADIC);
  const result = runner.run({ firstRun: 0, runs: 3, timed: false });
  expect(column(plan, result, 0, "status")).toEqual([0, 1, 0]);
  expect(column(plan, result, 2, "released")).toEqual([20_000, null, 20_000]);
  expect(column(plan, result, 0, "miss_ratio")[1]).toBeNull();
  expect(result.failures).toEqual([
    {
      ...{ cell: 1, replicate: 0, axes: { N: 10_000 }, bug: false },
      reason: "a sporadic server had more than 4096 pending replenishments (REPLENISHMENTS_MAX)",
      replay: expect.objectContaining({ horizon: 40_000, replicate: 0 }),
    },
  ]);
});

/** A kernel that computes nothing, and traps where the horizon is 666. */
function trappingKernel(): WebAssembly.Module {
  const module = binaryen.parseText(`(module
    (import "env" "abort" (func (param i32 i32 i32 i32)))
    (memory (export "memory") 64)
    (func (export "abiVersion") (result i32) (i32.const ${abi.ABI_VERSION}))
    (func (export "scenarioPointer") (result i32) (i32.const 8))
    (func (export "scenarioCapacity") (result i32) (i32.const 1000))
    (func (export "resultPointer") (result i32) (i32.const 16384))
    (func (export "load") (result i32) (i32.const ${abi.STATUS_MORE}))
    (func (export "run") (param i32) (result i32)
      (if (f64.eq (f64.load (i32.const ${8 + 8 * abi.IN_HEADER_HORIZON})) (f64.const 666)) (then (unreachable)))
      (i32.const ${abi.STATUS_DONE})))`);
  return new WebAssembly.Module(module.emitBinary() as Uint8Array<ArrayBuffer>);
}

test("a trap of the kernel is a failure marked as a bug, and the next cell gets a new kernel", () => {
  const text = `
horizon: =H
system: { servers: { vm: { policy: idling, period: 10, budget: 5, tasks: { t: { period: 5, wcet: 1 } } } } }
axes: { H: [665, 666, 667] }
`;
  const { plan, runner } = sweepRunner(text, trappingKernel());
  const result = runner.run({ firstRun: 0, runs: 3, timed: false });
  expect(column(plan, result, 0, "status")).toEqual([0, 1, 0]);
  expect(result.failures).toEqual([
    {
      ...{ cell: 1, replicate: 0, axes: { H: 666 }, bug: true, reason: "bug of the kernel: unreachable" },
      replay: expect.objectContaining({ horizon: 666 }),
    },
  ]);
});

test("a buffer that is used again leaves nothing of the chunk before", () => {
  const { plan, runner } = sweepRunner(SWEEP);
  const fresh = runner.run({ firstRun: 3, runs: 4, timed: false });
  const used = new ArrayBuffer(fresh.buffer.byteLength + 80);
  new Uint8Array(used).fill(0xff);
  const again = runner.run({ firstRun: 3, runs: 4, timed: false }, used);
  expect(again.buffer).toBe(used);
  const tables = (result: ChunkResult) => chunkTables(result, tableLayouts(plan));
  expect(tables(again)).toEqual(tables(fresh));
  expect(runner.run({ firstRun: 3, runs: 5, timed: false }, new ArrayBuffer(8)).buffer.byteLength).toBeGreaterThan(8);
});

test("asked to stop, a chunk comes back without runs, and the warm-up is short", () => {
  const stop = new Int32Array(new SharedArrayBuffer(4));
  const { runner } = sweepRunner(SWEEP, compileKernel(), stop);
  runner.warmUp();
  Atomics.store(stop, 0, 1);
  const result = runner.run({ firstRun: 0, runs: 18, timed: false });
  expect(result).toMatchObject({ runs: 0, failures: [] });
  expect(result.buffer.byteLength).toBe(0);
});
