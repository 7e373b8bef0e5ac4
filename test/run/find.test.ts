// `find`: a search in place of the full grid, through every way of the program.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { analyze } from "../../src/analysis/analyze.js";
import { cellsOf } from "../../src/commands/subject.js";
import { openSweep } from "../../src/grid/open.js";
import { findings, findLines } from "../../src/report/find-lines.js";
import { runSweep } from "../../src/run/run.js";
import { resolveScenario } from "../../src/scenario/resolve.js";
import { canonicalSweep } from "../../src/sweep/canonical.js";
import { parseSweep } from "../../src/sweep/parse.js";
import { problemsOf } from "../sweep/sweeps.js";
import { runInProcess } from "./in-process.js";
import { rowsOf, type TableRow } from "./rows.js";

const SWEEP = `
name: search
tick: 1ms
horizon: 600
system:
  servers:
    vm:
      policy: =policy
      period: =P
      budget: =Q
      tasks:
        a: { period: 20, wcet: 3, bcet: 1 }
        b: { period: 60, wcet: 8, deadline: 50 }
axes:
  policy: [idling, deferrable]
  Q: { from: 0.5, to: =P, step: 0.5 }
  P: { from: 5, to: 12, step: 1 }
replicates: 2
analysis: true
seed: 5
`;
const FIND = `${SWEEP}find: { axis: Q, least: missed = 0, probes: 2 }\n`;

/** The same grid without a search: its axes in the order in which the search has them. */
const fullGrid = (text: string) => canonicalSweep(parseSweep(text, "s.yaml")).replace(/"find":\{.*?\},/, "");

const found = runInProcess(FIND);
const full = runInProcess(fullGrid(FIND));

/** The rows of a cell and replicate, as text without numbers that a search may change. */
const keyed = (rows: readonly TableRow[]) => {
  const found = new Map<string, TableRow[]>();
  for (const row of rows) {
    const key = `${row.cell} ${row.replicate}`;
    found.set(key, [...(found.get(key) ?? []), row]);
  }
  return found;
};

describe("a run that searches", () => {
  test("has of each probe the rows that the full grid has of that cell, and a fraction of them", () => {
    for (const table of ["cells", "servers", "tasks"]) {
      const [probed, all] = [found[table], full[table]];
      const whole = keyed(all);
      for (const [key, rows] of keyed(probed)) expect(rows).toEqual(whole.get(key));
      expect(probed.length).toBeLessThan(all.length * 0.6);
      const order = probed.map(({ cell, replicate }) => Number(cell) * 2 + Number(replicate));
      expect(order).toEqual(order.toSorted((a, b) => a - b));
    }
  });

  test("says the boundary of the full grid, what it took, and what the analysis needs", () => {
    const { cells } = full;
    const { cells: probed, find } = found;
    expect(Object.keys(find[0])).toEqual([
      "policy",
      "P",
      "replicate",
      "found",
      "worse",
      "simulated",
      "anomaly",
      "bound",
      "cell",
    ]);
    expect(find).toHaveLength(2 * 8 * 2);
    const { sweep, plan } = openSweep(FIND, "s.yaml");
    const verdicts = new Map<number, boolean>();
    for (const { number, scenario } of cellsOf({ sweep, plan }))
      verdicts.set(number, analyze(resolveScenario(scenario)).schedulable === true);
    for (const row of find) {
      const own = ({ policy, P, replicate }: TableRow) =>
        policy === row.policy && P === row.P && replicate === row.replicate;
      const mine = cells.filter(own);
      const good = mine.filter(({ missed, unjudged }) => missed === 0 && unjudged === 0);
      expect(row.found).toBe(good[0]?.Q ?? null);
      expect(row.cell).toBe(good[0]?.cell ?? null);
      expect(row.worse).toBe(mine[mine.length - good.length - 1]?.Q ?? null);
      expect(row.anomaly).toBe(false);
      expect(row.simulated).toBe(probed.filter(own).length);
      expect(row.bound).toBe(mine.find(({ cell }) => verdicts.get(Number(cell)))?.Q ?? null);
    }
    expect(new Set(find.map((row) => row.found)).size).toBeGreaterThan(3);
    expect(find.some((row) => row.bound !== null && Number(row.bound) > Number(row.found))).toBe(true);
  });

  test("is the same in chunks of any size, cut anywhere", () => {
    for (const chunks of [3, 17, 5000]) expect(runInProcess(FIND, chunks)).toEqual(found);
  });

  test("answers with the boundary, what was spared, and how pessimistic the bound is", async () => {
    const directory = await mkdtemp(join(tmpdir(), "replenish-find-"));
    await runSweep({ text: FIND, file: "s.yaml", directory, workers: 1 });
    for (const table of ["cells", "servers", "tasks", "find"])
      expect(await rowsOf(directory, table)).toEqual(found[table]);
    const lines = findLines(
      await findings(directory, { axis: "Q", wanted: "least", condition: "missed = 0" }, 2 * 272),
    );
    expect(lines[0]).toBe("The least Q with missed = 0, in 32 searches:");
    expect(lines[1]).toMatch(/^ +policy +P \(tick\) +replicate +found \(tick\) +worse \(tick\) +bound \(tick\) +cell$/);
    expect(lines.join("\n")).toMatch(
      /\d+ runs of the 544 of the full grid were simulated; \d+ \([\d.]+ %\) were not needed\./,
    );
    expect(lines.join("\n")).toMatch(
      /The analysis shows everything schedulable at [\d.]+ % more than what was found, on average over \d+ searches/,
    );
    await rm(directory, { recursive: true });
  });
});

