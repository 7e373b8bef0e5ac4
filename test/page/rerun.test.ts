// A run computed again, as the page does it: the rows are those that the tables would have, and between the cells of a sweep
// there are runs as well.

import { compileKernel, Kernel, openSweep, simulate, tracedCell } from "replenish";
import { expect, test } from "vitest";
import { proofText } from "../../src/page/proof.js";
import { Rerunner } from "../../src/page/rerun.js";
import { canonicalSweep } from "../../src/sweep/canonical.js";
import { tableLayouts } from "../../src/tables/columns.js";

const TEXT = `
name: small
unit: ms
tick: 4ms
horizon: 200
replicates: 3
analysis: true
system:
  servers:
    vm:
      policy: =policy
      period: =P
      budget: =Q
      tasks:
        control: { period: 5, wcet: 2, jitter: 1 }
axes:
  policy: [idling, deferrable]
  P: [3, 4]
  Q: [1ms, 4ms, 8ms]
`;

const open = openSweep(TEXT, "small.yaml");
const rerunner = Rerunner.open(compileKernel(), canonicalSweep(open.sweep), open.plan);
const tables = tableLayouts(open.plan).map(({ name, columns }) => ({ name, columns, rows: 0, bytes: 0 }));

function counter(rows: ReturnType<Rerunner["run"]>["tables"], table: number, column: string) {
  return rows[table][0][tables[table].columns.findIndex(({ name }) => name === column)];
}

test("a cell has the counters that the kernel counts for it", () => {
  const { tables: rows } = rerunner.run({ cell: 8, replicate: 2 });
  const { scenario } = tracedCell(open, 8, 2);
  const { host, tasks } = simulate(new Kernel(compileKernel()), scenario);
  expect(rows.map((table) => table.length)).toStrictEqual([1, 1, 1]);
  expect(counter(rows, 0, "cell")).toBe(8n);
  expect(counter(rows, 0, "replicate")).toBe(2n);
  expect(counter(rows, 0, "switches")).toBe(BigInt(host.switches));
  expect(counter(rows, 2, "completed")).toBe(BigInt(tasks[0].completed));
  expect(counter(rows, 2, "missed")).toBe(BigInt(tasks[0].missed));
});

test("values that are a cell's give the rows of that cell", () => {
  const cell = rerunner.run({ cell: 8, replicate: 0 }).tables;
  const values = rerunner.run({ values: ["deferrable", "3", "8"], replicate: 0 }).tables;
  const own = (rows: typeof cell) => rows.map((table) => table.map((row) => row.slice(1))); // but for its number
  expect(own(values)).toStrictEqual(own(cell));
  expect(proofText(tables, cell, cell)).toBe("equal");
});

test("between the cells there are runs, and where there is none it is said why", () => {
  const { tables: rows } = rerunner.run({ values: ["idling", "3.5", "5.5"], replicate: 0 });
  expect(counter(rows, 0, "bandwidth")).toBe(5.5 / 14);
  expect(() => rerunner.run({ values: ["idling", "1", "8"], replicate: 0 })).toThrow(/exceeds the period/);
  expect(() => rerunner.run({ values: ["nothing", "1", "1"], replicate: 0 })).toThrow(/nothing/);
});

test("a run between the cells is called so in its picture, not by the number of another", () => {
  rerunner.run({ values: ["idling", "3.5", "5.5"], replicate: 1 });
  const title = "small, between the cells: policy=idling P=3.5 Q=5.5ms, replicate 1";
  expect(rerunner.picture(0, 20, 800).svg).toContain(`aria-label="${title}`);
  expect(rerunner.file(0, 20)).toContain(`<title>${title}`);
});

const OPTIONAL = `
horizon: 40
system: { servers: { vm: { policy: =policy, period: 5, budget: '=policy == "idling" ? 2 : B', tasks: { t: { period: 10, wcet: 2 } } } } }
axes: { policy: [idling, polling], B: { values: [3, 4], when: policy == "polling" } }
`;

