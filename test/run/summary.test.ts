// Statistics over replicates: summary.arrow, weighted schedulability, and replicates that end when enough is known.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { wilson } from "../../src/numbers/statistics.js";
import { runSweep } from "../../src/run/run.js";
import { problemsOf } from "../sweep/sweeps.js";
import { runInProcess } from "./in-process.js";
import { rowsOf, type TableRow } from "./rows.js";

const SWEEP = `
name: statistics
horizon: 400
system:
  servers:
    vm:
      policy: =policy
      period: 10
      budget: =B
      copies: =n
      tasks:
        a: { period: 20, wcet: 4, bcet: 1 }
        b: { period: 60, wcet: =W, bcet: 1, offset: 7 }
axes:
  policy: [idling, deferrable]
  n: [1, 2]
  W: { from: 4, to: 12, step: 4 }
  B: { from: 3, to: 5, step: 1 }
seed: 5
phases: random
`;
const SUMMARY = `${SWEEP}replicates: 7\nweigh: W\n`;

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const isNumber = (value: unknown): value is number => typeof value === "number";

test("summary.arrow is what its rows say, and nothing else changes", async () => {
  const directory = await mkdtemp(join(tmpdir(), "replenish-summary-"));
  await runSweep({ text: SUMMARY, file: "s.yaml", directory, workers: 1 });
  const [summary, cells, tasks] = [
    await rowsOf(directory, "summary"),
    await rowsOf(directory, "cells"),
    await rowsOf(directory, "tasks"),
  ];
  await rm(directory, { recursive: true });
  expect(summary.map(({ cell }) => cell)).toEqual([...Array(36).keys()]);
  const accepted = ({ status, missed, unjudged }: TableRow) => status === "ok" && missed === 0 && unjudged === 0;
  const acceptanceOf = (cell: unknown) => {
    const runs = cells.filter((run) => run.cell === cell);
    return runs.filter(accepted).length / runs.length;
  };
  for (const row of summary) {
    const runs = cells.filter(({ cell }) => cell === row.cell);
    expect([row.policy, row.n, row.W, row.B]).toEqual([runs[0].policy, runs[0].n, runs[0].W, runs[0].B]);
    expect([row.replicates, row.accepted]).toEqual([7, runs.filter(accepted).length]);
    const { low, high } = wilson(Number(row.accepted), 7);
    expect([row.acceptance, row.acceptance_low, row.acceptance_high]).toEqual([Number(row.accepted) / 7, low, high]);
    expect(row.miss_ratio_mean).toBeCloseTo(mean(runs.map(({ miss_ratio }) => Number(miss_ratio))), 12);
    const alike = summary.filter(({ policy, n, B }) => policy === row.policy && n === row.n && B === row.B);
    const weights = alike.reduce((sum, { W }) => sum + Number(W), 0);
    const weighted = alike.reduce((sum, { W, cell }) => sum + Number(W) * acceptanceOf(cell), 0) / weights;
    expect(row.weighted_acceptance).toBeCloseTo(weighted, 12);
    for (const [server, task] of [
      ["vm1", "a"],
      ["vm1", "b"],
      ["vm2", "a"],
      ["vm2", "b"],
    ]) {
      for (const name of ["response_mean", "response_max"]) {
        const own = tasks.filter((each) => each.cell === row.cell && each.server === server && each.task === task);
        const values = own.map((each) => each[name]).filter(isNumber);
        const column = `${server}.${task}.${name}`;
        if (values.length === 0) expect(row[`${column}_mean`]).toBe(null);
        else expect(row[`${column}_mean`]).toBeCloseTo(mean(values), 10);
        if (values.length < 2) continue;
        const middle = mean(values);
        const error = Math.sqrt(
          values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1) / values.length,
        );
        expect(row[`${column}_error`]).toBeCloseTo(error, 8);
        expect(Number(row[`${column}_high`]) - middle).toBeCloseTo(2.446911851 * error, 6);
        expect(middle - Number(row[`${column}_low`])).toBeCloseTo(2.446911851 * error, 6);
      }
    }
  }
  expect(new Set(summary.map(({ acceptance }) => acceptance)).size).toBeGreaterThan(3);
  expect(cells).toEqual(runInProcess(SUMMARY).cells);
});

