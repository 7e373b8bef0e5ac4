// `replenish scenario` prints the scenario that a row of the tables is of.

import { compileKernel, Kernel, openSweep, parseScenario, resultJson, simulate, tracedCell } from "replenish";
import { describe, expect, test } from "vitest";
import { scenarioCommand } from "../../src/commands/bodies/scenario.js";
import { UsageError } from "../../src/commands/failure.js";
import type { ScenarioOptions } from "../../src/commands/scenario.js";
import { fileOf, printedBy } from "./capture.js";

const TEXT = `horizon: 600ms
seed: 18446744073709551615
phases: random
replicates: 3
system:
  servers:
    vm:
      policy: =policy
      period: 3ms
      budget: 1.5ms
      tasks: { a: { period: 5ms, wcet: 2ms, bcet: 1ms }, b: { period: 55ms, wcet: 2ms } }
axes:
  policy: [idling, cbs]
`;

function printed(options: Partial<ScenarioOptions>) {
  const sweep = options.sweep ?? fileOf("s.yaml", TEXT);
  return printedBy(() => scenarioCommand({ set: [], cell: undefined, replicate: undefined, ...options, sweep }));
}

describe("replenish scenario", () => {
  test.each([
    [0, 0],
    [0, 2],
    [1, 1],
  ])("prints cell %i, replicate %i, which has the row's numbers", async (cell, replicate) => {
    const { code, out } = await printed({ cell, replicate });
    expect(code).toBe(0);
    const kernel = new Kernel(compileKernel());
    const row = tracedCell(openSweep(TEXT, "s.yaml"), cell, replicate).scenario;
    expect(resultJson(simulate(kernel, parseScenario(out)))).toBe(resultJson(simulate(kernel, row)));
    expect(out).toContain('"seed": 18446744073709551615');
    expect(out).toContain(`"replicate": ${replicate}`);
  });

  test("refuses what is not there", async () => {
    await expect(printed({})).rejects.toThrow(UsageError);
    await expect(printed({ cell: 2 })).rejects.toThrow("has cells 0 to 1");
    await expect(printed({ cell: 0, replicate: 3 })).rejects.toThrow("has replicates 0 to 2");
  });
});
