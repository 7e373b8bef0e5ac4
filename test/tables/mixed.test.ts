// A sweep whose cells differ in the counters that their servers and tasks have: a column is null where one has none, and what the
// scenario of the cell gives elsewhere. Verdicts are unknown, with the reason, where no bound is proved.

import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Table, tableFromIPC } from "@uwdata/flechette";
import { expect, test } from "vitest";
import { cellScenario } from "../../src/grid/cell-scenario.js";
import { openCursor } from "../../src/grid/cells.js";
import { openSweep } from "../../src/grid/open.js";
import { runSweep } from "../../src/run/run.js";
import { simulateObject } from "../support/simulate.js";

const SWEEP = `
horizon: 120
analysis: true
system:
  host: { scheduler: edf, fair: { algorithm: sfq, quantum: 3 } }
  servers:
    vm: { policy: =policy, period: 10, budget: 3, clock: =clock, tasks: { t: { period: 20, wcet: 9, window: [1, 3] }, u: { period: 30, wcet: 2 } } }
    debts: { policy: cbs, period: 8, budget: 2, enforce_every: =E, background: { weight: 512 }, tasks: { t: { period: 16, wcet: 5 } } }
    rest: { policy: fair, tasks: { loop: { think: 5, wcet: 4 } } }
axes:
  policy: [deferrable, rtds, polling]
  clock: [host, virtual]
  E: [1, 4]
`;
const OF_SERVERS = ["supply_background", "guest_time"] as const;
const OF_TASKS = ["guest_response_max", "misses_in_window"] as const;

type Row = Readonly<Record<string, unknown>>;

test("optional counters are null where a server has none, and right elsewhere", async () => {
  const directory = join(mkdtempSync(join(tmpdir(), "replenish-")), "run");
  await runSweep({ text: SWEEP, file: "mixed.yaml", directory, workers: 1 });
  const rowsOf = (name: string): Row[] => {
    const table: Table = tableFromIPC(readFileSync(join(directory, `${name}.arrow`)), { useBigInt: false });
    return table.toArray();
  };
  const { sweep, plan } = openSweep(SWEEP, "mixed.yaml");
  const cursor = openCursor(sweep, plan);
  const results = Array.from({ length: plan.cellCount }, (_, cell) => {
    cursor.seek(cell);
    return simulateObject(cellScenario(cursor)) as { servers: Row[]; tasks: Row[] };
  });
  const [servers, tasks] = [rowsOf("servers"), rowsOf("tasks")];
  const picked = (rows: readonly Row[], names: readonly string[]) =>
    rows.map((row) => names.map((name) => row[name] ?? null));
  expect(picked(servers, OF_SERVERS)).toStrictEqual(
    picked(
      results.flatMap((each) => each.servers),
      OF_SERVERS,
    ),
  );
  expect(picked(tasks, OF_TASKS)).toStrictEqual(
    picked(
      results.flatMap((each) => each.tasks),
      OF_TASKS,
    ),
  );
  // Both happen, of every counter.
  for (const [rows, names] of [
    [servers, OF_SERVERS],
    [tasks, OF_TASKS],
  ] as const)
    for (const name of names) {
      expect(rows.some((row) => row[name] === null)).toBe(true);
      expect(rows.some((row) => Number(row[name]) > 0)).toBe(true);
    }
  for (const row of [...servers, ...tasks]) {
    expect(row.schedulable).toBe(null);
    expect(row.theorem).toMatch(/^no test/);
  }
});
