import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import polars from "nodejs-polars";
import { afterEach, describe, expect, test } from "vitest";
import { cellBudgets } from "../../src/grid/bandwidth.js";
import { conditionsOf } from "../../src/grid/conditions.js";
import { openSweep } from "../../src/grid/open.js";
import {
  type AnswerChoices,
  type AnswerFigures,
  answer,
  foundCells,
  loadLines,
  summaryLines,
} from "../../src/report/answer.js";
import type { BudgetsOf } from "../../src/report/cheapest.js";
import type { Style } from "../../src/report/style.js";
import { taskLines } from "../../src/report/task-lines.js";
import { runSweep } from "../../src/run/run.js";
import { TABLE_NAMES } from "../../src/tables/columns.js";
import type { AxisShape } from "../../src/tables/shape.js";
import { type Row, writeRows } from "./table.js";

const PLAIN: Style = { colour: "none", columns: 80 };
const POLICY: AxisShape = { name: "policy", kind: "text", texts: ["idling", "deferrable"] };
const P: AxisShape = { name: "P", kind: "time" };
const Q: AxisShape = { name: "Q", kind: "time" };

const directories: string[] = [];
afterEach(async () => {
  for (const directory of directories.splice(0)) await rm(directory, { recursive: true });
});

async function table(axes: readonly AxisShape[], rows: readonly Row[]): Promise<string> {
  const directory = await writeRows(axes, rows);
  directories.push(directory);
  return directory;
}

function figures(directory: string, rows: readonly Row[]): AnswerFigures {
  const cells = new Set(rows.map((row) => row.cell)).size;
  const runs = rows.length;
  return {
    ...{ name: "paper", directory, cells, runs, workers: 2, phases: 1, failures: 0 },
    ...{ elapsedMs: 1234, cellsPerSecond: 1000, finishedBefore: false, tables: TABLE_NAMES },
  };
}

const ONE_PHASE =
  "\nTried in 1 phase, the offsets as written; phases: random with replicates tries others. What holds in all of them: replenish analyze paper.yaml\n";

/** The answer without its summary, and without what it says when one phase was tried. */
async function findings(
  axes: readonly AxisShape[],
  rows: readonly Row[],
  style = PLAIN,
  phases = 1,
  budgetsOf: BudgetsOf = () => ({ bandwidth: undefined, without: ["vm"] }),
  choices: AnswerChoices = {},
): Promise<string> {
  const directory = await table(axes, rows);
  const all = { ...figures(directory, rows), phases };
  const text = await answer(all, style, "replenish analyze paper.yaml", budgetsOf, choices);
  expect(text.includes(ONE_PHASE)).toBe(phases === 1);
  return text.slice(text.indexOf("\n\n") + 2).replace(ONE_PHASE, "");
}

/** Cells P = 1..periods, Q = 1..P of each policy. A budget of more than half the period misses nothing. */
function triangle(policies: number, periods: number): Row[] {
  const rows: Row[] = [];
  for (let policy = 0; policy < policies; policy++) {
    for (let period = 1; period <= periods; period++) {
      for (let budget = 1; budget <= period; budget++) {
        const bandwidth = budget / period;
        const missed = bandwidth > 0.5 ? 0 : Math.round((0.5 - bandwidth) * 1000) + 100 * policy + 1;
        rows.push({ cell: rows.length, axes: [policy, period, budget], missed, bandwidth });
      }
    }
  }
  return rows;
}

