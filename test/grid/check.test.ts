// Only rules whose records changed are looked at again from cell to cell; what is reported must not depend on that.

import fc from "fast-check";
import { Fraction } from "fraction.js";
import { expect, test } from "vitest";
import { Cursor } from "../../src/grid/cells.js";
import { checkCells } from "../../src/grid/check.js";
import { Grid } from "../../src/grid/grid.js";
import type { CellProblems } from "../../src/grid/problems.js";
import { survey } from "../../src/grid/resolution.js";
import { AxisRanges } from "../../src/grid/values.js";
import { checkScenario } from "../../src/scenario/check/check.js";
import { parseSweep } from "../../src/sweep/parse.js";
import type { Sweep } from "../../src/sweep/sweep.js";
import { soakedRunsOf } from "../support/runs.js";

/** What is said of which cell, in order of the text. */
function said(report: (problems: CellProblems) => void): string[] {
  const lines: string[] = [];
  report({
    add: (_spot, text, culprit) => lines.push(`${culprit().cell} ${text}`),
  } as Partial<CellProblems> as CellProblems);
  return lines.sort();
}

function check(sweep: Sweep, problems: CellProblems): void {
  const ranges = new AxisRanges(sweep);
  const surveyed = survey(sweep, ranges, () => {});
  checkCells(sweep, ranges, { ...surveyed, resolution: new Fraction(1) }, problems);
}

/** What is said, of how many cells, and of which one first. */
function counted(report: (problems: CellProblems) => void): string[] {
  const found = new Map<string, { first: number; cells: number }>();
  report({
    add: (_spot, text, culprit, cells = 1) => {
      const { first, cells: before } = found.get(text) ?? { first: Infinity, cells: 0 };
      found.set(text, { first: Math.min(first, culprit().cell!), cells: before + cells });
    },
  } as Partial<CellProblems> as CellProblems);
  return [...found].map(([text, { first, cells }]) => `${first} ${cells} ${text}`).sort();
}

/** Every rule in every cell. */
function checkEach(sweep: Sweep, problems: CellProblems): void {
  const ranges = new AxisRanges(sweep);
  const cursor = new Cursor(sweep, ranges, new Fraction(1), new Grid(sweep, ranges, []));
  const culprit = () => ({ cell: cursor.cell, values: "" });
  while (cursor.next()) {
    for (const [spot, text] of cursor.faults) problems.add(spot, text, culprit);
    checkScenario(cursor.flat, (_place, text) => problems.add(sweep.axes[0], text(String), culprit));
  }
}

const number = fc.constantFrom("1", "4", "6", "=A", "=B", "=C", "=A - B", "=B * C");
const choice = (...names: string[]) => fc.constantFrom(...names);

const task = fc
  .record(
    { wcet: number, bcet: number, period_max: number, deadline: number, jitter: number, priority: number },
    { requiredKeys: ["wcet"] },
  )
  .map((fields) => ({ period: "=A + 2", ...fields }));

const server = fc.record(
  {
    policy: choice(
      "idling",
      "deferrable",
      "sporadic",
      "cbs",
      "dedicated",
      "recorded",
      '=C > 4 ? "sporadic" : "polling"',
    ),
    period: number,
    budget: number,
    budget_min: number,
    max_replenishments: number,
    scheduler: choice("fp", "edf", '=B > 4 ? "edf" : "fp"'),
    priorities: choice("rm", "explicit", '=C > 4 ? "explicit" : "dm"'),
    windows: fc.array(fc.record({ start: number, duration: number }), { minLength: 1, maxLength: 2 }),
    tasks: fc.record({ x: task, y: task }),
  },
  { requiredKeys: ["policy", "tasks"] },
);

const sweeps = fc.record({
  horizon: fc.oneof(number, fc.record({ hyperperiods: choice("1", "=B"), at_most: fc.constant("=1000 * A") })),
  replicates: fc.constant(1),
  resolution: fc.constant(1),
  system: fc.record({
    host: fc.record(
      { scheduler: choice("fp", "edf", '=A > 4 ? "table" : "fp"'), host_switch: number, frame: number },
      { requiredKeys: ["scheduler"] },
    ),
    servers: fc.record({ first: server, second: server }),
  }),
  axes: fc.constant({ A: [0, 4, 6], B: [2, 4, 6], C: [2, 3, 6] }),
  where: fc.constant(["A + B + C > 4"]), // every axis has to be used, and some cells are left out
});

function sweepOf(fields: unknown): Sweep {
  const text = JSON.stringify(fields, (_key, value) =>
    typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value,
  );
  return parseSweep(text, "s.yaml");
}

/** How many sweeps are drawn. */
const RUNS = soakedRunsOf(300, 60);

test("what is said of each cell is what checking everything in every cell says", () => {
  let problems = 0;
  fc.assert(
    fc.property(sweeps, (fields) => {
      const sweep = sweepOf(fields);
      const each = counted((found) => checkEach(sweep, found));
      problems += new Set(each.map((line) => line.replace(/\d+/g, "#"))).size;
      expect(counted((found) => check(sweep, found))).toEqual(each);
    }),
    { seed: 12, numRuns: RUNS },
  );
  expect(problems).toBeGreaterThan(2.5 * RUNS);
});

test("without constraints what depends on few axes is looked at once for each of their values: the same is said, of as many cells", () => {
  let fewer = 0;
  fc.assert(
    fc.property(sweeps, ({ where: _, ...fields }) => {
      const offset = "=A + B + C"; // every axis has to be used
      const all = { policy: "dedicated", tasks: { z: { period: 10, wcet: 1, offset } } };
      const { host, servers } = fields.system;
      const sweep = sweepOf({ ...fields, system: { host, servers: { ...servers, all } } });
      const each = counted((found) => checkEach(sweep, found));
      let told = 0;
      const found = counted((problems) => {
        const add: CellProblems["add"] = (...which) => {
          told++;
          problems.add(...which);
        };
        check(sweep, { add } as Partial<CellProblems> as CellProblems);
      });
      expect(found).toEqual(each);
      if (told < each.reduce((sum, line) => sum + Number(line.split(" ")[1]), 0)) fewer++;
    }),
    { seed: 12, numRuns: RUNS },
  );
  expect(fewer).toBeGreaterThan(RUNS / 2);
});

test("sound cells are said nothing of, and a rule that breaks later is seen", () => {
  const sweep = parseSweep(
    `horizon: 100
resolution: 1
system: { servers: { vm: { policy: polling, period: =P, budget: 5, tasks: { a: { period: 10, wcet: =W, bcet: 2 } } } } }
axes: { P: [6, 5, 4, 7], W: [3, 1, 2] }
where: P + W > 0
`,
    "s.yaml",
  );
  expect(said((problems) => check(sweep, problems))).toEqual([
    "1 2 exceeds the wcet 1",
    "10 2 exceeds the wcet 1",
    "4 2 exceeds the wcet 1",
    "6 5 exceeds the period 4; a budget is at most its period",
    "7 2 exceeds the wcet 1",
    "7 5 exceeds the period 4; a budget is at most its period",
    "8 5 exceeds the period 4; a budget is at most its period",
  ]);
});