describe("what is said of all searches", () => {
  const remarks = async (find: string, axes: string, budget: string, more = "") => {
    const directory = await mkdtemp(join(tmpdir(), "replenish-remarks-"));
    const text = `
name: remarks
horizon: 500
analysis: true
system:
  host: { host_switch: ${more === "" ? 0 : more} }
  servers:
    vm: { policy: idling, period: 5, budget: ${budget}, tasks: { t: { period: 10, wcet: 2 } } }
    other: { policy: idling, period: 10, budget: 2, tasks: { t: { period: 20, wcet: 1 } } }
axes: ${axes}
find: ${find}
`;
    const { find: searched, runs } = await runSweep({ text, file: "s.yaml", directory, workers: 1 });
    const lines = findLines(await findings(directory, searched!, runs));
    await rm(directory, { recursive: true });
    return lines.join("\n");
  };

  test("where 0 was found a bound is no part of it", async () => {
    const text = await remarks(
      "{ axis: h, largest: missed = 0 }",
      "{ Q: [2, 3, 4], h: { from: 0, to: 4, step: 1 } }",
      "=Q",
      "=h",
    );
    expect(text).toContain(
      "at 100 % less than what was found, on average over 2 searches; in 0 of them at the same value.",
    );
    expect(text).toContain("In 1 search 0 was found, with which no bound is compared.");
    expect(text).not.toContain("NaN");
  });

  test("a condition that asks for more than the analysis does leaves the bound below what was found", async () => {
    const find = "{ axis: Q, least: server.vm.supply >= 400 }";
    const text = await remarks(find, "{ Q: { from: 1, to: 5, step: 1 } }", "=Q");
    expect(text).toContain("at 50 % less than what was found, on average over 1 search;");
  });

  test("values that were not tried may be good", async () => {
    const text = await remarks(
      "{ axis: Q, least: server.vm.supply > 500 }",
      "{ Q: { from: 1, to: 5, step: 1 } }",
      "=Q",
    );
    expect(text).toContain("In 1 search no value that was tried is good.");
  });
});

test("largest, and over all replicates: the value is good in each of them", () => {
  const text = SWEEP.replace("replicates: 2", "replicates: 4").replace("analysis: true\n", "");
  const largest = `${text.replace("period: 20, wcet: 3, bcet: 1", "period: 20, wcet: =w, bcet: 1").replace("budget: =Q", "budget: =P / 2").replace("Q: { from: 0.5, to: =P, step: 0.5 }", "w: { from: 9, to: 1, step: -0.5 }")}find: { axis: w, largest: task.vm.a.missed = 0 and server.vm.supply > 0ms, over: replicates, probes: 0 }\n`;
  const { find } = runInProcess(largest);
  const { cells, tasks } = runInProcess(fullGrid(largest));
  expect(find).toHaveLength(16);
  for (const row of find) {
    const own = ({ policy, P }: TableRow) => policy === row.policy && P === row.P;
    const bad = new Set([
      ...tasks.filter((task) => own(task) && task.task === "a" && task.missed !== 0).map(({ w }) => w),
      ...cells.filter((cell) => own(cell) && cell.unjudged !== 0).map(({ w }) => w),
    ]);
    const values = [...new Set(cells.filter(own).map(({ w }) => Number(w)))].sort((a, b) => a - b);
    const boundary = values.filter((value) => values.every((other) => other > value || !bad.has(other))).at(-1);
    expect(row.found).toBe(boundary ?? null);
    expect(row.replicate).toBe(null);
  }
  expect(new Set(find.map((row) => row.found)).size).toBeGreaterThan(2);
});

