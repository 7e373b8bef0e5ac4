import { mkdtemp, readdir, rm } from "node:fs/promises";
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
  } finally {
    await rm(directory, { recursive: true });
  }
});
