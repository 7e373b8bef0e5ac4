import fc from "fast-check";
import { stringify } from "lossless-json";
import { describe, expect, test } from "vitest";
import * as abi from "../../assembly/abi.js";
import { Kernel } from "../../src/kernel/kernel.js";
import { compileKernel } from "../../src/kernel/load.js";
import { parseScenario } from "../../src/scenario/parse.js";
import { scenarioArbitrary } from "../reference/scenarios.js";
import { runsOf } from "../support/runs.js";

const kernel = new Kernel(compileKernel());

/** The events of a run as rows, and its counters. */
function traceOf(flat: Float64Array): { rows: number[][]; results: number[] } {
  const rows: number[][] = [];
  const status = kernel.trace(flat, (events) => {
    for (let at = 0; at < events.length; at += abi.ROW_SIZE) {
      rows.push([...events.subarray(at, at + abi.ROW_SIZE)]);
    }
    return true;
  });
  expect(status).toBe(abi.STATUS_DONE);
  return { rows, results: [...kernel.results] };
}

describe("a traced run", () => {
  test("has the counters of an untraced one, and events that account for them", () => {
    fc.assert(
      fc.property(scenarioArbitrary(), (scenario) => {
        const { flat, names } = parseScenario(stringify(scenario)!);
        const tasks = names.reduce((sum, server) => sum + server.tasks.length, 0);
        const size = abi.OUT_HOST_SIZE + names.length * abi.OUT_SERVER_SIZE + tasks * abi.OUT_TASK_SIZE;
        const { rows, results } = traceOf(flat);
        expect(kernel.run(flat)).toBe(abi.STATUS_DONE);
        expect(results.slice(0, size)).toStrictEqual([...kernel.results.subarray(0, size)]);
        expect(rows.map((row) => row[abi.ROW_TIME])).toStrictEqual(
          rows.map((row) => row[abi.ROW_TIME]).sort((a, b) => a - b),
        );
        checkCounts(rows, results, names.length, tasks);
        checkSupply(rows, results, names.length);
      }),
      { numRuns: runsOf(1500) },
    );
  });

  test("drains a full buffer without losing an event", () => {
    const scenario = { horizon: 120_000, servers: [{ name: "s", policy: "idling", period: 2, budget: 1, tasks: [] }] };
    const { rows, results } = traceOf(parseScenario(JSON.stringify(scenario)).flat);
    const replenished = rows.filter((row) => row[abi.ROW_KIND] === abi.EVENT_REPLENISH);
    expect(replenished.length).toBe(60_000);
    expect(results[abi.OUT_HOST_SIZE + abi.OUT_SERVER_REPLENISHMENTS]).toBe(60_000);
  });
});

function countOf(rows: number[][], kinds: number[], column: number, number: number): number {
  return rows.filter((row) => kinds.includes(row[abi.ROW_KIND]) && row[column] === number).length;
}

function checkCounts(rows: number[][], results: number[], servers: number, tasks: number): void {
  for (let task = 0; task < tasks; task++) {
    const at = abi.OUT_HOST_SIZE + servers * abi.OUT_SERVER_SIZE + task * abi.OUT_TASK_SIZE;
    const count = (...kinds: number[]) => countOf(rows, kinds, abi.ROW_TASK, task);
    expect(count(abi.EVENT_RELEASE, abi.EVENT_SKIP)).toBe(results[at + abi.OUT_TASK_RELEASED]);
    expect(count(abi.EVENT_SKIP)).toBe(results[at + abi.OUT_TASK_SKIPPED]);
    expect(count(abi.EVENT_COMPLETE)).toBe(results[at + abi.OUT_TASK_COMPLETED]);
  }
  for (let server = 0; server < servers; server++) {
    const at = abi.OUT_HOST_SIZE + server * abi.OUT_SERVER_SIZE;
    expect(countOf(rows, [abi.EVENT_DEPLETE], abi.ROW_SERVER, server)).toBe(results[at + abi.OUT_SERVER_DEPLETIONS]);
  }
}

/** Supply and idle time, added up between one dispatch and the next. */
function checkSupply(rows: number[][], results: number[], servers: number): void {
  const supply = new Array<number>(servers).fill(0);
  const idled = new Array<number>(servers).fill(0);
  let [since, server, task] = [0, -1, -1];
  for (const row of rows) {
    const now = row[abi.ROW_TIME];
    if (server >= 0) {
      supply[server] += now - since;
      if (task < 0) idled[server] += now - since;
    }
    since = now;
    const left = [abi.EVENT_COMPLETE, abi.EVENT_ABORT].includes(row[abi.ROW_KIND]);
    if (row[abi.ROW_KIND] === abi.EVENT_DISPATCH) [server, task] = [row[abi.ROW_SERVER], row[abi.ROW_TASK]];
    else if (left && row[abi.ROW_TASK] === task) task = -1; // its server may go on without a job
  }
  for (let i = 0; i < servers; i++) {
    const at = abi.OUT_HOST_SIZE + i * abi.OUT_SERVER_SIZE;
    expect(supply[i]).toBe(results[at + abi.OUT_SERVER_SUPPLY]);
    expect(idled[i]).toBe(results[at + abi.OUT_SERVER_IDLED]);
  }
}
