// Sets of tasks that stand in a table: a replicate has the tasks of its set and nothing else, in every table and command.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { openSweep } from "../../src/grid/open.js";
import { compileKernel } from "../../src/kernel/load.js";
import { Rerunner } from "../../src/page/rerun.js";
import { rowNumbering } from "../../src/results/range.js";
import { mergeShards } from "../../src/run/merge.js";
import { runSweep } from "../../src/run/run.js";
import { verifyRun } from "../../src/run/verify.js";
import { canonicalSweep } from "../../src/sweep/canonical.js";
import { parseSweep } from "../../src/sweep/parse.js";
import { tableLayouts } from "../../src/tables/columns.js";
import { tracedCell } from "../../src/trace/cell.js";
import { runInProcess } from "../run/in-process.js";
import { sumsOf } from "../run/process.js";
import { rowsOf, type TableRow } from "../run/rows.js";
import { runsOf } from "../support/runs.js";
import { simulateObject } from "../support/simulate.js";
import { problemsOf } from "../sweep/sweeps.js";

interface Task {
  readonly name: string;
  readonly period: number;
  readonly wcet: number | string;
  readonly bcet: number | "";
  readonly offset: number | "";
}

/** @param sets of one server; undefined: a table without the column, of one set */
function tableOf(sets: readonly (readonly Task[])[], hasColumn: boolean): object {
  const lines = sets.flatMap((tasks, set) =>
    tasks.map(({ name, period, wcet, bcet, offset }) =>
      [...(hasColumn ? [`s${set}`] : []), name, period, wcet, bcet, offset].join(),
    ),
  );
  const head = `${hasColumn ? "set," : ""}name,period,wcet,bcet,offset`;
  return { file: "t.csv", text: `${[head, ...lines].join("\n")}\n` };
}

interface Sets {
  readonly vm: readonly (readonly Task[])[];
  readonly other: readonly (readonly Task[])[] | undefined;
  readonly phases: string;
  readonly copies: readonly number[];
}

/** @param only the one set that every replicate has; undefined: each its own */
function sweepOf({ vm, other, phases, copies }: Sets, only?: number): string {
  const of = (sets: readonly (readonly Task[])[]) =>
    only === undefined ? tableOf(sets, true) : tableOf([sets[only]], false);
  return JSON.stringify({
    ...{ horizon: 240, resolution: 1, seed: 7, analysis: true, phases, replicates: vm.length },
    system: {
      servers: {
        vm: {
          ...{ policy: "=policy", period: 12, budget: "=Q", copies: "=n" },
          tasks: { from: of(vm), fixed: { dog: { period: 30, wcet: 1 } } },
        },
        plain: { policy: "polling", period: 20, budget: 2, tasks: { p: { period: 40, wcet: "=C" } } },
        ...(other === undefined ? {} : { other: { policy: "dedicated", tasks: { from: of(other) } } }),
      },
    },
    axes: { policy: ["deferrable", "idling"], n: copies, Q: [2, 5], C: [1, 3] },
  });
}

const tasks = fc.uniqueArray(fc.constantFrom("a", "b", "c", "d"), { minLength: 1, maxLength: 3 }).chain((names) =>
  fc.tuple(
    ...names.map((name) =>
      fc.record({
        name: fc.constant(name),
        period: fc.constantFrom(15, 20, 24, 60),
        wcet: fc.constantFrom(3, 5, "=C", "=C + 1"),
        bcet: fc.constantFrom(1 as const, "" as const),
        offset: fc.constantFrom(4 as const, "" as const),
      }),
    ),
  ),
);

const sweeps: fc.Arbitrary<Sets> = fc.integer({ min: 1, max: 3 }).chain((sets) => {
  const all = fc.array(tasks, { minLength: sets, maxLength: sets });
  return fc.record({
    vm: all,
    other: fc.option(all, { nil: undefined }),
    phases: fc.constantFrom("written", "random"),
    copies: fc.constantFrom([1], [1, 2], [2, 0]),
  });
});