test("for programs: the cheapest cells, with their values as they are", async () => {
  const rows = triangle(2, 4);
  const directory = await table([POLICY, P, Q], rows);
  const none: BudgetsOf = () => ({ bandwidth: undefined, without: ["vm"] });
  const { withoutMiss, cheapest } = await foundCells(figures(directory, rows), none);
  expect(withoutMiss).toBe(rows.filter(({ missed }) => missed === 0).length);
  const shown = { without: [], schedulable: null };
  expect(cheapest.slice(0, 3)).toEqual([
    { cell: 4, bandwidth: 2 / 3, axes: { policy: "idling", P: 3, Q: 2 }, ...shown },
    { cell: 14, bandwidth: 2 / 3, axes: { policy: "deferrable", P: 3, Q: 2 }, ...shown },
    { cell: 8, bandwidth: 3 / 4, axes: { policy: "idling", P: 4, Q: 3 }, ...shown },
  ]);
  expect(cheapest).toHaveLength(5);
  const under = await foundCells(figures(directory, rows), none, ["P"]);
  expect(under).toMatchObject({ withoutMiss, cheapest });
  expect(under.perCondition!.map(({ given, cheapest: least }) => [given, least?.cell, least?.axes])).toEqual([
    [{ P: 1 }, 0, { policy: "idling", P: 1, Q: 1 }],
    [{ P: 2 }, 2, { policy: "idling", P: 2, Q: 2 }],
    [{ P: 3 }, 4, { policy: "idling", P: 3, Q: 2 }],
    [{ P: 4 }, 8, { policy: "idling", P: 4, Q: 3 }],
  ]);
  rows[0] = { ...rows[0], missed: 1 };
  rows[10] = { ...rows[10], missed: 1 };
  const without = await foundCells(figures(await table([POLICY, P, Q], rows), rows), none, ["P"]);
  expect(without.perCondition![0]).toEqual({ given: { P: 1 }, cheapest: null });
});

test("values of axes are not rounded: a neighbour of the cheapest may miss", async () => {
  const rows = [5000000, 5000001, 5000002].map((budget, cell) => {
    return { cell, axes: [budget], missed: cell === 0 ? 1 : 0, bandwidth: budget / 1e7 };
  });
  const text = await findings([Q], rows);
  expect(text).toContain(`
  budget/period  Q (tick)  cell
            0.5   5000001     1
            0.5   5000002     2
`);
});

test("where no job was due, none has missed", async () => {
  const text = await findings([P], [{ cell: 0, axes: [1], missed: 0, judged: 0, bandwidth: 0.5 }]);
  expect(text).toContain("No cell is known to be without a miss. In 1 cell no judged job missed, but not every");
});

test("one map per policy, a legend, and the cheapest cells", async () => {
  const rows = triangle(2, 4);
  rows[8] = { ...rows[8], missed: null };
  expect(await findings([POLICY, P, Q], rows)).toBe(
    `11 of 20 cells without a miss. The cheapest, by budget / period:
  budget/period  policy      P (tick)  Q (tick)  cell
       0.666667  idling             3         2     4
       0.666667  deferrable         3         2    14
           0.75  deferrable         4         3    18
              1  idling             1         1     0
              1  idling             2         2     2

The least per policy:
  idling      0.666667  P = 3, Q = 2, cell 4
  deferrable  0.666667  P = 3, Q = 2, cell 14

Miss ratio, policy = idling
Q (tick)
  4 |      ..
  3 |    ..!!
  2 |  ....11
  1 |..112233
    +--------
     1 2 3 4
     P (tick)

Miss ratio, policy = deferrable
Q (tick)
  4 |      ..
  3 |    ....
  2 |  ....22
  1 |..223344
    +--------
     1 2 3 4
     P (tick)

. no miss; up to 1 10, 2 20, 3 30, 4 40, 5 50, 6 60, 7 70, 8 80, 9 90 %; # more
! no result; blank: not in the grid
`,
  );
});

test("a place is the mean over replicates and the other axes; one missed job in any of them is a miss", async () => {
  const speed: AxisShape = { name: "speed", kind: "number" };
  const rows: Row[] = [1, 2].flatMap((period) =>
    [1, 2].flatMap((budget) =>
      [10, 20].flatMap((fast) =>
        [0, 1].map((replicate) => ({
          cell: 4 * (period - 1) + 2 * (budget - 1) + fast / 10 - 1,
          replicate,
          axes: [period, budget, fast],
          missed: period === 1 ? 0 : budget === 1 ? 100 * replicate + 30 * fast : replicate * (fast === 20 ? 1 : 0),
          bandwidth: budget / 4,
        })),
      ),
    ),
  );
  expect(await findings([P, Q, speed], rows)).toBe(
    `5 of 8 cells without a miss. The cheapest, by budget / period:
  budget/period  P (tick)  Q (tick)  speed  cell
           0.25         1         1     10     0
           0.25         1         1     20     1
            0.5         1         2     10     2
            0.5         1         2     20     3
            0.5         2         2     10     6

Miss ratio
Q (tick)
  2 |..11
  1 |..55
    +----
     1 2
     P (tick)

. no miss; up to 1 10, 2 20, 3 30, 4 40, 5 50, 6 60, 7 70, 8 80, 9 90 %; # more
! no result; blank: not in the grid
Each place is the mean over speed and the replicates.
`,
  );
});

