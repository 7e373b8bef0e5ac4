// A warm-up in a sweep: its rows count what a simulation of the cell's scenario counts, and shares of time are of the rest.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runSweep } from "../../src/run/run.js";
import { simulateObject } from "../support/simulate.js";
import { rowsOf } from "./rows.js";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "replenish-warmup-"));
});
afterEach(async () => {
  await rm(directory, { recursive: true });
});

test("a sweep over warm-ups", async () => {
  const text = `
unit: tick
tick: 1ms
horizon: 1000
warmup: =W
system:
  servers:
    vm: { policy: deferrable, period: 4, budget: 3, tasks: { a: { period: 5, wcet: 1 }, b: { period: 55, wcet: 10 } } }
axes: { W: [0, 7, 990] }
`;
  const out = join(directory, "out");
  await runSweep({ text, file: "test.yaml", directory: out, workers: 1 });
  const [cells, servers, tasks] = await Promise.all(["cells", "servers", "tasks"].map((table) => rowsOf(out, table)));
  expect(cells!.map((row) => row.W)).toStrictEqual([0, 7, 990]);
  for (const [i, cell] of cells!.entries()) {
    const warmup = Number(cell.W);
    const given = [
      { name: "a", period: 5, wcet: 1 },
      { name: "b", period: 55, wcet: 10 },
    ];
    const vm = { name: "vm", policy: "deferrable" as const, period: 4, budget: 3, tasks: given };
    const result = simulateObject({ horizon: 1000, warmup, servers: [vm] });
    expect(cell).toMatchObject({ ...result.host, utilization: result.host.busy / (1000 - warmup) });
    const [{ name: server, ...supplied }] = result.servers as [(typeof result.servers)[0]];
    expect(servers![i]).toMatchObject({ ...supplied, server });
    for (const [j, { server: _, name, ...counters }] of result.tasks.entries()) {
      expect(tasks![2 * i + j]).toMatchObject({ ...counters, task: name });
    }
  }
  expect(cells!.map((row) => row.unjudged)).toStrictEqual([0, 0, 1]); // no job of b arrives in the last 10 ticks and has its deadline
});
