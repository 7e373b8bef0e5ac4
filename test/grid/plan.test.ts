import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { openCursor } from "../../src/grid/cells.js";
import { planSweep } from "../../src/grid/lay-out.js";
import type { Plan } from "../../src/grid/plan.js";
import { parseSweep } from "../../src/sweep/parse.js";
import { oneServer, problemsOf, sweepOverQ } from "../sweep/sweeps.js";

function planOf(text: string): Plan {
  return planSweep(parseSweep(text, "s.yaml"));
}

/** The values of all axes, cell by cell. */
function cells(text: string): string[] {
  const sweep = parseSweep(text, "s.yaml");
  const cursor = openCursor(sweep, planSweep(sweep));
  const lines: string[] = [];
  while (cursor.next()) lines.push(sweep.axes.map((_, i) => cursor.axisText(i)).join(" "));
  return lines;
}

const TWO = ["policy: idling", "period: =P", "budget: =Q"];

describe("ranges", () => {
  const range = (values: string) => cells(sweepOverQ(`axes: { Q: ${values} }`));
  test.each([
    ["[1, 2.5, 0.1]", ["1", "2.5", "0.1"]],
    ["{ from: 1, to: 3, step: 1 }", ["1", "2", "3"]],
    ["{ from: 0.1, to: 0.7, step: 0.2 }", ["0.1", "0.3", "0.5", "0.7"]],
    ["{ from: 1, to: 3.9, step: 1 }", ["1", "2", "3"]],
    ["{ from: 3, to: 1, step: -1 }", ["3", "2", "1"]],
    ["{ from: 5, to: 5, step: 1 }", ["5"]],
    ["{ from: 1, to: 2, count: 4 }", ["1", "4/3", "5/3", "2"]],
    ["{ from: 1, to: 2, count: 1 }", ["1"]],
    ["{ from: 2, to: 1, count: 3, scale: linear }", ["2", "1.5", "1"]],
    ["{ from: 1, to: 9, count: 3, scale: log }", ["1", "3", "9"]],
    ["{ from: 1, to: 9, count: 1, scale: log }", ["1"]],
    ["{ from: '=1/3', to: '=min(1, 2)', step: =1/3 }", ["1/3", "2/3", "1"]],
  ])("%s", (values, expected) => expect(range(values)).toEqual(expected));

  test("follow the axes before them; the last axis varies fastest", () => {
    expect(cells(oneServer(TWO, "axes: { P: [1, 2], Q: { from: 0.5, to: =P, step: 0.5 } }"))).toEqual([
      "1 0.5",
      "1 1",
      "2 0.5",
      "2 1",
      "2 1.5",
      "2 2",
    ]);
    expect(cells(oneServer(TWO, "axes: { P: [1, 4], Q: { from: =P/4, to: =P, count: =P, scale: log } }"))).toEqual([
      "1 0.25",
      "4 1",
      "4 1.5874",
      "4 2.51984",
      "4 4",
    ]);
  });

  test("may be empty under some values", () => {
    const text = oneServer(TWO, "axes: { P: [1, 2, 1.5, 3], Q: { from: 2, to: =P, step: 0.5 } }");
    expect(cells(text)).toEqual(["2 2", "3 2", "3 2.5", "3 3"]);
    expect(planOf(text)).toMatchObject({ gridCells: 4, cellCount: 4 });
  });

  test("of 0.1 and 0.2 are exact", () => {
    expect(planOf(sweepOverQ("axes: { Q: { from: 0.1, to: 0.3, step: 0.2 } }")).resolution).toEqual({
      ticks: "1/10",
      seconds: null,
    });
    expect(cells(sweepOverQ("axes: { Q: { from: 0.1, to: 0.3, step: =0.1+0.1 } }"))).toEqual(["0.1", "0.3"]);
  });
});

