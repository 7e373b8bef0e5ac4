// Assignment functions: the examples of semantics.md section 11.10, and the same as tried out slowly.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { assign, METHODS, type Method, type Scheduler, SPLITTING, type Task } from "../../src/assign/assign.js";
import { meetsDeadlines } from "../../src/assign/demand.js";
import { assignSlowly } from "./slowly.js";

const task = (wcet: number, period: number, deadline = period): Task => ({ wcet, period, deadline, urgency: period });

describe("three tasks of 6 in 10 on two VCPUs", () => {
  const tasks = [task(6, 10), task(6, 10), task(6, 10)];

  test("fp-pm gives the third what the first two leave", () => {
    const parts = [
      { on: 0, budget: 4 },
      { on: 1, budget: 2 },
    ];
    expect(assign("fp-pm", "fp", tasks, 2)).toStrictEqual({ placements: [{ on: 0 }, { on: 1 }, { parts }] });
  });

  test("edf-wm gives it two windows of 5", () => {
    const parts = [
      { on: 0, budget: 4, deadline: 5 },
      { on: 1, budget: 2, deadline: 10 },
    ];
    expect(assign("edf-wm", "edf", tasks, 2)).toStrictEqual({ placements: [{ on: 0 }, { on: 1 }, { parts }] });
  });

  test.each(["first-fit", "best-fit", "worst-fit"] as const)("%s names it as what does not fit", (method) => {
    expect(assign(method, "edf", tasks, 2)).toStrictEqual({ misfit: 2 });
  });
});

test("best-fit fills the fullest VCPU, worst-fit the emptiest", () => {
  const tasks = [task(6, 10), task(5, 10), task(3, 10)];
  const on = (method: Method) => assign(method, "edf", tasks, 3);
  expect(on("first-fit")).toStrictEqual({ placements: [{ on: 0 }, { on: 1 }, { on: 0 }] });
  expect(on("best-fit")).toStrictEqual({ placements: [{ on: 0 }, { on: 1 }, { on: 0 }] });
  expect(on("worst-fit")).toStrictEqual({ placements: [{ on: 0 }, { on: 1 }, { on: 2 }] });
});

test("a method that splits tasks goes with its scheduler alone", () => {
  expect(() => assign("fp-pm", "edf", [task(1, 2)], 1)).toThrow("fp-pm goes with fp");
  expect(() => assign("edf-wm", "fp", [task(1, 2)], 1)).toThrow("edf-wm goes with edf");
});

test("demand is exact where its sum is all there is, and where products pass 2^53", () => {
  const half = 2 ** 52;
  expect(meetsDeadlines([{ wcet: half / 2, period: half, deadline: half / 2 }])).toBe(true);
  expect(meetsDeadlines([1, 2].map(() => ({ wcet: half / 2, period: half, deadline: half / 2 })))).toBe(false);
  expect(meetsDeadlines([1, 2].map(() => ({ wcet: half / 2, period: half, deadline: half })))).toBe(true);
  const odd = half - 1;
  expect(
    meetsDeadlines([
      { wcet: odd - 1, period: odd, deadline: odd - 1 },
      { wcet: 1, period: half, deadline: half },
    ]),
  ).toBe(true);
});

const arbitraryTask = fc
  .record({
    wcet: fc.integer({ min: 1, max: 12 }),
    period: fc.constantFrom(4, 6, 8, 12, 24),
    part: fc.nat(99),
    late: fc.nat(3),
  })
  .map(({ wcet, period, part, late }): Task => {
    const deadline = late === 0 ? period + (part % 8) : Math.max(1, period - (part % 4));
    return { wcet: Math.min(wcet, period), period, deadline, urgency: late === 1 ? deadline : period };
  });

const cases = METHODS.flatMap((method) =>
  (["fp", "edf"] as const)
    .filter((scheduler) => (SPLITTING[method] ?? scheduler) === scheduler)
    .map((scheduler): [Method, Scheduler] => [method, scheduler]),
);

test.each(cases)("%s under %s is what trying everything finds", (method, scheduler) => {
  let split = 0;
  fc.assert(
    fc.property(
      fc.array(arbitraryTask, { minLength: 1, maxLength: 9 }),
      fc.integer({ min: 1, max: 4 }),
      (tasks, count) => {
        const found = assign(method, scheduler, tasks, count);
        if ("placements" in found && found.placements.some((placement) => "parts" in placement)) split++;
        expect(found).toStrictEqual(assignSlowly(method, scheduler, tasks, count, 720));
      },
    ),
    { numRuns: 200, seed: 9 },
  );
  expect(split > 0).toBe(SPLITTING[method] !== undefined);
});
