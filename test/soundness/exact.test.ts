// Where the analysis claims to be exact, or attained, runs show equality (analysis.md section 5).

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  analyze,
  completion,
  FixedPriorityDemand,
  type System,
  serverSupply,
  switchCost,
} from "../../src/analysis/index.js";
import { compare } from "../../src/numbers/integers.js";
import { normalForm } from "../../src/scenario/normal-form.js";
import { parseScenario } from "../../src/scenario/parse.js";
import { resolveScenario } from "../../src/scenario/resolve.js";
import { countedRunsOf } from "../support/runs.js";
import { simulated } from "./law.js";
import { steadySystems } from "./systems.js";

/** t_0 of every task of the one server, by analysis; null from the level on that overloads the CPU. */
function firstResponses(system: System): (number | null)[] {
  const [server] = system.servers;
  const demand = new FixedPriorityDemand(server!, 0, switchCost(system, 0));
  const supply = serverSupply(system, 0)!;
  const responses: (number | null)[] = server!.tasks.map(() => null);
  for (const [level, { index }] of demand.tasks.entries()) {
    if (compare(demand.rates[level], supply.rate) > 0) break;
    responses[index] = completion(demand, level, 0, supply);
  }
  return responses;
}

function completedWithin(system: System, horizon: number, task: number): number {
  return Number(simulated({ system, horizon, seed: 0 })!.tasks[task].completed);
}

test("on a dedicated CPU the first job completes at t_0, not earlier and not later", () => {
  let compared = 0;
  const property = fc.property(steadySystems(), (system) => {
    const { tasks } = system.servers[0];
    const bounds = analyze(system).tasks;
    for (const [index, first] of firstResponses(system).entries()) {
      if (first === null) continue;
      compared++;
      const { offset, period } = tasks[index];
      const scenario = JSON.stringify(normalForm(system, { horizon: offset + first }));
      expect(completedWithin(system, offset + first, index), scenario).toBe(1);
      expect(completedWithin(system, offset + first - 1, index), scenario).toBe(0);
      if (first > period) continue;
      expect(bounds[index].response_bound, scenario).toBe(first);
    }
  });
  fc.assert(property, { numRuns: countedRunsOf(1000) });
  expect(compared).toBeGreaterThan(countedRunsOf(1000));
});

/** A server above takes what it can, and a task of `vm` arrives when its budget is far: found by search. */
const ATTAINED = [
  {
    policy: "idling",
    above: { period: 5, budget: 1, offset: 4 },
    vm: { policy: "idling", period: 6, budget: 2 },
    tasks: [
      { name: "t0", period: 16, wcet: 1, offset: 6 },
      { name: "t1", period: 38, wcet: 3, offset: 6, deadline: 64 },
    ],
    attained: { name: "t1", response: 13 },
  },
  {
    policy: "polling",
    above: { period: 8, budget: 3 },
    vm: { policy: "polling", period: 6, budget: 2 },
    tasks: [{ name: "t0", period: 25, wcet: 3, offset: 6 }],
    attained: { name: "t0", response: 15 },
  },
  {
    policy: "deferrable",
    above: { period: 8, budget: 2, offset: 4 },
    vm: { policy: "deferrable", period: 6, budget: 4 },
    tasks: [
      { name: "t0", period: 28, wcet: 2, offset: 11 },
      { name: "t1", period: 29, wcet: 3, deadline: 112 },
    ],
    attained: { name: "t1", response: 11 },
  },
  {
    policy: "sporadic",
    above: { period: 4, budget: 2, offset: 2 },
    vm: { policy: "sporadic", period: 10, budget: 2, offset: 6, max_replenishments: 2 },
    tasks: [
      { name: "t0", period: 22, wcet: 3, offset: 13 },
      { name: "t1", period: 47, wcet: 2, offset: 15, deadline: 88 },
    ],
    attained: { name: "t1", response: 43 },
  },
  {
    policy: "cbs",
    above: { period: 5, budget: 2, offset: 4 },
    vm: { policy: "cbs", period: 11, budget: 2 },
    tasks: [
      { name: "t0", period: 33, wcet: 3, offset: 10 },
      { name: "t1", period: 39, wcet: 2, offset: 2, deadline: 132 },
    ],
    attained: { name: "t0", response: 23 },
  },
];

describe("the bound with each budget within w is attained", () => {
  test.each(ATTAINED)("$policy", ({ above, vm, tasks, attained }) => {
    const servers = [
      { name: "above", policy: "idling", ...above, tasks: [] },
      { name: "vm", ...vm, tasks },
    ];
    const system = resolveScenario(parseScenario(JSON.stringify({ horizon: 4000, servers })));
    const bounds = analyze(system, { edp: true });
    // The server above delays the budget, so that w matters.
    expect(bounds.servers[1].response).toBeGreaterThan(vm.budget);
    const bound = bounds.tasks.find(({ name }) => name === attained.name)!;
    const row = simulated({ system, horizon: 4000, seed: 0 })!.tasks.find(({ name }) => name === attained.name)!;
    expect(bound).toMatchObject({ schedulable: true, response_bound: attained.response });
    expect(row.response_max).toBe(attained.response);
  });
});
