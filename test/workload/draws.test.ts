// Sets of tasks as the kernel draws them: against theory, against a slow drawing, and what a draw depends on.

import { expect, test } from "vitest";
import { campaign } from "./campaign.js";
import { type PLAIN, setsOf } from "./sets.js";

campaign(1000);

test("a set depends on seed, server and replicate alone, and of its request on what each part asks for", () => {
  const [plain] = setsOf({}, 1);
  expect(setsOf({}, 1)).toStrictEqual([plain]);
  for (const other of [setsOf({}, 1, 2n), setsOf({}, 1, 1n, "other"), setsOf({}, 2).slice(1)])
    expect(other[0].tasks.map(({ period }) => period)).not.toStrictEqual(plain.tasks.map(({ period }) => period));
  // More is asked for: what was asked for before stays.
  const [more] = setsOf({ deadline: [0.5, 1], bcet: [0.3, 1], jitter: [0, 0.1], offset: true }, 1);
  const kept = more.tasks.map((task) => ({ ...task, deadline: null, bcet: null, jitter: null, offset: null }));
  expect(kept).toStrictEqual(plain.tasks);
  // More tasks: the periods of the first ones stay; a greater sum: the periods of all do.
  const periods = (question: Partial<typeof PLAIN>) => setsOf(question, 1)[0].tasks.map(({ period }) => period);
  expect(periods({ count: 20 }).slice(0, 10)).toStrictEqual(periods({}));
  expect(periods({ utilization: 0.9 })).toStrictEqual(periods({}));
});

test("sums at the ends of what the bounds allow", () => {
  for (const method of ["convolutional-fixed-sum", "randfixedsum"] as const) {
    for (const utilization of [1, 9]) {
      const [{ tasks }] = setsOf({ method, utilization, each: [0.1, 0.9] }, 1);
      for (const task of tasks) expect(task.utilization).toBeCloseTo(utilization / 10, 12);
    }
    const [{ tasks }] = setsOf({ method, count: 1, utilization: 0.42 }, 1);
    expect(tasks[0].utilization).toBeCloseTo(0.42, 12);
    expect(setsOf({ method, count: 0, utilization: 0 }, 1)[0]).toStrictEqual({ tasks: [], utilization: 0 });
  }
});

test.each([1.2, 17.5, 128, 200, 254.5])("256 tasks with the sum %f", (utilization) => {
  for (const method of ["convolutional-fixed-sum", "randfixedsum"] as const) {
    const [{ tasks }] = setsOf({ method, count: 256, utilization }, 1);
    const values = tasks.map((task) => task.utilization);
    expect(values.every((value) => value >= 0 && value <= 1)).toBe(true);
    expect(values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(utilization, 9);
    // No other draw of this many is as far from its mean.
    expect(values.reduce((sum, value) => sum + (value > utilization / 256 ? 1 : 0), 0)).toBeGreaterThan(64);
    expect(new Set(values).size).toBe(256);
  }
});

test("a wcet is at least one step, and at most its period", () => {
  const periods = { kind: "choose", choices: [[3, 1]] } as const;
  for (const { tasks } of setsOf({ utilization: 0.1, periods }, 50)) for (const { wcet } of tasks) expect(wcet).toBe(1);
  for (const { tasks } of setsOf({ utilization: 10, periods }, 5)) for (const { wcet } of tasks) expect(wcet).toBe(3);
});