/** What only a sweep with sets has. */
const OWN = ["workload", "u_target", "u_actual"];

function without(row: TableRow, names: readonly string[]): TableRow {
  return Object.fromEntries(Object.entries(row).filter(([name]) => !names.includes(name)));
}

test("the rows of a replicate are those of a sweep that has its set alone", () => {
  let [rows, uneven] = [0, 0];
  fc.assert(
    fc.property(sweeps, fc.integer({ min: 1, max: 5 }), (sets, chunks) => {
      const text = sweepOf(sets);
      const found = runInProcess(text, chunks);
      const single = sets.vm.map((_, set) => runInProcess(sweepOf(sets, set)));
      for (const [name, own] of Object.entries(found)) {
        for (const replicate of sets.vm.keys()) {
          const isOf = (row: TableRow) => row.replicate === replicate;
          const expected = single[replicate][name].filter(isOf);
          expect(JSON.stringify(own.filter(isOf).map((row) => without(row, OWN)))).toBe(JSON.stringify(expected));
        }
        rows += own.length;
      }
      const open = openSweep(text, "s.yaml");
      const layouts = tableLayouts(open.plan);
      const numbering = rowNumbering(open, layouts);
      for (const [table, { name }] of layouts.entries()) {
        const runs = found[name].map(({ cell, replicate }) => Number(cell) * sets.vm.length + Number(replicate));
        expect(runs.map((_, row) => numbering.runAt(table, row))).toEqual(runs);
        const { rowsCells, rowsServers, rowsTasks } = open.plan;
        expect(numbering.rowOf(table, rowsCells)).toBe(found[name].length);
        expect([rowsCells, rowsServers, rowsTasks][table]).toBe(found[name].length);
      }
      if (open.plan.varies === true && sets.copies.length === 1) uneven++;
      const canonical = canonicalSweep(parseSweep(text, "s.yaml"));
      expect(canonicalSweep(parseSweep(canonical, "s.json"))).toBe(canonical);
      expect(JSON.stringify(runInProcess(canonical))).toBe(JSON.stringify(found));
    }),
    { seed: 1, numRuns: runsOf(60) },
  );
  expect(rows).toBeGreaterThan(500);
  expect(uneven).toBeGreaterThan(0);
});

const TABLE = `set,name,period,wcet,priority
first,a,10ms,1ms,2
first,b,20ms,"=C",1
2,b,30ms,4ms,1
2,c,40ms,5ms,2
2,a,8ms,2ms,3
first,e,100ms,1ms,7
last,a,50ms,"=C",1
`;

const SWEEP = `name: given
horizon: 1s
system:
  servers:
    vm:
      policy: =policy
      period: 10ms
      budget: =Q
      priorities: explicit
      copies: =n
      tasks: { from: { file: tasks.csv, text: ${JSON.stringify(TABLE)} } }
axes: { policy: [idling, deferrable], C: [2ms, 3ms], n: [1, 2], Q: [2ms, 4ms] }
analysis: true
`;

const root = mkdtempSync(join(tmpdir(), "replenish-given-"));
afterAll(() => rmSync(root, { recursive: true }));