test("a place with a run that has no result is not one without a miss, however the other runs went", async () => {
  const rows: Row[] = [1, 2].flatMap((period) =>
    [0, 1].map((replicate) => ({
      ...{ cell: period - 1, replicate, axes: [period], bandwidth: 0.5 },
      missed: period === 1 || replicate === 0 ? 0 : null,
    })),
  );
  const text = await findings([P], rows);
  expect(text).toContain("1 of 2 cells without a miss");
  expect(text).toContain("    |..!!\n");
  expect(text).toContain("Each place is the mean over the replicates; one with a run that has no result has none.");
});

test("an axis of one value is not among those that a place is the mean over", async () => {
  const one = [1, 2].map((budget, cell) => ({ cell, axes: [3, budget, 10], missed: 0, bandwidth: budget / 3 }));
  const speed: AxisShape = { name: "speed", kind: "number" };
  expect(await findings([P, Q, speed], one)).not.toContain("Each place");
  const two = [...one, { cell: 2, axes: [3, 1, 20], missed: 0, bandwidth: 1 / 3 }];
  expect(await findings([P, Q, speed], two)).not.toContain("Each place");
  const four = [...two, { cell: 3, axes: [4, 1, 20], missed: 0, bandwidth: 1 / 4 }];
  expect(await findings([P, Q, speed], four)).toContain("Each place is the mean over speed.");
});

test("long axes are binned to the width, and the map says so", async () => {
  const rows: Row[] = [];
  for (let period = 1; period <= 50; period++) {
    for (let budget = 1; budget <= 100; budget++) {
      rows.push({ cell: rows.length, axes: [period, budget], missed: budget > 50 ? 0 : 1000, bandwidth: null });
    }
  }
  const text = await findings([P, Q], rows);
  const lines = text.slice(text.indexOf("Miss ratio")).split("\n");
  expect(lines.slice(0, 3)).toEqual([
    "Miss ratio",
    "P (tick), 3 values a row",
    ` 49 |${"#".repeat(25)}${".".repeat(25)}`,
  ]);
  expect(lines.slice(18, 22)).toEqual([
    `  1 |${"#".repeat(25)}${".".repeat(25)}`,
    `    +${"-".repeat(50)}`,
    "     1    11   21   31   41   51   61   71   81   91",
    "     Q (tick), 2 values a column",
  ]);
  expect(lines.every((line) => line.length <= 80)).toBe(true);
  expect(text.split("\n")[0]).toBe("2,500 of 5,000 cells without a miss. None has a budget to compare.");
});

test("one numeric axis makes one row; none makes no map", async () => {
  const oneAxis = [1, 2, 3].map((period, cell) => ({ cell, axes: [period], missed: 500, bandwidth: 0.5 }));
  expect(await findings([P], oneAxis)).toBe(
    `No cell is without a miss: every one of them misses a deadline or has no result.

Miss ratio
    |555555
    +------
     1 2 3
     P (tick)

. no miss; up to 1 10, 2 20, 3 30, 4 40, 5 50, 6 60, 7 70, 8 80, 9 90 %; # more
! no result; blank: not in the grid
`,
  );
  const noAxis = [0, 1].map((policy) => ({ cell: policy, axes: [policy], missed: policy, bandwidth: 0.5 }));
  expect(await findings([POLICY], noAxis)).toBe(
    `1 of 2 cells without a miss. The cheapest, by budget / period:
  budget/period  policy  cell
            0.5  idling     0

The least per policy:
  idling      0.5                  cell 0
  deferrable  none without a miss
`,
  );
});