test("a cell in which some task is not judged is never good", () => {
  const text = `${SWEEP.replace("horizon: 600", "horizon: 45").replace("analysis: true\n", "")}find: { axis: Q, least: missed = 0 }\n`;
  const { find } = runInProcess(text);
  expect(find).toHaveLength(32);
  for (const row of find) expect([row.found, row.cell]).toEqual([null, null]);
});

describe("find", () => {
  const ordered = SWEEP.replace(/ {2}Q: .*\n/, "").replace(
    "replicates:",
    "  Q: { from: 0.5, to: =P, step: 0.5 }\nreplicates:",
  );
  const lines = (find: string, text = ordered) => problemsOf(`${text}find: ${find}\n`);

  test("has one of least and largest, over columns that there are", () => {
    expect(lines("{ axis: Q }")).toEqual([
      expect.stringContaining("find: has neither least nor largest; give one of them"),
    ]);
    expect(lines("{ axis: Q, least: missed = 0, largest: missed = 0 }")).toEqual([
      expect.stringContaining("find: has both least and largest"),
    ]);
    expect(lines("{ axis: Q, least: mised = 0 }")).toEqual([
      expect.stringContaining('find.least: there is no column "mised"; did you mean "missed"?'),
    ]);
    expect(lines("{ axis: Q, least: task.vm.c.missed = 0 }")).toEqual([
      expect.stringContaining('find.least: there is no column "task.vm.c.missed"; did you mean "task.vm.a.missed"?'),
    ]);
    expect(lines("{ axis: Q, least: missed + 1 }")).toEqual([
      expect.stringContaining("is a number, and a condition is needed here"),
    ]);
    expect(lines("{ axis: Q, least: missed = 0, prob: 3 }")).toEqual([
      expect.stringContaining('find.prob: is not a key of a search; did you mean "probes"?'),
    ]);
  });

  test("over a column that is meant twice is refused", () => {
    const text = `horizon: 100
system:
  servers:
    vm: { policy: idling, period: 10, budget: =Q, tasks: { a.t: { period: 20, wcet: 8 } } }
    vm.a: { policy: idling, period: 10, budget: 4, tasks: { t: { period: 20, wcet: 1 } } }
axes: { Q: [1, 2, 3] }
`;
    expect(lines("{ axis: Q, least: task.vm.a.t.missed = 0 }", text)).toEqual([
      expect.stringContaining(
        "find.least: task.vm.a.t.missed is a column of vm / a.t and of vm.a / t; rename one of them",
      ),
    ]);
    expect(lines("{ axis: Q, least: server.vm.a.idled = 0 }", text)).toEqual(["no problem"]);
  });

  test("goes along a numeric axis by itself", () => {
    expect(lines("{ axis: policy, least: missed = 0 }")).toEqual([
      expect.stringContaining("find.axis: the axis policy holds texts, and a search goes along numbers"),
    ]);
    expect(lines("{ axis: R, least: missed = 0 }", ordered)).toEqual([
      expect.stringContaining('find.axis: there is no axis "R"'),
    ]);
    expect(lines("{ axis: P, least: missed = 0 }")).toEqual([
      expect.stringContaining("axes.Q.to: the axis P comes too late"),
    ]);
    const named = SWEEP.replaceAll("=policy", '"=policy"')
      .replace("  policy: [", "  found: [1, 2]\n  policy: [")
      .replace("budget: =Q", "budget: =Q * found / found");
    expect(lines("{ axis: Q, least: missed = 0 }", named)).toEqual([
      expect.stringContaining('axes.found: "found" cannot be the name of an axis'),
    ]);
  });
});