describe("constraints", () => {
  test("are asked in order, and each is told what it removes", () => {
    const text = oneServer(TWO, "axes: { P: [0, 2, 4], Q: [1, 2, 3, 4] }", "where: [P > 0, =Q/P  <= 1, Q != 2]");
    expect(planOf(text)).toMatchObject({
      gridCells: 12,
      cellCount: 4,
      removed: [
        { where: "(P > 0)", removed: 4 },
        { where: "((Q / P) <= 1)", removed: 2 },
        { where: "(Q != 2)", removed: 2 },
      ],
    });
    expect(cells(text)).toEqual(["2 1", "4 1", "4 3", "4 4"]);
  });

  test("that leave nothing are an error", () => {
    expect(problemsOf(sweepOverQ("axes: { Q: [1, 2, 9] }", "where: [Q > 5, Q < 7]"))).toEqual([
      "s.yaml:9:9 where[0]: no cell is left after the constraints: Q > 5 removes 2, Q < 7 removes 1",
    ]);
  });

  test("that cannot be evaluated are an error with the cell", () => {
    expect(problemsOf(sweepOverQ("axes: { Q: [0, 1, 2] }", "where: 1 / Q > 0"))).toEqual([
      "s.yaml:9:8 where: division by zero in (1 / Q) (at Q=0)",
    ]);
    expect(problemsOf(sweepOverQ("axes: { Q: [1] }", "where: Q"))).toEqual([
      's.yaml:9:8 where: "Q" is a number, and a condition is needed here',
    ]);
  });
});

describe("the resolution", () => {
  const resolution = (text: string) => {
    const plan = planOf(text);
    return [plan.resolution, plan.unit];
  };
  test("is the greatest common divisor of every duration of the surviving cells", () => {
    expect(resolution(oneServer(["policy: idling", "period: 10", "budget: 4"]))).toEqual([
      { ticks: "2", seconds: null },
      { name: "tick", numerator: 2, denominator: 1 },
    ]);
    expect(resolution(sweepOverQ("axes: { Q: [1.5, 2.25, 0.1] }", "where: Q > 1"))[0]).toEqual({
      ticks: "1/4",
      seconds: null,
    });
    expect(resolution(sweepOverQ("axes: { Q: { from: 1, to: 2, count: 4 } }"))[1]).toEqual({
      name: "tick",
      numerator: 1,
      denominator: 3,
    });
  });
  test("does not depend on axes that are no durations", () => {
    const text = oneServer(
      ["policy: idling", "period: 10", "budget: =N * 2", "priority: =N * 3"],
      "axes: { N: [1, 2] }",
    );
    expect(resolution(text)[0]).toEqual({ ticks: "2", seconds: null });
  });
  test("with a tick is also a number of seconds, and a unit of time has its own factor", () => {
    const text = `tick: 4ms\n${sweepOverQ("axes: { Q: [1ms, 2.5ms] }")}`;
    expect(resolution(text)).toEqual([
      { ticks: "1/8", seconds: "1/2000" },
      { name: "ms", numerator: 1, denominator: 2 },
    ]);
    expect(resolution(`unit: us\n${text}`)[1]).toEqual({ name: "us", numerator: 500, denominator: 1 });
    expect(resolution(`unit: tick\n${text}`)[1]).toEqual({ name: "tick", numerator: 1, denominator: 8 });
  });
  test("may be asked for, and then every time is a multiple of it", () => {
    expect(resolution(sweepOverQ("axes: { Q: [1, 2] }", "resolution: 0.125"))[0]).toEqual({
      ticks: "1/8",
      seconds: null,
    });
    expect(problemsOf(sweepOverQ("axes: { Q: [1, 1.5, 2, 2.5] }", "resolution: 1"))).toEqual([
      's.yaml:7:15 system.servers.vm.budget: 1.5 is not a multiple of the resolution 1; "rounding" rounds times to steps (cell 1: Q=1.5; 2 cells)',
    ]);
    expect(
      problemsOf(`tick: 1ms\n${oneServer(["policy: idling", "period: 10", "budget: 250us"], "resolution: 1ms")}`),
    ).toEqual([
      's.yaml:8:15 system.servers.vm.budget: 0.25ms is not a multiple of the resolution 1ms; "rounding" rounds times to steps',
    ]);
  });
  test("that is too fine for a time is an error that says what to do", () => {
    expect(problemsOf(oneServer(["policy: idling", "period: 1e16", "budget: 0.5"]))).toEqual([
      's.yaml:6:15 system.servers.vm.period: 10000000000000000 is more than 2^53 - 1 steps of the resolution 0.5; shorten it, choose durations with a greater common divisor, or have them rounded, with "rounding"',
    ]);
  });
});

