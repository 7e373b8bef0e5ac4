// What must add up in the result of any run, whatever the policies.

import { describe, expect } from "vitest";
import { scenarioArbitrary } from "../reference/scenarios.js";
import type { ReferenceResult, ReferenceScenario } from "../reference/types.js";
import { simulateObject } from "../support/simulate.js";
import { law } from "./law.js";

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

function run(scenario: ReferenceScenario): ReferenceResult {
  return simulateObject(scenario) as ReferenceResult;
}

describe("the counters of one run", () => {
  law("supply + idle = end", 1000, scenarioArbitrary(), (scenario) => {
    const { host, servers } = run(scenario);
    expect(host.busy).toBe(total(servers.map((server) => server.supply)));
    expect(host.busy + host.idle).toBe(host.end);
    expect(host.idle).toBeGreaterThanOrEqual(0);
    if (scenario.stop === "first-miss") expect(host.end).toBeLessThanOrEqual(scenario.horizon);
    else expect(host.end).toBe(scenario.horizon);
    for (const server of servers) {
      expect(server.idled).toBeLessThanOrEqual(server.supply);
      expect(server.blackout_max + server.supply).toBeLessThanOrEqual(host.end);
      expect(server.blackout_max === host.end).toBe(server.supply === 0);
    }
  });

  law("switches and their costs add up", 1000, scenarioArbitrary(), (scenario) => {
    const { host, servers } = run(scenario);
    const { scheduler, host_switch = 0, guest_switch = 0 } = scenario.host ?? {};
    expect(host.switches).toBe(total(servers.map((server) => server.switches)));
    const guest = total(servers.map((server) => server.guest_switches)) * guest_switch;
    expect(host.overhead).toBeGreaterThanOrEqual(guest);
    expect(host.overhead).toBeLessThanOrEqual(guest + host.switches * host_switch);
    // Only a server that can have the CPU without a job can be switched to without a cost.
    const idles =
      scheduler === "table" ||
      scenario.servers.some((server) => server.policy === "idling" || server.policy === "recorded");
    if (!idles) {
      expect(host.overhead).toBe(guest + host.switches * host_switch);
      expect(servers.every((server) => server.idled === 0)).toBe(true);
    }
  });

  law("a task's counters are in order", 1000, scenarioArbitrary(), (scenario) => {
    const given = scenario.servers.flatMap(({ tasks }) => tasks);
    run(scenario).tasks.forEach((task, i) => {
      expect(task.completed + task.skipped).toBeLessThanOrEqual(task.released);
      expect(task.missed).toBeLessThanOrEqual(task.released);
      if (task.completed === 0) return;
      const {
        response_min: min,
        response_max: max,
        response_sum: sum,
      } = task as { [name: string]: number } & typeof task;
      expect(min).toBeGreaterThanOrEqual(given[i]!.bcet ?? given[i]!.wcet);
      expect(sum).toBeGreaterThanOrEqual(min! * (task.completed - 1) + max!);
      expect(sum).toBeLessThanOrEqual(max! * (task.completed - 1) + min!);
      expect(task.tardiness_max).toBe(Math.max(0, max! - (given[i]!.deadline ?? given[i]!.period)));
      const percentiles = [task.response_p50, task.response_p90, task.response_p99, task.response_p999, max!];
      expect(percentiles.toSorted((a, b) => a! - b!)).toStrictEqual(percentiles);
    });
  });
});