describe("a run over three sets of different tasks", () => {
  const run = (name: string, more: object) =>
    runSweep({ text: SWEEP, file: "s.yaml", directory: join(root, name), workers: 1, ...more });

  test("is the same in shards, is verified, and says in workload.arrow what each replicate had", async () => {
    await run("whole", {});
    for (const index of [1, 2]) await run("parts", { shard: { index, count: 2 } });
    await mergeShards({ directories: [join(root, "parts")] });
    expect(await sumsOf(join(root, "parts"))).toEqual(await sumsOf(join(root, "whole")));
    expect((await verifyRun({ directory: join(root, "whole"), workers: 1 })).differences).toEqual([]);
    const [cells, tasks, workload] = await Promise.all(
      ["cells", "tasks", "workload"].map((table) => rowsOf(join(root, "whole"), table)),
    );
    expect(cells).toHaveLength(16 * 3);
    expect(workload.map(({ server, task, replicate }) => `${replicate} ${server} ${task}`).slice(0, 7)).toEqual(
      ["0 vm1 a", "0 vm1 b", "0 vm1 e", "1 vm1 b", "1 vm1 c", "1 vm1 a", "2 vm1 a"], // of a cell with one copy
    );
    const open = openSweep(SWEEP, "s.yaml");
    for (const row of cells) {
      const { cell, replicate } = row;
      const set = workload.filter((one) => one.workload === row.workload && one.replicate === replicate);
      const { scenario } = tracedCell(open, Number(cell), Number(replicate));
      const copies = scenario.names.length;
      expect([row.u_target, copies]).toEqual([null, [1, 2][Math.floor(Number(cell) / 2) % 2]]);
      const sum = set.reduce((total, { wcet, period }) => total + Number(wcet) / Number(period), 0);
      expect(row.u_actual).toBeCloseTo(sum * copies, 12);
      const own = { policy: Number(cell) < 8 ? "idling" : "deferrable", period: 10, budget: [2, 4][Number(cell) % 2] };
      const priorities: Record<string, number[]> = { 0: [2, 1, 7], 1: [1, 2, 3], 2: [1] };
      const setTasks = set.map(({ task, period, wcet }, i) => ({
        ...{ name: task, period, wcet, priority: priorities[String(replicate)][i] },
      }));
      const server = (name: string) => ({ name, ...own, priorities: "explicit", tasks: setTasks });
      const rebuilt = {
        ...{ horizon: 1000, replicate },
        servers: Array.from({ length: copies }, (_, i) => server(`vm${i + 1}`)),
      };
      const counted = (rows: readonly TableRow[]) =>
        rows.map(({ missed, released, response_max }) => [missed, released, response_max ?? null]);
      const found = tasks.filter((one) => one.cell === cell && one.replicate === replicate);
      expect(counted(simulateObject(rebuilt).tasks as unknown as TableRow[])).toEqual(counted(found));
    }
  });

  test("is computed again by the page", async () => {
    const open = openSweep(SWEEP, "s.yaml");
    const rerunner = Rerunner.open(compileKernel(), canonicalSweep(open.sweep), open.plan);
    const { tables } = rerunner.run({ cell: 13, replicate: 1 });
    const stored = (await rowsOf(join(root, "whole"), "tasks")).filter((row) => row.cell === 13 && row.replicate === 1);
    const plain = (value: unknown) => (typeof value === "bigint" ? Number(value) : value);
    expect(tables[2].map((row) => row.map(plain))).toEqual(stored.map((row) => Object.values(row)));
  });
});

test("a search finds of each set what a sweep of this set finds", () => {
  const searched = (sets: Sets, only?: number) => {
    const sweep = JSON.parse(sweepOf(sets, only)) as Record<string, unknown>;
    const axes = { policy: ["deferrable", "idling"], n: [1], C: [1, 3], Q: { from: 0, to: 12, step: 1 } };
    const where = "Q > 0";
    return runInProcess(JSON.stringify({ ...sweep, axes, where, find: { axis: "Q", least: "missed = 0" } })).find;
  };
  const task = (name: string, period: number, wcet: number): Task => ({ name, period, wcet, bcet: "", offset: "" });
  const vm = [[task("a", 20, 3)], [task("b", 24, 5), task("a", 60, 5)], [task("a", 15, 3), task("d", 60, 1)]];
  const sets: Sets = { vm, other: undefined, phases: "written", copies: [1] };
  const found = searched(sets);
  for (const replicate of vm.keys()) {
    const isOf = (row: TableRow) => row.replicate === replicate;
    expect(found.filter(isOf)).toEqual(searched(sets, replicate).filter(isOf));
  }
  expect(new Set(found.map((row) => row.found)).size).toBeGreaterThan(2);
});