test("an axis that does not exist has no value, also when it is asked for by values", () => {
  const { sweep, plan } = openSweep(OPTIONAL, "optional.yaml");
  const own = Rerunner.open(compileKernel(), canonicalSweep(sweep), plan);
  const at = tableLayouts(plan)[0].columns.findIndex(({ name }) => name === "B");
  const budget = (values: (string | null)[]) => own.run({ values, replicate: 0 }).tables[0][0][at];
  expect(own.run({ cell: 0, replicate: 0 }).tables[0][0][at]).toBe(null);
  expect(budget(["idling", null])).toBe(null);
  expect(budget(["idling", "4"])).toBe(null);
  expect(budget(["polling", "3.5"])).toBe(3.5);
  expect(budget(["polling", null]), "the first one that the sweep has").toBe(3);
});

test("a cell in which a server has no place has its axes and the reason, and no picture", () => {
  const { sweep, plan } = openSweep(
    "{ horizon: 20, system: { host: { cpus: 1, scheduler: edf, assign: first-fit }, servers: { s: { copies: 2, policy: deferrable, period: 10, budget: =Q, tasks: { t: { period: 20, wcet: 1 } } } } }, axes: { Q: [5, 6] } }",
    "full.yaml",
  );
  const own = Rerunner.open(compileKernel(), canonicalSweep(sweep), plan);
  const at = tableLayouts(plan)[0].columns.findIndex(({ name }) => name === "Q");
  expect(own.run({ cell: 0, replicate: 0 })).toMatchObject({ failure: undefined, extent: { horizon: 20 } });
  const { tables: rows, failure, extent } = own.run({ cell: 1, replicate: 0 });
  expect([rows[0][0][at], extent]).toStrictEqual([6, undefined]);
  expect(failure).toContain("s2");
});

test("the proof names what differs", () => {
  const rows = rerunner.run({ cell: 0, replicate: 0 }).tables;
  const index = tables[2].columns.findIndex(({ name }) => name === "response_max");
  const changed = rows.map((table, number) =>
    number < 2 ? table : table.map((row) => row.map((value, at) => (at === index ? 1.5 : value))),
  );
  const here = rows[2][0][index];
  expect(proofText(tables, changed, rows)).toBe(`tasks vm/control response_max: 1.5 in the table, ${here} here`);
  expect(proofText(tables, [rows[0], rows[1], []], rows)).toBe("tasks: 0 rows in the table, 1 here");
});

test("a picture shows the window that is asked for, and the file is that of the command", () => {
  rerunner.run({ cell: 3, replicate: 0 });
  const { svg, from, to } = rerunner.picture(16, 64, 800);
  expect([from, to]).toStrictEqual([16, 64]);
  expect(svg).toMatch(/^<svg [^>]*width="800"[^>]*role="img"/);
  expect(svg).not.toContain("<style");
  expect(rerunner.file(0, 64)).toMatch(/^<svg [^>]*>\n<title>small, cell 3.*<\/svg>\n$/s);
});

test("of several CPUs there are the rows of each, and the proof names the CPU", () => {
  const sweep = openSweep(
    "{ name: two, horizon: 20, system: { host: { cpus: 2 }, servers: { s: { policy: dedicated, tasks: { t: { period: 10, wcet: 3 } } } } } }",
    "two.yaml",
  );
  const infos = tableLayouts(sweep.plan).map(({ name, columns }) => ({ name, columns, rows: 0, bytes: 0 }));
  const rows = Rerunner.open(compileKernel(), canonicalSweep(sweep.sweep), sweep.plan).run({
    cell: 0,
    replicate: 0,
  }).tables;
  expect(rows.map((table) => table.length)).toStrictEqual([1, 1, 1, 2]);
  const busy = infos[3].columns.findIndex(({ name }) => name === "busy");
  expect(rows[3].map((row) => row[busy])).toStrictEqual([6, 0]);
  const changed = [...rows.slice(0, 3), [rows[3][0], rows[3][1].map((value, at) => (at === busy ? 9 : value))]];
  expect(proofText(infos, changed, rows)).toBe("cpus 1 busy: 9 in the table, 0 here");
});