describe("until", () => {
  const UNTIL = `${SWEEP.replace("n: [1, 2]", "n: [1]")}until: { half_width: 0.07, at_most: 250 }\n`;
  const { cells, tasks } = runInProcess(UNTIL);

  test("a cell has its first batches until its interval is narrow enough", () => {
    const all = runInProcess(UNTIL.replace(/until: .*/, "replicates: 250")).cells;
    const lengths = new Set<number>();
    for (let cell = 0; cell < 18; cell++) {
      const own = cells.filter((run) => run.cell === cell);
      const full = all.filter((run) => run.cell === cell);
      expect(own).toEqual(full.slice(0, own.length));
      const enough = [100, 200, 250].find((count) => {
        const good = full.slice(0, count).filter(({ missed, unjudged }) => missed === 0 && unjudged === 0).length;
        const { low, high } = wilson(good, count);
        return count === 250 || (high - low) / 2 <= 0.07;
      });
      expect(own.length).toBe(enough);
      lengths.add(own.length);
    }
    expect(lengths.size).toBeGreaterThan(1);
    expect(tasks).toHaveLength(2 * cells.length);
  });

  test("is the same in chunks of any size, cut anywhere", () => {
    expect(runInProcess(UNTIL, 40).cells).toEqual(cells);
  });

  test("problems", () => {
    const lines = (more: string) => problemsOf(`${SWEEP}${more}\n`);
    expect(lines("until: { half_width: 0.1, at_most: 100 }\nreplicates: 3")).toEqual([
      expect.stringContaining('replicates: goes without "until"'),
    ]);
    expect(lines("until: { half_width: 1, at_most: 0 }")).toEqual([
      expect.stringContaining("until.half_width: 1 is not between 0 and 1"),
      expect.stringContaining("until.at_most: 0 is not a whole number from 1"),
    ]);
    expect(lines("until: { half_with: 0.1, at_most: 100 }")).toContainEqual(
      expect.stringContaining('until.half_with: is not a key of an end of the replicates; did you mean "half_width"?'),
    );
    expect(lines("weigh: w")).toEqual([expect.stringContaining('weigh: there is no axis "w"; did you mean "W"?')]);
    expect(lines("weigh: policy")).toEqual([
      expect.stringContaining("weigh: the axis policy holds texts, which weigh nothing"),
    ]);
  });
});

describe("simulate: unless-proved", () => {
  const ALL = `${SWEEP.replace("B: { from: 3, to: 5, step: 1 }", "B: { from: 3, to: 9, step: 2 }").replace("n: [1, 2]", "n: [1]")}replicates: 3\nanalysis: true\n`;

  test("leaves out what is proved and nothing else, and what was left out misses nothing", () => {
    const [all, some] = [runInProcess(ALL), runInProcess(`${ALL}simulate: unless-proved\n`)];
    expect(some.cells).toHaveLength(all.cells.length);
    let proved = 0;
    for (const [index, run] of some.cells.entries()) {
      const full = all.cells[index];
      if (full.schedulable !== true) {
        expect(run).toEqual(full);
        continue;
      }
      proved++;
      expect([run.cell, run.replicate, run.status, run.schedulable]).toEqual([
        full.cell,
        full.replicate,
        "proved",
        true,
      ]);
      expect([run.missed, run.unjudged, run.miss_ratio]).toEqual([0, 0, 0]);
      expect([run.released, run.judged, run.busy, run.end]).toEqual([null, null, null, null]);
      expect(full.missed).toBe(0);
    }
    expect(proved).toBeGreaterThan(10);
    expect(proved).toBeLessThan(some.cells.length);
    const tasks = some.tasks.filter((task) =>
      some.cells.some((run) => run.cell === task.cell && run.replicate === task.replicate && run.status === "proved"),
    );
    expect(tasks).toHaveLength(2 * proved);
    for (const task of tasks) expect([task.released, task.schedulable]).toEqual([null, true]);
  });

  test("counts as accepted while replicates go on", () => {
    const until = ALL.replace("replicates: 3", "until: { half_width: 0.05, at_most: 300 }");
    const some = runInProcess(`${until}simulate: unless-proved\n`).cells;
    expect(some.map(({ cell, replicate }) => [cell, replicate])).toEqual(
      runInProcess(until).cells.map(({ cell, replicate }) => [cell, replicate]),
    );
  });

  test("needs the analysis, and goes without find", () => {
    const lines = (more: string) => problemsOf(`${SWEEP}${more}\n`);
    expect(lines("simulate: unless-proved")).toEqual([
      expect.stringContaining('simulate: unless-proved needs "analysis: true"'),
    ]);
    expect(lines("simulate: unless-proven\nanalysis: true")).toEqual([
      expect.stringContaining('did you mean "unless-proved"?'),
    ]);
    expect(lines("simulate: unless-proved\nanalysis: true\nfind: { axis: B, least: missed = 0 }")).toEqual([
      expect.stringContaining('goes without "find"'),
    ]);
  });
});