describe("what is wrong with sets", () => {
  const sweep = (table: string, more = "", fixed = "") =>
    `horizon: 100\nsystem: { servers: { vm: { policy: idling, period: 10, budget: 5, tasks: { from: { file: d/t.csv, text: ${JSON.stringify(table)} }${fixed} } }${more.startsWith(",") ? more : " } }"}\n${more.startsWith(",") ? "" : more}`;
  const good = "set,name,period,wcet\n1,a,20,2\n2,a,30,3\n2,b,30,1\n";
  const other = (table: string) =>
    `, w: { policy: dedicated, tasks: { from: { file: u.csv, text: ${JSON.stringify(table)} } } } } }`;

  test.each([
    [sweep(good), "no problem"],
    [sweep(good, "replicates: 2"), "no problem"],
    [sweep(good, "replicates: 1"), "no problem"],
    [sweep(good, "until: { half_width: 0.1, at_most: 2 }"), "no problem"],
    [
      sweep(good, "replicates: 3"),
      "s.yaml:3:13 replicates: 3 replicates are more than the 2 sets of system.servers.vm.tasks; each replicate has a set of its own, so 2 at most",
    ],
    [
      sweep(good, "until: { half_width: 0.1, at_most: 100 }"),
      "s.yaml:3:36 until.at_most: 100 replicates are more than the 2 sets",
    ],
    [
      sweep(good, other("set,name,period,wcet\nx,a,20,2\n")),
      "system.servers.w.tasks: has 1 set, and system.servers.vm.tasks 2 sets: a replicate takes the next set of each; say how many replicates there are, 1 at most",
    ],
    [sweep("set,name,period,wcet\n1,a,20,2\n,b,30,3\n"), "d/t.csv:3:1 system.servers.vm.tasks: the task is in no set"],
    [sweep("set,name,period,wcet\n1,a,20,2\n1,a,30,3\n"), "d/t.csv:3:3 system.servers.vm.tasks.a: d/t.csv:2 has"],
    [sweep(good, "", ", fixed: { b: { period: 9, wcet: 1 } }"), "d/t.csv:4:3 system.servers.vm.tasks.b: s.yaml:2 has"],
    [
      sweep("set,name,period,wcet\n1,a,20,2\n2,a,30,0\n3,a,20,1\n"),
      'd/t.csv:3:8 system.servers.vm.tasks["a of set 2"].wcet: 0 is not positive',
    ],
    [sweep("set,name,period,wcet\n1,a,20,2\n2,a,,4\n"), 'd/t.csv:3:3 system.servers.vm.tasks["a of set 2"].period'],
    [sweep("set,name,period,wcet\n1,a,=2 * 3,2\n2,a,= 1 / 0,4\n"), 'd/t.csv:3:5 system.servers.vm.tasks["a of set 2"]'],
    [
      sweep(good, "", ", fixed: { c: { after: { server: vm, task: a }, wcet: 1, deadline: 9 } }"),
      "tasks.c.after.task: a is in some of the sets of vm only; a task that others follow stands in fixed",
    ],
    [
      sweep(good).replace("horizon: 100", "horizon: { hyperperiods: 1 }"),
      "horizon: is one length where tasks come in sets",
    ],
  ])("%s", (text, problem) => {
    expect(problemsOf(text).join("\n")).toContain(problem);
  });

  test("is that they name more tasks than tables tell apart", () => {
    const rows = Array.from({ length: 1025 }, (_, i) => `${Math.floor(i / 5)},t${i},20,1\n`);
    expect(problemsOf(sweep(`set,name,period,wcet\n${rows.join("")}`)).join()).toContain(
      "the sets name 1025 different tasks, and tables tell 1024 apart",
    );
  });
});
