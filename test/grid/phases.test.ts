// `phases: random`: which offsets a replicate has, what they depend on, and what the bounds of a cell then cover.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tableFromIPC } from "apache-arrow";
import fc from "fast-check";
import { expect, test } from "vitest";
import * as abi from "../../assembly/abi.js";
import { analyze } from "../../src/analysis/analyze.js";
import { cellScenario } from "../../src/grid/cell-scenario.js";
import { type Cursor, openCursor } from "../../src/grid/cells.js";
import { type OpenSweep, openSweep } from "../../src/grid/open.js";
import { serverAt, taskAt } from "../../src/model/fields.js";
import { philox } from "../../src/numbers/philox.js";
import { runSweep } from "../../src/run/run.js";
import { resolveScenario } from "../../src/scenario/resolve.js";
import { scenarioJson } from "../../src/scenario/write.js";
import { canonicalSweep } from "../../src/sweep/canonical.js";
import { tracedCell } from "../../src/trace/cell.js";
import { type Counter, type Key, philox4x32 } from "../reference/philox.js";
import { runsOf } from "../support/runs.js";
import { simulateObject } from "../support/simulate.js";

const SEED = 0xfedcba9876543210n;
const TEXT = `
tick: 1ms
horizon: 2s
seed: ${SEED}
replicates: 4
phases: random
system:
  servers:
    first: { policy: =policy, period: 30, budget: =Q, tasks: { a: { period: 50, wcet: 1, offset: 7 }, b: { period: 90, wcet: 2 } } }
    bandwidth: { policy: cbs, period: 20, budget: 1, tasks: { c: { jobs: [{ at: 3, work: 1 }] }, d: { think: 40, wcet: 1, offset: 5 } } }
    third: { policy: sporadic, period: 40, budget: 1, offset: 100, priority: 1, tasks: { e: { period: 100, period_max: 130, wcet: 1 } } }
axes: { policy: [idling, polling, deferrable], Q: [5, 10] }
`;

function open(text = TEXT): OpenSweep & { cursor: Cursor } {
  const opened = openSweep(text, "s.yaml");
  return { ...opened, cursor: openCursor(opened.sweep, opened.plan) };
}

/** The offsets of the servers and the tasks. */
function offsets({ flat, sweep }: Cursor): number[] {
  const servers = sweep.names.map((_, server) => flat[serverAt(server) + abi.IN_SERVER_OFFSET]);
  return [...servers, ...sweep.spots.task.map((_, task) => flat[taskAt(3, task) + abi.IN_TASK_OFFSET])];
}

/** The result of one run of a sweep, by way of its scenario in normal form. */
function simulateRun(opened: OpenSweep, cell: number, replicate: number): ReturnType<typeof simulateObject> {
  return simulateObject(scenarioJson(tracedCell(opened, cell, replicate).scenario));
}

test("the generator is that of the specification", () => {
  const word = fc.integer({ min: 0, max: 2 ** 32 - 1 });
  fc.assert(
    fc.property(fc.tuple(word, word, word, word), fc.tuple(word, word), (counter, key) => {
      const expected = philox4x32(counter.map(BigInt) as unknown as Counter, key.map(BigInt) as unknown as Key);
      expect(philox(counter, key)).toEqual(expected.map(Number));
    }),
    { numRuns: runsOf(200) },
  );
  expect(philox([0, 0, 0, 0], [0, 0])).toEqual([0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]);
});

test("replicate 0 is as written, every other draws each offset within the period of its server or task", () => {
  const { cursor } = open();
  const written = [-1, -1, 100, 7, -1, -1, 5, -1];
  const all = 0xffffffffn;
  const drawn = (entity: number, replicate: number, period: number) => {
    const counter: Counter = [all, all, BigInt(entity), BigInt(replicate)];
    const [w0, w1] = philox4x32(counter, [SEED & all, SEED >> 32n]);
    return Number(((w0 + (w1 << 32n)) * BigInt(period)) >> 64n);
  };
  while (cursor.next()) {
    expect(offsets(cursor)).toEqual(written);
    for (const replicate of [2, 0, 3, 1]) {
      cursor.replicate(replicate);
      expect(cursor.flat[abi.IN_HEADER_REPLICATE]).toBe(replicate);
      if (replicate === 0) expect(offsets(cursor)).toEqual(written);
      else
        expect(offsets(cursor)).toEqual([
          drawn(2 ** 31, replicate, 30), // the cbs has no offset, jobs as given and think times no period
          ...[-1, drawn(2 ** 31 + 2, replicate, 40), drawn(0, replicate, 50), drawn(1, replicate, 90), -1, 5],
          drawn(4, replicate, 100),
        ]);
    }
  }
});

