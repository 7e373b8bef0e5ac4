// What nobody has proved anything of is never called schedulable.

import { expect, test } from "vitest";
import { analyze, type Policy } from "../../src/analysis/index.js";
import { BOUNDS } from "../../src/analysis/policies.js";
import { HOSTS } from "../../src/model/hosts.js";
import { factsOf, POLICIES } from "../../src/model/policies.js";
import { fromScenario, type ScenarioServer } from "./scenario.js";

const tasks = [{ period: 50, wcet: 1 }];
const budgeted: ScenarioServer = { policy: "idling", period: 10, budget: 9, tasks };

test.each(["fp", "edf"] as const)(
  "a policy without a row of bounds is unknown, and all beside it, host %s",
  (scheduler) => {
    // As if the name had been added to the list of policies and to nothing else.
    const stranger: ScenarioServer = { ...budgeted, policy: "best-effort" as Policy };
    const plain = analyze(fromScenario({ host: { scheduler }, servers: [budgeted, { ...budgeted, budget: 1 }] }));
    expect(plain.schedulable).toBe(true);
    const analysis = analyze(fromScenario({ host: { scheduler }, servers: [stranger, budgeted] }));
    expect(analysis.host).toMatchObject({ schedulable: "unknown", reason: "not analysed, best-effort: s0" });
    for (const { schedulable, theorem } of [...analysis.servers, ...analysis.tasks]) {
      expect(schedulable).toBe("unknown");
      expect(theorem).toBe("no test beside servers of policy best-effort");
    }
    expect(analysis.servers.map(({ min_budget }) => min_budget)).toEqual([null, null]);
    expect(analysis.schedulable).toBe("unknown");
  },
);

test("a host without a test is unknown", () => {
  const scheduler = "lottery" as "fp";
  const analysis = analyze(fromScenario({ host: { scheduler }, servers: [budgeted] }));
  expect(analysis.schedulable).toBe("unknown");
  expect(analysis.tasks[0].response_bound).toBeNull();
});

test("a guest of which nothing is proved is unknown", () => {
  const scheduler = "lottery" as "fp";
  const [task] = analyze(fromScenario({ servers: [{ ...budgeted, scheduler }] })).tasks;
  expect(task).toMatchObject({ schedulable: "unknown", response_bound: null });
});

test("every policy under every host that takes it has bounds, or is unknown", () => {
  for (const policy of POLICIES) {
    for (const scheduler of HOSTS.filter((host) => factsOf(policy).hosts.includes(host))) {
      if (BOUNDS[policy][scheduler] !== undefined) continue;
      const server = { ...budgeted, policy } as ScenarioServer;
      expect(analyze(fromScenario({ host: { scheduler }, servers: [server] })).schedulable, policy).toBe("unknown");
    }
  }
});
