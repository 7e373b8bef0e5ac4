// workload.arrow alone says what was simulated: a scenario made of its rows counts what the tables of the run have.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readTable } from "../../src/arrow/file-reader.js";
import { pathOf, TASK_FIELDS } from "../../src/model/fields.js";
import { runSweep } from "../../src/run/run.js";
import { everyWorkloadColumn } from "../../src/tables/workload.js";
import { rowsOf, type TableRow } from "../run/rows.js";
import { simulateObject } from "../support/simulate.js";

const root = mkdtempSync(join(tmpdir(), "replenish-workload-"));
afterAll(() => rmSync(root, { recursive: true }));

async function columnsOf(name: string) {
  for await (const { described } of readTable(join(root, name, "workload.arrow")))
    return described.map((column) => [column.name, column.unit ?? null, column.nullable]);
  return [];
}

const SERVER = { policy: "deferrable", period: 40, budget: 30 };

/** A run of one server. @param tasks what stands for its tasks */
async function runOf(
  name: string,
  tasks: object,
  { server = SERVER, axes = {}, ...more }: { server?: object; axes?: object; phases?: string } = {},
) {
  const system = { servers: { vm: { ...server, tasks } } };
  const sweep = { horizon: 20_000, resolution: 1, replicates: 3, axes, system, ...more };
  const directory = join(root, name);
  await runSweep({ text: JSON.stringify(sweep), file: "s.json", directory, workers: 1 });
  const [cells, counted, workload] = await Promise.all(
    ["cells", "tasks", "workload"].map((table) => rowsOf(directory, table)),
  );
  return { server, cells, counted, workload };
}

/** The task that a row is of: its columns, put where its fields stand. */
function taskOf(row: TableRow): Record<string, unknown> {
  const task: Record<string, unknown> = { name: row.task };
  for (const field of TASK_FIELDS) {
    const value = row[columnOf(field.name)] ?? null;
    if (value !== null && field.kind !== "times") put(task, pathOf(field), value);
  }
  for (const name of ["offset", "jitter"]) if (task[name] === 0) delete task[name]; // not every task may say so
  return task;
}

function put(into: Record<string | number, unknown>, [key, ...inner]: (string | number)[], value: unknown): void {
  if (inner.length === 0) into[key] = value;
  else {
    into[key] ??= typeof inner[0] === "number" ? [] : {};
    put(into[key] as Record<string | number, unknown>, inner, value);
  }
}

/** Written beside the code: `execution.shape[0]` -> `execution_shape_numerator`. */
function columnOf(field: string): string {
  return field
    .replace(".", "_")
    .replace("window[0]", "window_misses")
    .replace("window[1]", "window_jobs")
    .replace("[0]", "_numerator")
    .replace("[1]", "_denominator");
}

/** @param lists what of a task is no column, by its name */
function expectCounted(run: Awaited<ReturnType<typeof runOf>>, lists: Record<string, object> = {}): void {
  const counters = (rows: readonly TableRow[]) =>
    rows.map(({ released, completed, missed, response_max }) => [released, completed, missed, response_max ?? null]);
  for (const { cell, replicate, workload } of run.cells) {
    const isOfRun = (row: TableRow) => row.cell === cell && row.replicate === replicate;
    const set = run.workload.filter((row) => row.workload === workload && row.replicate === replicate);
    const tasks = set.map((row) => ({ ...taskOf(row), ...lists[String(row.task)] }));
    const scenario = { horizon: 20_000, replicate, servers: [{ name: "vm", ...run.server, tasks }] };
    expect(counters(simulateObject(scenario).tasks)).toEqual(counters(run.counted.filter(isOfRun)));
  }
}

const GENERATE = { count: 4, utilization: 0.6, period: { uniform: [50, 900] }, bcet: { ratio: [0.1, 1] } };

test.each<[distribution: string, own?: object]>([
  ["uniform"],
  ["constant", { mean: 0.5 }],
  ["truncated-normal", { mean: 0.5, deviation: 0.2 }],
  ["exponential", { mean: "=m / 10" }],
  ["weibull", { shape: [3, 2], scale: 0.25 }],
  ["bimodal", { share: [1, "=m"], short: 0.4, long: 0.5 }],
])("generated tasks with times that are %s, and sporadic arrivals", async (distribution, own = {}) => {
  const sporadic = { period_max: 3, distribution: "exponential", mean: 1.5 };
  const generate = { ...GENERATE, execution: { distribution, ...own }, sporadic };
  const usesAxis = JSON.stringify(own).includes("=m");
  expectCounted(await runOf(distribution, { generate }, { axes: usesAxis ? { m: [2, 5] } : {} }));
});

