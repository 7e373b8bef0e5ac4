// Cases small enough to be worked out by hand, for every policy: what tells the policies apart is when one job completes.

import { describe, expect, test } from "vitest";
import type { Policy, ReferenceScenario, ReferenceServer, ReferenceTask } from "../reference/types.js";
import { simulateObject } from "../support/simulate.js";

/** Longer than every horizon below: a task with this period has one job. */
const ONCE = 1000;

function server(name: string, policy: Policy, period: number, budget: number, tasks: ReferenceTask[]): ReferenceServer {
  return policy === "dedicated" ? { name, policy, tasks } : { name, policy, period, budget, tasks };
}

function job(name: string, offset: number, wcet: number): ReferenceTask {
  return { name, period: ONCE, wcet, offset };
}

/** When the only job of each task completes, by task name; null: not before the horizon. */
function completions(scenario: ReferenceScenario): Record<string, number | null> {
  const { tasks } = simulateObject(scenario);
  const given = scenario.servers.flatMap((each) => each.tasks);
  return Object.fromEntries(
    given.map(({ name, offset }, i) => {
      const { response_max } = tasks[i] as { response_max: number | null };
      return [name, response_max === null ? null : response_max + offset!];
    }),
  );
}

describe("one job of 3 units arrives at 1 in a server of period 5 and budget 2, alone on the CPU", () => {
  const scenario = (policy: Policy): ReferenceScenario => ({
    horizon: 20,
    servers: [server("vm", policy, 5, 2, [job("a", 1, 3)])],
  });
  test.each<[Policy, number, string]>([
    ["dedicated", 4, "no budget: [1,4)"],
    ["idling", 7, "half of the budget idles away: [1,2), [5,7)"],
    ["polling", 11, "the budget is lost at 0: [5,7), [10,11)"],
    ["deferrable", 6, "the budget is kept: [1,3), [5,6)"],
    ["sporadic", 7, "the budget returns a period after it was used: [1,3), [6,7)"],
    ["cbs", 7, "deadline 6: [1,3), throttled until 6, [6,7)"],
    ["cbs-soft", 4, "at 3 the deadline becomes 11, and it goes on: [1,4)"],
  ])("%s completes it at %i: %s", (policy, completed) => {
    expect(completions(scenario(policy))).toStrictEqual({ a: completed });
  });

  test("recorded with the windows [0,2), [5,7) and [7,8) completes it at 7: half of the first idles away", () => {
    const windows = [0, 5, 7].map((start) => ({ start, duration: start === 7 ? 1 : 2 }));
    const servers = [{ name: "vm", policy: "recorded", windows, tasks: [job("a", 1, 3)] }] as const;
    expect(completions({ horizon: 20, servers })).toStrictEqual({ a: 7 });
    expect(simulateObject({ horizon: 20, servers }).servers[0]).toMatchObject({
      ...{ supply: 5, idled: 2, replenishments: 3, depletions: 3, blackout_max: 12 },
    });
  });

  test("under a table with the window [0,2) of 5 it completes at 7", () => {
    const host = { scheduler: "table", frame: 5, windows: [{ server: "vm", start: 0, duration: 2 }] } as const;
    expect(completions({ ...scenario("dedicated"), host })).toStrictEqual({ a: 7 });
  });
});

describe("two budgets back to back", () => {
  // 4 units arrive at 3 in a server of period 5 and budget 2; one unit arrives at 3 in a server below it.
  test.each<[Policy, number, number, string]>([
    ["deferrable", 7, 8, "[3,5), [5,7) without a gap: the server below waits 4"],
    ["idling", 12, 4, "nothing is left at 3: [5,7), [10,12)"],
    ["polling", 12, 4, "nothing is left at 3: [5,7), [10,12)"],
    ["sporadic", 10, 6, "[3,5), [8,10)"],
    ["cbs", 10, 6, "[3,5), throttled until 8, [8,10)"],
    ["cbs-soft", 7, 8, "[3,7): nothing but its deadline holds it back"],
  ])("%s completes at %i, the server below at %i: %s", (policy, above, below) => {
    const servers = [server("vm", policy, 5, 2, [job("a", 3, 4)]), server("low", "dedicated", 0, 0, [job("b", 3, 1)])];
    expect(completions({ horizon: 20, servers })).toStrictEqual({ a: above, b: below });
  });
});

describe("a recorded server below another", () => {
  // The dedicated server above runs in [3,6); what the window [2,5) then has left is lost, and is no depletion.
  const windows = [2, 8].map((start) => ({ start, duration: 3 }));
  const above = { ...server("top", "dedicated", 0, 0, [job("b", 3, 3)]), priority: 1 };
  const vm = { name: "vm", policy: "recorded", priority: 2, windows, tasks: [job("a", 0, 3)] } as const;

  test("loses what it cannot use by the end of its window", () => {
    const scenario = { horizon: 20, servers: [above, vm] };
    expect(completions(scenario)).toStrictEqual({ b: 6, a: 10 });
    expect(simulateObject(scenario).servers[1]).toMatchObject({
      ...{ supply: 4, idled: 1, replenishments: 2, depletions: 1, preemptions: 1 },
    });
  });

  test("has the end of its window as deadline under host edf, before one that has none", () => {
    const scenario = { horizon: 20, host: { scheduler: "edf" }, servers: [above, vm] } as const;
    expect(completions(scenario)).toStrictEqual({ b: 8, a: 5 });
  });
});

describe("the wake-up rule of a constant bandwidth server of period 10 and budget 4, blocked at 2 with 2 units left", () => {
  // The first job runs in [0,2): budget 2, deadline 10. The second has 3 units, one more than what is left.
  test.each<[number, "keeps" | "renews", number, number]>([
    [4, "keeps", 11, 7], // 2/6 <= 4/10
    [5, "keeps", 11, 8], // 2/5 <= 4/10, just
    [6, "renews", 9, 9], // 2/4 > 4/10: deadline 16, budget 4
    [10, "renews", 13, 13], // the deadline has come
  ])("woken at %i it %s them: cbs completes at %i, cbs-soft at %i", (wake, what, hard, soft) => {
    const scenario = (policy: Policy): ReferenceScenario => ({
      horizon: 30,
      servers: [server("vm", policy, 10, 4, [job("a", 0, 2), job("b", wake, 3)])],
    });
    expect(completions(scenario("cbs"))).toStrictEqual({ a: 2, b: hard });
    expect(completions(scenario("cbs-soft"))).toStrictEqual({ a: 2, b: soft });
    // The first wake-up gives a budget; then the second does, or else the depletion at wake + 2.
    const { servers } = simulateObject({ ...scenario("cbs"), horizon: wake + 2 });
    expect(servers[0]).toMatchObject({
      replenishments: what === "renews" ? 2 : 1,
      depletions: what === "keeps" ? 1 : 0,
    });
  });
});
