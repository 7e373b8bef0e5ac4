// Sweeps whose cells differ in servers and tasks: their tables have the rows there are, in every way through the program.

import { Fraction } from "fraction.js";
import { describe, expect, test } from "vitest";
import { openCursor } from "../../src/grid/cells.js";
import { openSweep } from "../../src/grid/open.js";
import { RowsOfCells } from "../../src/grid/rows.js";
import { Kernel } from "../../src/kernel/kernel.js";
import { compileKernel } from "../../src/kernel/load.js";
import { simulate } from "../../src/kernel/simulate.js";
import { rowNumbering } from "../../src/results/range.js";
import { canonicalSweep } from "../../src/sweep/canonical.js";
import { parseSweep } from "../../src/sweep/parse.js";
import { tableLayouts } from "../../src/tables/columns.js";
import { tracedCell } from "../../src/trace/cell.js";
import { runInProcess } from "./in-process.js";
import type { TableRow } from "./rows.js";

const SWEEP = `
name: shapes
horizon: 300
system:
  host: { scheduler: fp }
  servers:
    first:
      policy: deferrable
      period: 10
      budget: 1
      tasks: { a: { period: 20, wcet: 1 } }
    vm:
      policy: =policy
      period: =P
      budget: 2
      copies: =n
      tasks:
        a: { period: 20, wcet: 2, bcet: 1 }
        b: { period: 30, wcet: 3 }
    spare: { policy: idling, period: 40, budget: 2, copies: =3 - n }
axes:
  policy: [idling, sporadic]
  n: [1, 3, 0, 2]
  P: { from: 10, to: "=n >= 2 ? 12 : 11", step: 1 }
where: P + n < 15
replicates: 2
analysis: true
seed: 3
`;

const whole = runInProcess(SWEEP);

test("every row is there once, in order, with the counters of the cell's own scenario", () => {
  const { sweep, plan } = openSweep(SWEEP, "shapes.yaml");
  const cursor = openCursor(sweep, plan);
  const kernel = new Kernel(compileKernel());
  const servers: TableRow[] = [];
  const tasks: TableRow[] = [];
  while (cursor.next()) {
    for (let replicate = 0; replicate < 2; replicate++) {
      cursor.replicate(replicate);
      const result = simulate(kernel, cursor.scenario);
      const id = { cell: cursor.cell, replicate, n: cursor.axis(1), P: cursor.axis(2) };
      for (const { name, supply, depletions } of result.servers)
        servers.push({ ...id, server: name, supply, depletions });
      for (const { server, name, completed, response_max } of result.tasks)
        tasks.push({ ...id, server, task: name, completed, response_max });
    }
  }
  const only = (rows: readonly TableRow[], like: TableRow) =>
    rows.map((row) => Object.fromEntries(Object.keys(like).map((key) => [key, row[key]])));
  expect(only(whole.servers, servers[0])).toEqual(servers);
  expect(only(whole.tasks, tasks[0])).toEqual(tasks);
  expect([plan.rowsServers, plan.rowsTasks]).toEqual([servers.length, tasks.length]);
  expect(servers.length).toBe(plan.rowsCells * 4); // 1 + n + (3 - n)
  const counts = new Set(whole.cells.map(({ n, released, completed }) => [n, released, completed].join()));
  expect(counts.size).toBeGreaterThan(4);
  expect(plan.names.map(({ name }) => name)).toEqual(["first", "vm1", "vm2", "vm3", "spare1", "spare2", "spare3"]);
});

test("a cell is that of a sweep in which the copies are written one by one", () => {
  const { sweep, plan } = openSweep(SWEEP, "shapes.yaml");
  const cursor = openCursor(sweep, plan);
  const tasks = "tasks: { a: { period: 20, wcet: 2, bcet: 1 }, b: { period: 30, wcet: 3 } }";
  while (cursor.next()) {
    const [policy, n, P] = [0, 1, 2].map((axis) => cursor.axisText(axis));
    const copies = Array.from(
      { length: Number(n) },
      (_, i) => `vm${i + 1}: { policy: ${policy}, period: ${P}, budget: 2, ${tasks} }`,
    );
    const spares = Array.from(
      { length: 3 - Number(n) },
      (_, i) => `spare${i + 1}: { policy: idling, period: 40, budget: 2 }`,
    );
    const first = "first: { policy: deferrable, period: 10, budget: 1, tasks: { a: { period: 20, wcet: 1 } } }";
    const text = `{ horizon: 300, seed: 3, system: { host: { scheduler: fp }, servers: { ${[first, ...copies, ...spares].join(", ")} } } }`;
    const alone = openSweep(text, "alone.yaml");
    const single = openCursor(alone.sweep, alone.plan);
    single.seek(0);
    expect(cursor.names).toEqual(single.names);
    expect([...cursor.flat]).toEqual([...single.flat]);
    const traced = tracedCell({ sweep, plan }, cursor.cell, 0);
    expect(traced.scenario.names).toEqual(single.names);
  }
  expect(cursor.cell).toBe(plan.cellCount - 1);
});