test("sets of a table, whose tasks differ in what they are given", async () => {
  const times = "set,name,period,wcet,bcet,execution,period_max,sporadic,priority,on_miss,window,think";
  const rows = [
    'a,x,70,20,5,"{ distribution: exponential, mean: =m * 5 }",,,2,skip,,',
    'a,y,90,30,5,,200,"{ distribution: exponential, mean: 100 }",1,abort,"[1, 5]",',
    'b,x,120,30,3,"{ distribution: weibull, shape: [3, 2], scale: 12 }",150,,3,,,',
    "b,z,,30,,,,,1,,,50",
    "b,y,110,30,,,,,7,shift,,",
    'c,o,90,,,"{ empirical: [5, 9, 9, 60] }",,,1,,,',
  ];
  const server = { ...SERVER, priorities: "explicit" };
  const run = await runOf(
    "sets",
    { from: { file: "t.csv", text: [times, ...rows].join("\n") } },
    { server, axes: { m: [2, 3] } },
  );
  expectCounted(run, { o: { execution: { empirical: [5, 9, 9, 60] } } });
  const [x, y] = run.workload;
  expect([x.period_max, x.execution_mean, x.on_miss, x.window_misses]).toEqual([null, 10, "skip", null]);
  expect([y.period_max, y.sporadic_mean, y.execution_distribution]).toEqual([200, 100, null]);
  const z = run.workload.find(({ task }) => task === "z")!;
  expect([z.period, z.deadline, z.utilization, z.wcet, z.think]).toEqual([null, null, null, 30, 50]);
  expect(run.workload.find(({ task }) => task === "o")!.execution_empirical).toBe(4);
});

test("offsets are those of the set, whatever phases are drawn", async () => {
  const text = "set,name,period,wcet,offset\na,x,90,9,1\nb,x,80,8,7\nc,x,70,7,\n";
  const tasks = {
    written: { from: { file: "t.csv", text } },
    drawn: { generate: { ...GENERATE, offset: { uniform: "period" } } },
  };
  for (const [name, own] of Object.entries(tasks)) {
    const [fixed, random] = [await runOf(name, own), await runOf(`${name} in phases`, own, { phases: "random" })];
    expect(random.workload).toEqual(fixed.workload);
    expect(random.counted).not.toEqual(fixed.counted);
    if (name === "written") expect(fixed.workload.map(({ offset }) => offset)).toEqual([1, 7, 0]);
  }
});

test("a task with recorded jobs has no period, and no wcet where each of them has its own", async () => {
  const jobs = [
    { at: 0, work: 2 },
    { at: 10, work: 3 },
  ];
  const table = 'set,name,period,wcet,jobs\na,r,,,"[{ at: 0, work: 2 }, { at: 10, work: 3 }]"\nb,p,50,4,\nc,p,60,5,\n';
  const run = await runOf("recorded", { from: { file: "t.csv", text: table } });
  expectCounted(run, { r: { jobs } });
  const { period, wcet, bcet, deadline, utilization, offset } = run.workload[0];
  expect([period, wcet, bcet, deadline, utilization, offset]).toEqual([null, null, null, null, null, 0]);
});

test("sets that say nothing else have the columns that are always there, none of which may be null", async () => {
  await runOf("plain", { generate: GENERATE });
  const columns = await columnsOf("plain");
  expect(columns).toEqual(
    everyWorkloadColumn("tick")
      .slice(0, 11)
      .map((column) => [column.name, column.unit ?? null, false]),
  );
});

test("every column says what it is, and none is there twice", () => {
  const columns = everyWorkloadColumn("ms");
  expect(new Set(columns.map(({ name }) => name)).size).toBe(columns.length);
  for (const { name, description } of columns) expect([name, description.length > 5]).toEqual([name, true]);
  expect(
    TASK_FIELDS.map(({ name }) => columnOf(name)).filter((name) => !columns.some((own) => own.name === name)),
  ).toEqual([]);
});