test("a finer resolution refines the phases, and does not change them", () => {
  const shown = (text: string, steps: number) => {
    const { cursor } = open(text);
    cursor.seek(0);
    cursor.replicate(1);
    return offsets(cursor).map((offset) => (offset < 0 ? offset : Math.floor(offset / steps)));
  };
  expect(shown(TEXT.replace("tick: 1ms", "tick: 1ms\nresolution: 1us"), 1000)).toEqual(
    shown(TEXT, 1).map((offset, i) => (i === 6 ? 5 : offset)),
  );
});

test("what a cell leaves behind is not in the next one", () => {
  const { cursor } = open();
  cursor.seek(0);
  cursor.replicate(3);
  cursor.next();
  const there = cellScenario(cursor);
  const { cursor: other } = open();
  other.seek(1);
  other.replicate(3);
  other.replicate(0);
  cursor.replicate(0);
  expect(cellScenario(cursor)).toEqual(cellScenario(other));
  expect(cellScenario(cursor)).toEqual({ ...there, replicate: 0 });
});

test("a row of the tables is the simulation of its run's scenario", async () => {
  const directory = mkdtempSync(join(tmpdir(), "replenish-phases-"));
  const { phases } = await runSweep({ text: TEXT, file: "s.yaml", directory, workers: 1 });
  const rows = tableFromIPC(readFileSync(join(directory, "tasks.arrow"))).toArray();
  rmSync(directory, { recursive: true });
  expect([phases, rows.length]).toEqual([4, 6 * 4 * 5]);
  const opened = open();
  expect(opened.plan.phases).toBe("random");
  expect(canonicalSweep(opened.sweep)).toContain('"phases":"random"');
  const responses = new Set<number>();
  for (const [index, row] of rows.entries()) {
    const result = simulateRun(opened, Number(row.cell), Number(row.replicate));
    expect(result.tasks[index % 5].response_max).toBe(row.response_max);
    if (row.task === "a") responses.add(row.response_max);
  }
  expect(responses.size).toBeGreaterThan(2);
});

test("bounds cover the phases that are drawn: a server may come later than as written", () => {
  const text = `
horizon: 400
replicates: 40
phases: random
system: { servers: { vm: { policy: idling, period: 10, budget: 9, tasks: { t: { period: 20, wcet: 3, deadline: 6 } } } } }
`;
  const { cursor, sweep, plan } = open(text);
  cursor.seek(0);
  const bound = (flat: Float64Array) => analyze(resolveScenario({ flat, names: sweep.names })).tasks[0].response_bound!;
  const [written, all] = [bound(cursor.flat), bound(cursor.forBounds())];
  let worst = 0;
  for (let replicate = 0; replicate < plan.replicates; replicate++) {
    worst = Math.max(worst, simulateRun({ sweep, plan }, 0, replicate).tasks[0].response_max);
  }
  expect(worst).toBeGreaterThan(written);
  expect(worst).toBeLessThanOrEqual(all);
});

test("one replicate, phases that hardly differ, and a horizon before the last first deadline are warnings", () => {
  const text = (head: string) => `${head}
phases: random
system: { servers: { vm: { policy: idling, period: 10, budget: 5, tasks: { t: { period: 20, wcet: 5 } } } } }
`;
  const warnings = (head: string) => openSweep(text(head), "s.yaml").plan.warnings;
  expect(warnings("horizon: 100")).toEqual([
    "phases: random draws nothing in the first replicate, which is the only one; give more replicates",
  ]);
  expect(warnings("horizon: 100\nreplicates: 2")).toEqual([
    's.yaml:4:22 system.servers.vm: has 2 phases only, the whole steps in its period 10; a finer "resolution" has more',
    's.yaml:4:76 system.servers.vm.tasks.t: has 4 phases only, the whole steps in its period 20; a finer "resolution" has more',
  ]);
  expect(warnings("horizon: 30\nreplicates: 2\nresolution: 1")).toEqual([
    "s.yaml:5:76 system.servers.vm.tasks.t: in some phases no job is judged: the first deadline can be as late as 39, beyond the horizon of 30",
    "A horizon of 39 is the least in which every task is judged",
  ]);
});