describe("where rows stand", () => {
  test.each([1, 3])("is told of every run and row, in any order, with %d replicates", (replicates) => {
    const open = openSweep(SWEEP.replace("replicates: 2", `replicates: ${replicates}`), "shapes.yaml");
    const layouts = tableLayouts(open.plan);
    const runs = open.plan.rowsCells;
    const counter = openCursor(open.sweep, open.plan);
    const expected: number[][] = [[0], [0], [0]];
    while (counter.next()) {
      const { servers, tasks } = counter.shape;
      for (let replicate = 0; replicate < replicates; replicate++) {
        for (const [table, own] of [1, servers, tasks].entries()) expected[table].push(expected[table].at(-1)! + own);
      }
    }
    const first = 4 * replicates;
    const numbering = rowNumbering(open, layouts, first);
    for (let step = 0; step <= runs; step++) {
      const run = (step * 7) % (runs + 1);
      for (const table of [0, 1, 2])
        expect(numbering.rowOf(table, run)).toBe(expected[table][run] - expected[table][first]);
    }
    for (const table of [0, 1, 2]) {
      for (let run = runs - 1; run >= first; run--) {
        for (let row = expected[table][run]; row < expected[table][run + 1]; row++)
          expect(numbering.runAt(table, row - expected[table][first])).toBe(run);
      }
      expect(numbering.runAt(table, expected[table][runs] - expected[table][first])).toBe(runs);
    }
  });

  test("is found from thinned combinations", () => {
    const axes = "axes: { k: { from: 1, to: 3000, step: 1 }, n: [1, 2, 5] }";
    const servers =
      "{ vm: { policy: idling, period: 1000, budget: =k / 3000, copies: =n, tasks: { t: { period: 5, wcet: 1 } } } }";
    const open = openSweep(`{ horizon: 10, system: { servers: ${servers} }, ${axes}, where: k + n > 0 }`, "many.yaml");
    expect(open.plan.factors.map(({ every }) => every)).toEqual([4]);
    const rows = new RowsOfCells(open);
    for (const cell of [8999, 0, 4, 17, 8998, 5, 9000]) {
      const before = Math.floor(cell / 3) * 8 + [0, 1, 3][cell % 3];
      const at = rows.at(cell);
      expect({ before: at.before, own: [0, 1, 2].map((table) => at.of(table, 1)) }).toEqual({
        before: [cell, before, before],
        own: cell === 9000 ? [0, 0, 0] : [1, [1, 2, 5][cell % 3], [1, 2, 5][cell % 3]],
      });
      if (cell < 9000) expect(rows.cellOf(1, before)).toBe(cell);
    }
  });
});

describe("copies", () => {
  test("stand in the canonical sweep, which means the same cells", () => {
    const canonical = canonicalSweep(parseSweep(SWEEP, "shapes.yaml"));
    expect(canonical).toContain('"copies":"=(3 - n)"');
    expect(canonicalSweep(parseSweep(canonical, "shapes.json"))).toBe(canonical);
  });

  const problem = (copies: string, more = "") => {
    const text = `horizon: 100\nsystem:\n  servers:\n    vm: { policy: idling, period: 10, budget: 1, copies: ${copies} }\n${more}\naxes: { n: [2, 70, -1, 0.5], x: [1, 2] }`;
    try {
      openSweep(text, "s.yaml");
    } catch (error) {
      return (error as Error).message;
    }
    return "";
  };

  test("are whole numbers that fit a scenario", () => {
    const text = problem("=n * x / x");
    expect(text).toContain("s.yaml:4:58 system.servers.vm.copies: 70 copies are more than the 64 servers");
    expect(text).toContain("-1 copies are not a whole number of at least 0");
    expect(text).toContain("0.5 copies are not a whole number of at least 0");
    expect(problem("3 ms")).toContain("system.servers.vm.copies");
    expect(problem("=x - x + n - n")).toContain("server");
  });

  test("have names that no other server has, and no window of a table", () => {
    const twin = problem("=x + n - n", "    vm12: { policy: idling, period: 10, budget: 1 }");
    expect(twin).toContain("system.servers.vm.copies: a copy of vm can have the name of the server vm12");
    expect(problem("2", "    vmx: { policy: idling, period: =10 + 0 * (n + x), budget: 1 }")).not.toContain(
      "the name of",
    );
    const window = problem(
      "2",
      "    w: { policy: idling, period: =10 + x * n, budget: 1 }\n  host: { scheduler: table, frame: 10, windows: [{ server: vm, start: 0, end: 2 }] }",
    );
    expect(window).toContain("vm has copies, and a window is of one server");
  });

  test("together are not more servers than a scenario can have", () => {
    const text = `horizon: 100\nsystem:\n  servers:\n    a: { policy: idling, period: 100, budget: 1, copies: =n }\n    b: { policy: idling, period: 100, budget: 1, copies: 40 }\naxes: { n: [20, 30] }`;
    expect(() => openSweep(text, "s.yaml")).toThrow("70 servers are more than the 64 that one scenario can have");
  });
});

test("a time is rounded once for all copies", () => {
  const text = `{ tick: 1ms, horizon: 100, rounding: { resolution: 1ms }, system: { servers: { vm: { policy: idling, period: 10, budget: 1.5, copies: =n } } }, axes: { n: [1, 3] } }`;
  const { plan } = openSweep(text, "s.yaml");
  expect(plan.rounding?.rounded.map(({ path, most }) => [path, new Fraction(most.ticks).toString()])).toEqual([
    ["system.servers.vm.budget", "0.5"],
  ]);
  expect(plan.rounding?.utilizations).toHaveLength(1);
});
