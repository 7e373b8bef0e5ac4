import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as replenish from "replenish";
import { expect, test } from "vitest";

// The package as its users import it: the build, through its own name.

test("simulates a scenario, as docs/library.md shows", () => {
  const scenario = replenish.parseScenario(`{"horizon": 100, "servers": [{"name": "vm", "policy": "idling", "period": 3,
    "budget": 1, "tasks": [{"name": "control", "period": 5, "wcet": 2}]}]}`);
  const { tasks } = replenish.simulate(new replenish.Kernel(replenish.compileKernel()), scenario);
  expect(tasks[0].response_max).toBe(20); // the 17th response; the k-th is k + 3
});

test("plans and runs a sweep", async () => {
  const text = `
horizon: 60
system: { servers: { vm: { policy: idling, period: 5, budget: =Q, tasks: { t: { period: 10, wcet: 4 } } } } }
axes: { Q: [1, 2, 3] }
`;
  expect(replenish.openSweep(text, "mine.yaml").plan.cellCount).toBe(3);
  const directory = await mkdtemp(join(tmpdir(), "replenish-library-"));
  try {
    const summary = await replenish.runSweep({ text, file: "mine.yaml", directory, workers: 1 });
    expect(summary).toMatchObject({ cells: 3, failures: 0, finishedBefore: false });
    expect(await readdir(directory)).toEqual(expect.arrayContaining(["cells.arrow", "servers.arrow", "tasks.arrow"]));
    const rows: replenish.Row[] = [];
    for await (const row of replenish.tableRows(directory, "tasks")) rows.push(row);
    const kernel = new replenish.Kernel(replenish.compileKernel());
    expect(rows).toHaveLength(3);
    for (const [cell, row] of rows.entries()) {
      const { scenario } = replenish.tracedCell(replenish.openSweep(text, "mine.yaml"), cell);
      const [task] = replenish.simulate(kernel, scenario).tasks;
      const { released, missed, response_max } = task;
      expect(row).toMatchObject({ cell, Q: cell + 1, server: "vm", task: "t", released, missed, response_max });
    }
    const summaries = replenish.tableRows(directory, "summary");
    await expect(summaries.next()).rejects.toThrow(`${directory}: has no table summary`);
  } finally {
    await rm(directory, { recursive: true });
  }
});

test("counters have their own types: those that every server has are there, the others may be", () => {
  const scenario = replenish.parseScenario(`{"horizon": 10, "servers": [{"name": "vm", "policy": "dedicated",
    "tasks": [{"name": "t", "period": 20, "wcet": 1, "offset": 15}]}]}`);
  const { host, servers, tasks } = replenish.simulate(new replenish.Kernel(replenish.compileKernel()), scenario);
  const busy: number = host.busy;
  const supply: number = servers[0].supply;
  const background: number | undefined = servers[0].supply_background;
  const response: number | null = tasks[0].response_max;
  const sum: number | bigint = tasks[0].response_sum;
  expect([busy, supply, background, response, sum]).toEqual([0, 0, undefined, null, 0]);
});

test("what is thrown is exported", async () => {
  const directory = await mkdtemp(join(tmpdir(), "replenish-library-"));
  try {
    await writeFile(join(directory, "thesis.tex"), "");
    const text =
      "horizon: 60\nsystem: { servers: { vm: { policy: dedicated, tasks: { t: { period: 10, wcet: 4 } } } } }";
    const run = (options: object) => replenish.runSweep({ text, file: "mine.yaml", directory, workers: 1, ...options });
    await expect(run({})).rejects.toThrow(replenish.DirectoryError);
    await expect(run({ directory: join(directory, "thesis.tex", "x") })).rejects.toThrow(replenish.StorageError);
    await expect(run({ shard: { index: 3, count: 2 } })).rejects.toThrow(replenish.ShardError);
    expect(() => replenish.tracedCell(replenish.openSweep(text, "mine.yaml"), 1)).toThrow(RangeError);
    await expect(run({ text: "horizon: x" })).rejects.toThrow(replenish.InvalidInput);
    for (const thrown of [
      replenish.DirectoryError,
      replenish.StorageError,
      replenish.ShardError,
      replenish.RunFailed,
    ]) {
      expect(thrown.prototype).toBeInstanceOf(replenish.ExitError);
    }
  } finally {
    await rm(directory, { recursive: true });
  }
});