describe("the horizon in hyperperiods", () => {
  const horizon = (value: string, period: string, axes = "") => {
    const text = oneServer(
      [`policy: idling`, `period: ${period}`, "budget: 0.5", "tasks: { a: { period: 6, wcet: 1 } }"],
      axes,
    );
    const sweep = parseSweep(text.replace("100", value), "s.yaml");
    const plan = planSweep(sweep);
    const cursor = openCursor(sweep, plan);
    const ticks: number[] = [];
    while (cursor.next()) ticks.push((cursor.flat[1] * plan.unit.numerator) / plan.unit.denominator);
    return ticks;
  };
  test("is a multiple of the least common multiple of all periods of the cell, cut to at_most", () => {
    expect(horizon("{ hyperperiods: 1 }", "4")).toEqual([12]);
    expect(horizon("{ hyperperiods: 20 }", "2.5")).toEqual([600]);
    expect(horizon("{ hyperperiods: 2, at_most: 50 }", "=P", "axes: { P: [3, 4, 5, 7] }")).toEqual([12, 24, 50, 50]);
    expect(horizon("{ hyperperiods: =N, at_most: =N*7 }", "4", "axes: { N: [1, 2, 3] }")).toEqual([7, 14, 21]);
  });
  test("that is too long is an error that says what to do", () => {
    const tasks = "tasks: { a: { period: 7.000001, wcet: 1 }, b: { period: 11.00000001, wcet: 1 } }";
    const text = oneServer(["policy: idling", "period: 10", "budget: 1", tasks]).replace("100", "{ hyperperiods: 3 }");
    expect(problemsOf(text)).toEqual([
      "s.yaml:1:10 horizon: the hyperperiods of these periods are more than 2^53 - 1 steps; give at_most as well, or a plain duration",
    ]);
    expect(problemsOf(text.replace("3 }", "3, at_most: 1000 }"))).toEqual(["no problem"]);
    expect(problemsOf(text.replace("3 }", "0, at_most: 1000 }"))).toEqual([
      "s.yaml:1:10 horizon: 0 hyperperiods are not a whole number of at least 1",
    ]);
  });
});