/** What stands on a terminal without its colours. */
function copied(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what colours are made of
  return text.replace(/\x1b\[[\d;]*m/g, "");
}

test("on a terminal places are characters on colours, and nothing is lost when they are copied", async () => {
  const rows = triangle(1, 3).map((row) => ({ ...row, axes: row.axes.slice(1) }));
  const plain = await findings([P, Q], rows);
  const coloured = await findings([P, Q], rows, { colour: "24-bit", columns: 80 });
  expect(copied(coloured)).toBe(plain);
  expect(coloured).toContain(
    "  1 |\x1b[38;2;0;0;0;48;2;49;130;189m..\x1b[0m\x1b[38;2;0;0;0;48;2;255;255;191m11\x1b[0m\x1b[38;2;0;0;0;48;2;254;240;165m22\x1b[0m\n",
  );
  const cube = await findings([P, Q], rows, { colour: "256", columns: 80 });
  expect(copied(cube)).toBe(plain);
  expect(cube).toContain("  3 |    \x1b[38;5;16;48;5;74m..\x1b[0m\n");
  // Eleven squares of the legend, no two of one colour, dark ones with white characters.
  const legend = cube.slice(cube.indexOf("no miss;") - 30);
  const numbers = [...legend.matchAll(/38;5;(\d+);48;5;(\d+)m/g)].map(([, ink, number]) => [ink, number]);
  expect(new Set(numbers.map(([, number]) => number)).size).toBe(11);
  expect(numbers.at(-1)).toEqual(["231", "88"]);
});

describe("conditions", () => {
  const C: AxisShape = { name: "C", kind: "number" };
  /** A wcet of 1 or 2, budgets 1 to 3 of a period of 4: so many are needed as the wcet says. */
  const rows = [1, 2, 9].flatMap((wcet, i) =>
    [1, 2, 3].map((budget, j) => ({
      cell: 3 * i + j,
      axes: [wcet, budget],
      missed: budget < wcet ? 500 : 0,
      bandwidth: budget / 4,
    })),
  );

  test("the least bandwidth is given for each value of an axis that no server is set by", async () => {
    expect(await findings([C, Q], rows, PLAIN, 1, undefined, { conditions: ["C"], map: false })).toBe(
      `5 of 9 cells without a miss. The least budget / period:
  C  budget/period  Q (tick)  cell
  1           0.25         1     0
  2            0.5         2     4
  9           none
`,
    );
  });

  test("the map is of what can be chosen, unless it is said", async () => {
    const more = rows.flatMap((row) =>
      [1, 2].map((period) => ({ ...row, cell: 2 * row.cell + period - 1, axes: [...row.axes, period] })),
    );
    const map = async (choices: AnswerChoices) => {
      const text = await findings([C, Q, P], more, PLAIN, 1, undefined, choices);
      return [...text.matchAll(/^ *([CPQ])(?: \(tick\))?$/gm)].map(([, name]) => name);
    };
    expect(await map({ conditions: ["C"] })).toEqual(["P", "Q"]); // upwards, then to the right
    expect(await map({ conditions: [] })).toEqual(["Q", "C"]);
    expect(await map({ map: ["C", "P"] })).toEqual(["P", "C"]);
    expect(await map({ map: ["Q"] })).toEqual(["Q"]);
    expect(await map({ map: false })).toEqual([]);
  });

  test("are the axes that no policy, period or budget depends on", () => {
    const text = `
horizon: 100
axes: { policy: [idling, polling], P: [10, 20], n: [1, 2], name: [one, two], C: [1, 2], hs: [0, 1] }
zip: [[n, name]]
system:
  host: { host_switch: =hs }
  servers: { vm: { policy: =policy, period: =P, budget: =n, tasks: { t: { period: 40, wcet: =C } } } }
`;
    expect(conditionsOf(openSweep(text, "s.yaml").sweep)).toEqual(["C", "hs"]);
  });
});

test("with few cells each task's worst response stands beside its bound and its deadline", async () => {
  const text = `
name: few
tick: 1ms
horizon: 1s
axes: { Q: [5, 6] }
system: { servers: { vm: { policy: polling, period: 10, budget: =Q, tasks: { a: { period: 20, wcet: 3 }, b: { period: 50, wcet: 9, deadline: 45 } } } } }
`;
  const directory = join(await mkdtemp(join(tmpdir(), "replenish-few-")), "out");
  directories.push(directory);
  await runSweep({ text, file: "few.yaml", directory, workers: 1 });
  const lines = await taskLines(
    { directory, cells: 2 },
    (cell) =>
      new Map([
        ["vm/a", 10 + cell],
        ["vm/b", null],
      ]),
  );
  expect(lines.slice(0, 2)).toEqual(["", "  cell  task  worst response (ms)  bound  deadline"]);
  expect(
    lines
      .slice(2)
      .map((line) => line.trim().split(/ +/))
      .map(([cell, task, , bound, deadline]) => [cell, task, bound, deadline]),
  ).toEqual([
    ["0", "vm/a", "10", "20"],
    ["0", "vm/b", "none", "45"],
    ["1", "vm/a", "11", "20"],
    ["1", "vm/b", "none", "45"],
  ]);
  expect(await taskLines({ directory, cells: 4 }, undefined)).toEqual([]);
});

describe("drawn task sets", () => {
  for (const place of [0, 1, 2]) {
    test(`a cell is proved only if the sets of all replicates are; the one that is not is number ${place}`, async () => {
      const rows = [0, 1].flatMap((cell) =>
        [0, 1, 2].map((replicate) => {
          const verdict = cell === 0 && replicate === place ? 0 : 1;
          return { cell, replicate, axes: [cell], missed: 0, bandwidth: 0.25 + cell / 4, verdict };
        }),
      );
      const directory = await table([Q], rows);
      const text = await answer({ ...figures(directory, rows), sets: 3 }, PLAIN, "replenish analyze s.yaml", () => {
        throw new Error("every cell has a bandwidth");
      });
      expect(text).toContain("2 of 2 cells without a miss in any of 3 task sets.");
      expect(text).toMatch(/0\.25 +0 +0 +not guaranteed\n +0\.5 +1 +1 +proved\n/);
      expect(text).toContain("Tried with 3 task sets a cell, in 1 phase, the offsets as written;");
      expect(text).toContain("What holds in every phase of the first set: replenish analyze s.yaml\n");
    });
  }

  const text = `
name: drawn
resolution: 10us
horizon: 1s
replicates: 20
analysis: true
seed: 3
axes: { Q: [5ms, 6ms] }
system:
  servers:
    vm: { policy: deferrable, period: 10ms, budget: =Q, tasks: { generate: { count: 2, utilization: 0.4, period: { log-uniform: [20ms, 200ms] } } } }
`;

  test("a task's response, bound and deadline are of one of them, the one that came nearest to its deadline", async () => {
    const directory = join(await mkdtemp(join(tmpdir(), "replenish-drawn-")), "out");
    directories.push(directory);
    const { sets, more, phases } = await runSweep({ text, file: "drawn.yaml", directory, workers: 1 });
    expect({ sets, more, phases }).toEqual({ sets: 20, more: undefined, phases: 1 });
    const lines = await taskLines({ directory, cells: 2, sets: 20 }, undefined);
    expect(lines.at(-1)).toBe("Each line is of one task set: the one in which response / deadline was greatest.");
    const rows = polars.readIPC(await readFile(join(directory, "tasks.arrow"))).toRecords();
    const shown = lines.slice(2, -1).map((line) => line.trim().split(/ +/));
    expect(shown.length).toBe(4);
    for (const [cell, task, ...numbers] of shown) {
      const own = rows.filter((row) => String(row.cell) === cell && `vm/${row.task}` === task);
      const nearest = own.reduce((a, b) =>
        Number(b.response_max) / Number(b.deadline) > Number(a.response_max) / Number(a.deadline) ? b : a,
      );
      expect(numbers.map(Number)).toEqual([nearest.response_max, nearest.bound, nearest.deadline].map(Number));
    }
  });

  test("with until their number is that of the cells with the fewest", async () => {
    const directory = join(await mkdtemp(join(tmpdir(), "replenish-drawn-")), "out");
    directories.push(directory);
    const until = text.replace("replicates: 20", "until: { half_width: 0.2, at_most: 200 }");
    const summary = await runSweep({ text: until, file: "drawn.yaml", directory, workers: 1 });
    expect(summary).toMatchObject({ sets: 100, more: true });
    const lines = await answer(summary, PLAIN, "replenish analyze drawn.yaml", () => ({ bandwidth: 0, without: [] }));
    expect(lines).toContain("Tried with at least 100 task sets a cell");
  });
});

describe("summary", () => {
  const figuresOf: AnswerFigures = {
    ...{ name: "paper", directory: "results/paper", cells: 1680, runs: 1680, workers: 2, phases: 1, failures: 0 },
    ...{ elapsedMs: 1234, cellsPerSecond: 1361.4, finishedBefore: false, tables: TABLE_NAMES },
  };

  test("cells, time, tables and how to load them", () => {
    expect(summaryLines(figuresOf)).toEqual([
      "paper: 1,680 cells, no failures, 1.23 s, 1,361 cells/s on 2 workers",
      "Tables: cells.arrow, servers.arrow, tasks.arrow in results/paper",
      '  Polars      import polars; cells = polars.read_ipc("results/paper/cells.arrow")',
      '  pandas      import pandas; cells = pandas.read_feather("results/paper/cells.arrow")',
      '  JavaScript  const cells = require("apache-arrow").tableFromIPC(require("fs").readFileSync("results/paper/cells.arrow"))',
      "  DuckDB      replenish export results/paper --format parquet; then select * from 'results/paper/cells.parquet'",
    ]);
  });

  test("replicates, failures, and a run that had finished before", () => {
    expect(summaryLines({ ...figuresOf, runs: 16_800, failures: 3, workers: 1 })[0]).toBe(
      "paper: 1,680 cells (16,800 runs), 3 failed, see results/paper/failures.jsonl, 1.23 s, 1,361 cells/s on 1 worker",
    );
    expect(summaryLines({ ...figuresOf, runs: 16_800, runsChosen: 2000 })[0]).toMatch(
      /^paper: 1,680 cells \(2,000 of at most 16,800 runs\), no failures, /,
    );
    const find = { axis: "Q", wanted: "least", condition: "missed = 0" } as const;
    expect(summaryLines({ ...figuresOf, runs: 16_800, runsChosen: 2000, find })[0]).toMatch(
      /^paper: 1,680 cells \(2,000 of the 16,800 runs of the full grid\), no failures, /,
    );
    expect(summaryLines({ ...figuresOf, finishedBefore: true })[0]).toBe(
      "paper: 1,680 cells, no failures, finished before, nothing was run",
    );
  });

  test("the JavaScript line loads the table as printed", async () => {
    const rows = triangle(2, 4);
    const directory = await table([POLICY, P, Q], rows);
    const line = loadLines(directory)
      .find((text) => text.includes("JavaScript"))!
      .replace(/^ *JavaScript */, "");
    const output = execFileSync(process.execPath, ["-e", `${line}; console.log(cells.numRows)`], { encoding: "utf8" });
    expect(output.trim()).toBe(String(rows.length));
  });
});

test("a cell in which some task was not judged is not without a miss", async () => {
  const row = { missed: 0, bandwidth: 0.5 };
  const some = await findings(
    [Q],
    [
      { cell: 0, axes: [1], ...row, judged: 0, bandwidth: 0.1 },
      { cell: 1, axes: [2], ...row },
    ],
  );
  expect(some).toContain(
    "1 of 2 cells without a miss. In 1 more cell no judged job missed, but not every task was judged.",
  );
  expect(some).toContain("|??..");
  expect(some).toContain("? no miss, but not every task was judged");
  expect(some).toMatch(/budget\/period +Q.*\n +0.5 /);
  expect(some).toContain("Not judged, because no deadline of it lies within the run: vm/task (1 of 2 runs).");
  const none = await findings([Q], [{ cell: 0, axes: [1], ...row, judged: 0 }]);
  expect(none).toContain("No cell is known to be without a miss. In 1 cell no judged job missed, but not every task");
  expect(none).not.toContain("The cheapest");
});

test("the number of phases is part of the answer, and with an analysis what is known of each configuration", async () => {
  const rows = [1, 2, 0].flatMap((verdict, cell) =>
    [0, 1].map((replicate) => ({ cell, replicate, axes: [cell], missed: 0, bandwidth: 0.25 + cell / 4, verdict })),
  );
  expect(await findings([POLICY], rows.slice(0, 4), PLAIN, 2)).toBe(
    `2 of 2 cells without a miss in any of 2 phases. The cheapest, by budget / period:
  budget/period  policy      cell  by analysis
           0.25  idling         0  proved
            0.5  deferrable     1  survived 2 phases

The least per policy:
  idling      0.25  cell 0, proved
  deferrable  0.5   cell 1, survived 2 phases

Tried in 2 phases: the offsets as written, and 1 drawn. What holds in all of them: replenish analyze paper.yaml
`,
  );
  const single = rows.filter(({ replicate }) => replicate === 0);
  expect(await findings([Q], single)).toContain(
    `
  budget/period  Q (tick)  cell  by analysis
           0.25         0     0  proved
            0.5         1     1  survived 1 phase
           0.75         2     2  not guaranteed
`,
  );
});

test("a bandwidth above the CPU is counted and never recommended", async () => {
  const row = (cell: number, bandwidth: number) => ({ cell, axes: [cell], missed: 0, bandwidth });
  const some = await findings([Q], [row(0, 1.0000001), row(1, 1), row(2, 1.2)]);
  expect(some).toContain(
    `3 of 3 cells without a miss. 2 of them promise more than the CPU, budget / period above 1, and are not listed. The cheapest, by budget / period:
  budget/period  Q (tick)  cell
              1         1     1
`,
  );
  const none = await findings([Q], [row(0, 1.5)]);
  expect(none).toContain(
    "1 of 1 cell without a miss. 1 of them promises more than the CPU, budget / period above 1, and is not listed.\n",
  );
  expect(none).not.toContain("The cheapest");
});

describe("servers without a budget", () => {
  const rows = [1, 2, 0].map((verdict, cell) => ({ cell, axes: [cell % 2], missed: 0, bandwidth: null, verdict }));

  test("the others are ranked, those without are named, and what is known is said", async () => {
    const budgets: BudgetsOf = (cell) =>
      cell === 0 ? { bandwidth: 0.1, without: ["v", "w"] } : { bandwidth: 1 - cell / 4, without: ["w"] };
    expect(await findings([POLICY], [...rows, { ...rows[0], cell: 3, bandwidth: 0.9 }], PLAIN, 1, budgets)).toBe(
      `4 of 4 cells without a miss. The cheapest, by budget / period of the servers that have a budget:
  budget/period  policy      cell  no budget  by analysis
            0.9  idling         3             proved
            0.5  idling         2  w          not guaranteed
           0.75  deferrable     1  w          survived 1 phase
            0.1  idling         0  v, w       proved

The least per policy:
  idling      0.9   cell 3, proved
  deferrable  0.75  cell 1, no budget: w, survived 1 phase
`,
    );
  });

  test("where none has one, the cells are counted by what is known", async () => {
    expect(await findings([POLICY], rows)).toBe(
      "3 of 3 cells without a miss. None has a budget to compare; by analysis: 1 not guaranteed, 1 proved, 1 survived 1 phase.\n",
    );
    expect(await findings([POLICY], [...rows, { ...rows[0], cell: 3, bandwidth: 0.5 }])).toContain(
      "4 of 4 cells without a miss. 3 of them have no budget to compare; by analysis: 1 not guaranteed, 1 proved, 1 survived 1 phase. The cheapest",
    );
  });

  test("a cell's budgets are those of the servers that have one", () => {
    const text = `
horizon: 100ms
system:
  servers:
    vm: { policy: idling, period: 10ms, budget: =Q }
    w: { policy: dedicated }
axes: { Q: [3ms, 5ms, 9ms] }
`;
    const budgetsOf = cellBudgets(openSweep(text, "s.yaml"));
    expect([0, 2].map(budgetsOf)).toEqual([
      { bandwidth: 0.3, without: ["w"] },
      { bandwidth: 0.9, without: ["w"] },
    ]);
    const none = "horizon: 1\nsystem: { servers: { w: { policy: dedicated } } }";
    expect(cellBudgets(openSweep(none, "s.yaml"))(0)).toEqual({ bandwidth: undefined, without: ["w"] });
  });
});
