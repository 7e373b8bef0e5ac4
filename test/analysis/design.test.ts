// Curves and best periods: the questions that design.jsonl does not ask.

import { describe, expect, test } from "vitest";
import { analyze, bestPeriod, budgetCurve, leastBudget } from "../../src/analysis/index.js";
import { fromScenario, type ScenarioServer } from "./scenario.js";

const tasks = [
  { period: 20, wcet: 3, deadline: 15 },
  { period: 50, wcet: 5 },
];

const least = (server: ScenarioServer, host = {}) =>
  leastBudget(fromScenario({ host, servers: [{ policy: "idling", period: 10, budget: 1, tasks, ...server }] }), 0);

describe("the least budget", () => {
  test("is the border: one tick less does not pass", () => {
    const verdicts = (budget: number) =>
      analyze(fromScenario({ servers: [{ policy: "idling", period: 10, budget, tasks }] })).tasks.map(
        (each) => each.schedulable,
      );
    expect(least({})).toBe(4);
    expect(verdicts(4)).toEqual([true, true]);
    expect(verdicts(3)).toEqual([false, false]);
  });

  test("does not depend on the budget the server has, nor on its variation", () => {
    expect(least({ budget: 10, budget_min: 1 })).toBe(least({}));
  });

  // The first task needs its 3 ticks by 15: blackout + 3 <= 15, the blackout being 2 (P - Q) where nothing else is said.
  test.each<[string, ScenarioServer, object, number]>([
    ["polling, blackout 2 P - Q - 1", { policy: "polling" }, {}, 7],
    ["a period up to 14", { period_max: 14 }, {}, 8],
    ["an offset, blackout 10 + P - Q", { offset: 10 }, {}, 8],
    ["two guest switches a job, then 5 ticks", {}, { guest_switch: 1 }, 6],
    ["one host switch and one a period, then 6 ticks", {}, { host_switch: 1 }, 6],
  ])("is larger with %s", (_, server, host, expected) => expect(least(server, host)).toBe(expected));

  test.each<[string, ScenarioServer]>([
    ["no budget is enough", { tasks: [{ period: 10, wcet: 9 }], period_max: 12 }],
    ["no task", { tasks: [] }],
    [
      "fifo with more than can be done in its shortest period",
      {
        scheduler: "fifo",
        tasks: [
          { period: 3, wcet: 2 },
          { period: 6, wcet: 2 },
        ],
      },
    ],
    ["dedicated", { policy: "dedicated" }],
    ["cbs-soft", { policy: "cbs-soft" }],
    [
      "edf with a task that may drop jobs",
      {
        scheduler: "edf",
        tasks: [
          { period: 4, wcet: 2, deadline: 6, on_miss: "skip" },
          { period: 12, wcet: 4 },
        ],
      },
    ],
  ])("null: %s", (_, server) => expect(least(server)).toBeNull());

  test("each tick of a sporadic budget may cost a switch: with a switch cost no budget is enough", () => {
    expect(least({ policy: "sporadic" })).not.toBeNull();
    expect(least({ policy: "sporadic" }, { host_switch: 1 })).toBeNull();
  });
});

describe("the best period", () => {
  test("least bandwidth, the larger of equals; a switch cost favours long periods", () => {
    const curve = [
      [2, 1],
      [4, 2],
      [5, 3],
      [8, 5],
    ] as const;
    expect(bestPeriod(curve)).toBe(4);
    expect(bestPeriod(curve, 1)).toBe(8);
  });

  test("periods without a budget do not count", () => {
    expect(bestPeriod([[3, null]])).toBeNull();
    expect(
      bestPeriod([
        [3, null],
        [5, 5],
      ]),
    ).toBe(5);
  });

  test("bandwidths of huge periods are compared exactly", () => {
    // 4e15 / 8e15 against one tick more of an odd period.
    const curve = [
      [8_000_000_000_000_001, 4_000_000_000_000_001],
      [8_000_000_000_000_000, 4_000_000_000_000_000],
    ] as const;
    expect(bestPeriod(curve)).toBe(8_000_000_000_000_000);
  });
});

describe("a curve", () => {
  test("follows the periods as they are given; a variable period stays as much above the nominal one", () => {
    const servers: ScenarioServer[] = [{ policy: "idling", period: 10, budget: 2, period_max: 13, tasks }];
    const curve = budgetCurve(fromScenario({ servers }), 0, [8, 4]);
    const alone = (period: number) => least({ period, period_max: period + 3 });
    expect(curve).toEqual([
      [8, alone(8)],
      [4, alone(4)],
    ]);
  });
});