describe("problems of cells", () => {
  test("are one for each rule and place, with the first cell and their number", () => {
    expect(problemsOf(oneServer(TWO, "axes: { P: [10, 20], Q: { from: 5, to: 25, step: 5 } }"))).toEqual([
      "s.yaml:7:15 system.servers.vm.budget: 15 exceeds the period 10; a budget is at most its period (cell 2: P=10 Q=15; 4 cells)",
    ]);
    expect(problemsOf(oneServer(["policy: idling", "period: 10", "budget: 12"]))).toEqual([
      "s.yaml:7:15 system.servers.vm.budget: 12 exceeds the period 10; a budget is at most its period",
    ]);
    expect(problemsOf(sweepOverQ("axes: { Q: [11, 12, 13] }"))).toEqual([
      "s.yaml:7:15 system.servers.vm.budget: 11 exceeds the period 10; a budget is at most its period (cell 0: Q=11; all 3 cells)",
    ]);
  });
  test("do not tell the cell when it does not matter", () => {
    const text = oneServer(
      ["policy: idling", "period: 10", "budget: =Q", "offset: -1", "max_replenishments: 4"],
      "axes: { Q: [1, 2] }",
    );
    expect(problemsOf(text)).toEqual([
      "s.yaml:8:15 system.servers.vm.offset: -1 is negative",
      "s.yaml:9:27 system.servers.vm.max_replenishments: means nothing for a server that is idling; only sporadic and sporadic-posix have it",
    ]);
  });
  test("write times with the unit of the sweep, and texts", () => {
    const text = `tick: 1ms\n${oneServer(["policy: =policy", "period: =T", "budget: 0.25"], "axes: { policy: [idling, poling], T: [200us, 10ms] }")}`;
    expect(problemsOf(text)).toEqual([
      's.yaml:6:15 system.servers.vm.policy: "poling" is not one of dedicated, idling, polling, deferrable, sporadic, cbs, cbs-soft, recorded, fair, sporadic-posix, rtds, tbs, cus, sedf, credit (cell 2: policy=poling T=0.2ms; 2 cells)',
      "s.yaml:8:15 system.servers.vm.budget: 0.25ms exceeds the period 0.2ms; a budget is at most its period (cell 0: policy=idling T=0.2ms)",
    ]);
  });
  test("cover values that no cell can have", () => {
    const text = oneServer(
      ["policy: idling", "period: 10", "budget: =-Q", "priority: =Q/2", "offset: =1/(Q-1)"],
      "axes: { Q: [0, 1, 2] }",
    );
    expect(problemsOf(text)).toEqual([
      "s.yaml:7:15 system.servers.vm.budget: 0 is not positive (cell 0: Q=0)",
      "s.yaml:7:15 system.servers.vm.budget: -1 is negative (cell 1: Q=1; 2 cells)",
      "s.yaml:8:17 system.servers.vm.priority: 0 is less than 1, the least that is allowed (cell 0: Q=0)",
      "s.yaml:8:17 system.servers.vm.priority: 0.5 is not a whole number (cell 1: Q=1)",
      "s.yaml:9:15 system.servers.vm.offset: -1 is negative (cell 0: Q=0)",
      "s.yaml:9:15 system.servers.vm.offset: division by zero in (1 / (Q - 1)) (cell 1: Q=1)",
    ]);
  });
  test("stand at the record when a field is missing", () => {
    expect(
      problemsOf("horizon: 9\nsystem:\n  host: { scheduler: =h }\n  servers:\n    vm: {}\naxes: { h: [fp, table] }"),
    ).toEqual([
      "s.yaml:3:3 system.host.frame: is missing; it has no default (cell 1: h=table)",
      "s.yaml:3:3 system.host.windows: is missing; a table needs its windows (cell 1: h=table)",
      "s.yaml:5:5 system.servers.vm.policy: is missing; one of dedicated, idling, polling, deferrable, sporadic, cbs, cbs-soft, recorded, fair, sporadic-posix (cell 0: h=fp)",
    ]);
  });
  test("are those of recorded windows", () => {
    const windows = (list: string) => ["policy: =policy", `windows: ${list}`];
    const axes = "axes: { policy: [recorded, dedicated], D: [2, 9] }";
    const text = oneServer(windows("[{ start: 3, duration: =D }, { start: 7, duration: 1 }]"), axes);
    expect(problemsOf(text)).toEqual([
      "s.yaml:4:5 system.servers.vm.windows: means nothing for a server that is dedicated; only recorded has them (cell 2: policy=dedicated D=2; 2 cells)",
      "s.yaml:6:54 system.servers.vm.windows[1].start: 7 is before the end of the window before, 12; recorded windows are in the order of time and do not overlap (cell 1: policy=recorded D=9)",
    ]);
  });
  test("are counted after the first twenty", () => {
    const tasks = Array.from({ length: 25 }, (_, i) => `t${i}: { period: 5, wcet: 0 }`);
    const lines = problemsOf(oneServer(["policy: dedicated", `tasks: { ${tasks.join(", ")} }`]));
    expect(lines).toHaveLength(21);
    expect(lines[0]).toBe("s.yaml:6:39 system.servers.vm.tasks.t0.wcet: 0 is not positive");
    expect(lines[20]).toBe("... and 5 more");
  });
  test("of ranges name the axes that the range depends on", () => {
    expect(problemsOf(oneServer(TWO, "axes: { P: [1, 2, 5], Q: { from: 1, to: 10, step: =P-1 } }"))).toEqual([
      "s.yaml:7:15 system.servers.vm.budget: 3 exceeds the period 2; a budget is at most its period (cell 2: P=2 Q=3; 9 cells)",
      "s.yaml:8:23 axes.Q: a step of 0 leads nowhere (at P=1)",
    ]);
    expect(problemsOf(sweepOverQ("axes: { Q: { from: 0, to: 10, count: 5, scale: log } }"))).toEqual([
      "s.yaml:8:9 axes.Q: a log scale from 0 to 10 is not possible; both are above 0",
    ]);
    expect(problemsOf(sweepOverQ("axes: { Q: { from: 1, to: 1.00001, count: 9, scale: log } }"))).toEqual([
      "s.yaml:8:9 axes.Q: 9 points from 1 to 1.00001 are closer than the 6 digits of a log scale",
    ]);
    expect(problemsOf(sweepOverQ("axes: { Q: { from: 1, to: 9, count: 257, scale: log } }"))).toEqual([
      "s.yaml:8:9 axes.Q: 257 points are more than the 256 that a log scale can have",
    ]);
    expect(problemsOf(sweepOverQ("axes: { Q: { from: 1, to: 2, count: =0-3 } }"))).toEqual([
      "s.yaml:8:9 axes.Q: a count of -3 is not a whole number of at least 0",
    ]);
  });
});

