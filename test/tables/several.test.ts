// The tables of a sweep with several CPUs: a row a CPU, rows of VCPUs, migrations, and a cell in which a task fits nowhere.

import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Table, tableFromIPC } from "@uwdata/flechette";
import { expect, test } from "vitest";
import { runSweep } from "../../src/run/run.js";

const SWEEP = `
horizon: 100
analysis: true
system:
  host: { cpus: =m, scheduler: edf }
  servers:
    vm:
      assignment: partitioned
      assign: first-fit
      vcpus: { v0: { policy: dedicated }, v1: { policy: dedicated } }
      tasks: { a: { period: 10, wcet: 6 }, b: { period: 10, wcet: =C } }
    other: { copies: =n, policy: deferrable, period: 10, budget: 2, tasks: { t: { period: 20, wcet: 3 } } }
axes: { m: [1, 3], C: [6, 4, 11], n: [1, 2] }
`;

type Row = Readonly<Record<string, unknown>>;

test("cpus has a row for each CPU, null where a cell has fewer; a task that fits nowhere is a failure", async () => {
  const directory = join(mkdtempSync(join(tmpdir(), "replenish-")), "run");
  await runSweep({ text: SWEEP, file: "several.yaml", directory, workers: 1 });
  const rowsOf = (name: string): Row[] => {
    const table: Table = tableFromIPC(readFileSync(join(directory, `${name}.arrow`)), { useBigInt: false });
    return table.toArray();
  };
  const [cells, servers, tasks, cpus] = ["cells", "servers", "tasks", "cpus"].map(rowsOf);
  expect(cpus.map(({ cpu }) => cpu)).toStrictEqual(cells.flatMap(() => [0, 1, 2]));
  const failures = readFileSync(join(directory, "failures.jsonl"), "utf8").trimEnd().split("\n");
  expect(failures.map((line) => JSON.parse(line).reason)).toStrictEqual(
    Array(4).fill("task b of vm fits on none of its VCPUs by first-fit"),
  );
  for (const [number, cell] of cells.entries()) {
    const own = cpus.slice(3 * number, 3 * number + 3);
    expect(own.map((row) => row.cell)).toStrictEqual([number, number, number]);
    const there = own.filter(({ busy }) => busy !== null);
    expect(there).toHaveLength(cell.status === "failed" ? 0 : Number(cell.m));
    if (cell.status === "failed") {
      const rows = [...servers, ...tasks].filter((row) => row.cell === number);
      expect(new Set(rows.map(({ theorem }) => theorem))).toStrictEqual(new Set(["a task or a VCPU fits nowhere"]));
      continue;
    }
    expect(there.reduce((sum, { busy }) => sum + Number(busy), 0)).toBe(cell.busy);
    expect(there.reduce((sum, { idle }) => sum + Number(idle), 0)).toBe(cell.idle);
    expect(Number(cell.busy) + Number(cell.idle)).toBe(Number(cell.m) * 100);
    const ofCell = servers.filter((row) => row.cell === number);
    expect(ofCell.map((row) => row.server)).toStrictEqual(["vm", "other1", "other2"].slice(0, 1 + Number(cell.n)));
    expect(ofCell.reduce((sum, { migrations }) => sum + Number(migrations), 0)).toBe(cell.migrations);
  }
  expect(tasks[0]).toMatchObject({ server: "vm", task: "a" });
  expect(existsSync(join(directory, "cpus.arrow"))).toBe(true);
});
