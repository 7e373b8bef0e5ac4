/** `analysis: true` in a sweep: the tables of a run have the verdicts of the analysis beside what was simulated. */

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Table, tableFromIPC } from "@uwdata/flechette";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { analyze } from "../../src/analysis/index.js";
import { cellsOf } from "../../src/commands/subject.js";
import { planSweep } from "../../src/grid/lay-out.js";
import { openSweep } from "../../src/grid/open.js";
import { runSweep } from "../../src/run/run.js";
import { resolveScenario } from "../../src/scenario/resolve.js";
import { canonicalSweep } from "../../src/sweep/canonical.js";
import { parseSweep } from "../../src/sweep/parse.js";
import { columnNames, TABLE_NAMES, tableLayouts } from "../../src/tables/columns.js";

const SWEEP = `
name: verdicts
tick: 4ms
unit: ms
horizon: 600
analysis: true
system:
  host: { scheduler: =host }
  servers:
    vm:
      policy: =policy
      period: 3
      budget: =Q
      tasks: { fast: { period: 5, wcet: 2 }, slow: { period: 55, wcet: 20 } }
    other: { policy: idling, period: 12, budget: 1, scheduler: fifo, tasks: { beat: { period: 60, wcet: 1 } } }
axes:
  host: [fp, edf]
  policy: [idling, polling, cbs-soft]
  Q: { from: 1, to: 3, step: 0.25 }
replicates: 2
`;

async function run(workers: number): Promise<string> {
  const directory = join(mkdtempSync(join(tmpdir(), "replenish-")), "run");
  await runSweep({ text: SWEEP, file: "verdicts.yaml", directory, workers });
  return directory;
}

function tableOf(directory: string, name: string): Table {
  return tableFromIPC(readFileSync(join(directory, `${name}.arrow`)));
}

function columnOf(table: Table, name: string): unknown[] {
  return [...table.getChild(name)!];
}

/** A verdict as the tables have it. */
function knownOf(verdict: boolean | "unknown"): boolean | null {
  return verdict === "unknown" ? null : verdict;
}

describe("a run", () => {
  let one = "";
  beforeAll(async () => {
    one = await run(1);
  });
  afterAll(() => rmSync(one, { recursive: true }));

  test("has the verdicts of every cell, once a replicate", () => {
    const [cells, servers, tasks] = TABLE_NAMES.map((name) => tableOf(one, name));
    const systems = Array.from(cellsOf(openSweep(SWEEP, "verdicts.yaml")), ({ scenario }) => resolveScenario(scenario));
    const analyses = systems.flatMap((system) => {
      const analysis = analyze(system);
      return [analysis, analysis];
    });
    // A step is a quarter of a tick of 4 ms, the unit of the tables.
    expect(columnOf(cells!, "schedulable")).toEqual(analyses.map((analysis) => knownOf(analysis.schedulable)));
    const serverRows = analyses.flatMap((analysis) => analysis.servers);
    expect(columnOf(servers!, "schedulable")).toEqual(serverRows.map(({ schedulable }) => knownOf(schedulable)));
    expect(columnOf(servers!, "host_response")).toEqual(serverRows.map(({ response }) => response));
    expect(columnOf(servers!, "theorem")).toEqual(serverRows.map(({ theorem }) => theorem));
    const taskRows = analyses.flatMap((analysis) => analysis.tasks);
    expect(columnOf(tasks!, "schedulable")).toEqual(taskRows.map(({ schedulable }) => knownOf(schedulable)));
    expect(columnOf(tasks!, "bound")).toEqual(taskRows.map(({ response_bound }) => response_bound));
    expect(columnOf(tasks!, "theorem")).toEqual(taskRows.map(({ theorem }) => theorem));
    // All three verdicts occur, bounds and their absence too.
    expect(new Set(columnOf(tasks!, "schedulable"))).toEqual(new Set([true, false, null]));
    expect(new Set(columnOf(cells!, "schedulable"))).toEqual(new Set([true, false, null]));
  });

  test("shows no miss and no response beyond the bound where the verdict is true", () => {
    const tasks = tableOf(one, "tasks").toArray() as Record<string, unknown>[];
    const safe = tasks.filter(({ schedulable }) => schedulable === true);
    expect(safe.length).toBeGreaterThan(0);
    for (const { missed, bound, response_max } of safe) {
      expect(Number(missed)).toBe(0);
      expect(response_max as number).toBeLessThanOrEqual(bound as number);
    }
  });

  test("is the same in every byte for any number of workers", async () => {
    const three = await run(3);
    for (const name of TABLE_NAMES) {
      const [ofOne, ofThree] = [one, three].map((directory) => readFileSync(join(directory, `${name}.arrow`)));
      expect(ofOne!.equals(ofThree!)).toBe(true);
    }
  });
});

describe("the key analysis", () => {
  const without = SWEEP.replace("analysis: true\n", "");

  test("is off by default, and then changes nothing", () => {
    const names = (text: string) =>
      tableLayouts(planSweep(parseSweep(text, "s.yaml"))).map(({ columns }) => columns.map(({ name }) => name));
    const [cells, servers, tasks] = names(SWEEP);
    const [plainCells, plainServers, plainTasks] = names(without);
    expect(cells).toEqual([...plainCells!, "schedulable"]);
    expect(servers).toEqual([...plainServers!, "host_response", "schedulable", "theorem"]);
    expect(tasks).toEqual([...plainTasks!, "bound", "schedulable", "theorem"]);
  });

  test("is part of what makes a run that run, only where it is true", () => {
    const canonical = (text: string, set: string[] = []) => canonicalSweep(parseSweep(text, "s.yaml", set));
    expect(canonical(SWEEP)).toContain('"analysis":true');
    expect(canonical(without)).not.toContain("analysis");
    expect(canonical(without, ["analysis=true"])).toBe(canonical(SWEEP));
    expect(canonical(SWEEP, ["analysis=false"])).toBe(canonical(without));
  });

  test("is true or false", () => {
    expect(() => parseSweep(SWEEP.replace("analysis: true", "analysis: yes please"), "s.yaml")).toThrow(
      '"yes please" is not true or false',
    );
  });

  test("keeps the names of its columns from axes", () => {
    expect(columnNames([])).toEqual(expect.arrayContaining(["bound", "host_response", "schedulable", "theorem"]));
  });
});