describe("the size of the grid", () => {
  test("of nothing is an error at the axis without values", () => {
    expect(problemsOf(oneServer(TWO, "axes: { P: [1, 2], Q: { from: 3, to: =P, step: 1 } }"))).toEqual([
      "s.yaml:8:20 axes.Q: has no values: the range ends before it begins, so the sweep has no cells",
    ]);
  });
  test("of 10^12 cells is refused at once, whatever the constraints", () => {
    const axes = "axes: { P: { from: 1, to: 1000000, step: 1 }, Q: { from: 1, to: 1000000, step: 1 } }";
    const refusal =
      "s.yaml:8:9 axes: the axes make more than 1000000000 cells before the constraints, the most that one sweep can have; make them shorter, or split the sweep";
    expect(problemsOf(oneServer(TWO, axes, "where: P < 5 and Q < P"))).toEqual([refusal]);
    expect(problemsOf(oneServer(TWO, axes.replace("to: 1000000, step: 1 } }", "to: =P*1000000, step: 1 } }")))).toEqual(
      [refusal],
    );
    expect(problemsOf(oneServer(TWO, axes.replace("1000000, step", "1e60, step")))).toEqual([refusal]);
  });
  test("without axes is one cell", () => {
    const plan = planOf(oneServer(["policy: idling", "period: 10", "budget: 4"], "replicates: 5"));
    expect(plan).toMatchObject({
      gridCells: 1,
      cellCount: 1,
      rowsCells: 5,
      rowsServers: 5,
      rowsTasks: 0,
      axes: [],
      removed: [],
    });
  });
  test("and the replicates give the rows of each table", () => {
    const text = oneServer(
      [...TWO, "tasks: { a: { period: 9, wcet: 1 }, b: { period: 9, wcet: 1 } }"],
      "axes: { P: [5, 6], Q: [1, 2, 3] }",
      "replicates: 10",
    );
    expect(planOf(text)).toMatchObject({
      cellCount: 6,
      rowsCells: 60,
      rowsServers: 60,
      rowsTasks: 120,
      replicates: 10,
    });
    const tasks = Array.from({ length: 1000 }, (_, i) => `t${i}: { period: 5, wcet: 1 }`).join(", ");
    const many = oneServer(
      ["policy: idling", "period: 10", "budget: =Q", `tasks: { ${tasks} }`],
      "axes: { Q: { from: 0.001, to: 10, step: 0.001 } }",
      "replicates: 4294967296",
    );
    expect(problemsOf(many)).toEqual([
      "s.yaml replicates: 10000 cells with 4294967296 replicates make more than 2^53 - 1 rows",
    ]);
  });
});

