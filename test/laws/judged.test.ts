// A job is judged when its deadline lies within the run. Which jobs are follows from the scenario and the end of the run.

import { stringify } from "lossless-json";
import { describe, expect } from "vitest";
import * as abi from "../../assembly/abi.js";
import { Kernel } from "../../src/kernel/kernel.js";
import { compileKernel } from "../../src/kernel/load.js";
import { parseScenario } from "../../src/scenario/parse.js";
import { drawJob } from "../reference/jobs.js";
import { openWorld } from "../reference/open.js";
import { scenarioArbitrary } from "../reference/scenarios.js";
import type { Task } from "../reference/state.js";
import { law } from "./law.js";

/** Jobs released before the end whose deadline is at most the end. */
function judgedOf(task: Task, end: number): number {
  let judged = 0;
  for (let next = task.coming[0]!; next.release < end; next = drawJob(task, next.number + 1, next.arrival + next.gap)) {
    if (next.deadline <= end) judged++;
  }
  return judged;
}

describe("jobs are judged when their deadline lies within the run", () => {
  const module = compileKernel();

  for (const [name, leaping] of [
    ["stepping", false],
    ["leaping", true],
  ] as const) {
    const kernel = new Kernel(module, leaping);
    law(name, 1000, scenarioArbitrary({ horizonMax: 3000 }), (scenario) => {
      const { flat } = parseScenario(stringify(scenario)!);
      expect(kernel.run(flat)).toBe(abi.STATUS_DONE);
      const { results } = kernel;
      const first = abi.OUT_HOST_SIZE + scenario.servers.length * abi.OUT_SERVER_SIZE;
      const judged = openWorld(scenario).tasks.map((task) => judgedOf(task, results[abi.OUT_HOST_END]));
      const counted = judged.map((_, task) => results[first + task * abi.OUT_TASK_SIZE + abi.OUT_TASK_JUDGED]);
      expect(counted).toStrictEqual(judged);
    });
  }
});