describe("the sweeps that come with the program", () => {
  const shipped = (name: string) => planOf(readFileSync(`sweeps/${name}.yaml`, "utf8"));
  test("the paper: every quarter of a tick up to the whole period, for both policies", () => {
    expect(shipped("paper")).toMatchObject({
      name: "paper",
      cellCount: 1680,
      removed: [],
      rowsTasks: 3360,
      resolution: { ticks: "1/4", seconds: "1/1000" },
      unit: { name: "tick", numerator: 1, denominator: 4 },
    });
  });
  test("the paper without its scheduler: two hypervisors, three bursts, twenty replicates", () => {
    expect(shipped("paper-without-hsf")).toMatchObject({ cellCount: 6, replicates: 20, rowsTasks: 240 });
  });
});

test("axes are described for the tables", () => {
  const text = `tick: 1ms\n${oneServer(["policy: =policy", "period: =P", "budget: =Q", "priority: =N"], "axes: { policy: [polling, idling], P: [10ms], Q: { from: 1, to: =P/2, count: 2 }, N: [1] }")}`;
  expect(planOf(text).axes).toEqual([
    { name: "policy", kind: "text", texts: ["polling", "idling"] },
    { name: "P", kind: "time" },
    { name: "Q", kind: "time" },
    { name: "N", kind: "number" },
  ]);
});

describe("a billion cells", () => {
  test("of independent axes are planned without being visited: what depends on few of them is looked at once", () => {
    const tasks = "tasks: { t: { period: =B, wcet: 1 }, u: { period: =C, wcet: 1 } }";
    const ranges = ["A", "B", "C"].map((name) => `${name}: { from: 1, to: 1000, step: 1 }`);
    const text = oneServer(["policy: idling", "period: =A", "budget: 1", tasks], `axes: { ${ranges.join(", ")} }`);
    const sweep = parseSweep(text, "s.yaml");
    const plan = planSweep(sweep, () => expect.unreachable());
    expect([plan.cellCount, plan.warnings.length]).toEqual([1e9, 3]);
    expect(plan.warnings[0]).toContain("(cell 100000: A=1 B=101 C=1; 900,000,000 cells)");
    const cursor = openCursor(sweep, plan);
    cursor.seek(123_456_789);
    expect([0, 1, 2].map((axis) => cursor.axisText(axis))).toEqual(["124", "457", "790"]);
    expect(() => cursor.seek(1e9)).toThrow(RangeError);
  });

  const overTwo = (axes: string) => oneServer(["policy: idling", "period: =P", "budget: =Q"], `axes: ${axes}`);

  test("and more are refused before any is visited, also where axes depend on each other", () => {
    const text = "{ P: { from: 1, to: 40, step: 1e-100 }, Q: { from: 0.25, to: =P, step: 0.25 } }";
    expect(problemsOf(overTwo(text))).toEqual([expect.stringContaining("the axes make more than 1000000000 cells")]);
  });

  test("that depend on each other tell how far they are", () => {
    const text = "{ P: { from: 1, to: 400, step: 1 }, Q: { from: 1, to: =P, step: 1 } }";
    const sweep = parseSweep(overTwo(text), "s.yaml");
    const told: unknown[] = [];
    planSweep(sweep, (what, cells) => told.push([what, cells]));
    expect(told).toEqual([
      ["counted", 65_536],
      ["checked", 65_536],
    ]);
  });
});

test("more servers and tasks than a scenario can have are refused, without a look at each of them", () => {
  const servers = Array.from(
    { length: 1100 },
    (_, i) => `s${i}: { policy: dedicated, tasks: { t: { period: 0, wcet: 1 } } }`,
  );
  expect(problemsOf(`horizon: 9\nsystem: { servers: { ${servers.join(", ")} } }`)).toEqual([
    "s.yaml:2:1 system.servers: 1100 servers are more than the 64 that one scenario can have",
    "s.yaml:2:1 system.servers: 1100 tasks are more than the 1024 that one scenario can have",
  ]);
});
