// `when`, `zip`, `points` and `sample`: which cells a grid has, in which order.

import { Fraction } from "fraction.js";
import { describe, expect, test } from "vitest";
import { openCursor } from "../../src/grid/cells.js";
import { openSweep } from "../../src/grid/open.js";
import { canonicalSweep } from "../../src/sweep/canonical.js";
import { parseSweep } from "../../src/sweep/parse.js";
import { problemsOf } from "../sweep/sweeps.js";

/** A sweep in which the given expressions are used. */
function sweep(axes: string, uses: string, ...more: readonly string[]): string {
  return [
    ...["horizon: 1000", "system:", "  servers:"],
    `    vm: { policy: idling, period: 1000, budget: ${uses} }`,
    `axes: ${axes}`,
    ...more,
  ].join("\n");
}

/** The cells as people read them, seeking each of them as well. */
function cellsOf(text: string): string[] {
  const { sweep: read, plan } = openSweep(text, "s.yaml");
  const walking = openCursor(read, plan);
  const seeking = openCursor(read, structuredClone(plan));
  const cells: string[] = [];
  while (walking.next()) {
    const values = plan.axes.map((_, axis) => walking.axisText(axis));
    cells.push(values.join(" "));
    const cell = (walking.cell * 7) % plan.cellCount;
    seeking.seek(walking.cell);
    expect(plan.axes.map((_, axis) => seeking.axisText(axis))).toEqual(values);
    expect([...seeking.flat]).toEqual([...walking.flat]);
    seeking.seek(cell);
  }
  expect(cells).toHaveLength(plan.cellCount);
  const canonical = canonicalSweep(read);
  expect(canonicalSweep(parseSweep(canonical, "s.json"))).toBe(canonical);
  return cells;
}

const PRODUCT = `
axes:
  policy: [idling, deferrable, sporadic]
  n: [4, 8, 16]
  label: [small, medium, large]
  U: [1, 2]
  cap: { values: [1, 2, 4], when: policy = "sporadic" }
zip: [[n, label]]
points: [{ policy: sporadic, n: 5, label: tiny, U: 0.5, cap: 1 }, { policy: idling, n: 4, label: small, U: 3 }]
horizon: 100
system:
  servers:
    vm: { policy: =policy, period: 100, budget: =n + U, max_replenishments: '=policy == "sporadic" ? cap + 1 : 1' }
`;

describe("when, zip and points together", () => {
  const text = PRODUCT.replace(/max_replenishments: '.*?'/, "copies: '=policy == \"sporadic\" ? cap : 1'");

  test("give each combination once, in the order of the file, and the points after them", () => {
    const labels = { 4: "small", 8: "medium", 16: "large" };
    const expected = ["idling", "deferrable", "sporadic"].flatMap((policy) =>
      Object.entries(labels).flatMap(([n, label]) =>
        [1, 2].flatMap((U) =>
          (policy === "sporadic" ? ["1", "2", "4"] : ["none"]).map((cap) => `${policy} ${n} ${label} ${U} ${cap}`),
        ),
      ),
    );
    expect(cellsOf(text)).toEqual([...expected, "sporadic 5 tiny 0.5 1", "idling 4 small 3 none"]);
    const { plan } = openSweep(text, "s.yaml");
    expect([plan.gridCells, plan.cellCount]).toEqual([30, 32]);
    expect(plan.absent).toEqual([{ axis: "cap", when: '(policy == "sporadic")', cells: 13 }]);
    expect(plan.axes[2].texts).toEqual(["small", "medium", "large", "tiny"]);
    expect(plan.axes[4].nullable).toBe(true);
  });

  test("an axis that does not exist has no value: null in its column, and no expression may use it", () => {
    const { sweep: read, plan } = openSweep(text, "s.yaml");
    const cursor = openCursor(read, plan);
    cursor.seek(0);
    expect(cursor.axis(4)).toBeNaN();
    const problems = problemsOf(text.replace("'=policy == \"sporadic\" ? cap : 1'", "=cap"));
    expect(problems).toEqual([
      expect.stringMatching(
        /^s\.yaml:13:\d+ system\.servers\.vm\.copies: the axis cap does not exist in this cell, where its "when" does not hold \(cell 0: .*; 13 cells\)$/,
      ),
    ]);
  });

  test("constraints see what is there", () => {
    const cells = cellsOf(`${text}where: [n < 16, 'policy != "sporadic" or cap < 4']\n`);
    expect(cells.filter((cell) => cell.includes("large") || cell.endsWith(" 4"))).toEqual([]);
    expect(cells).toHaveLength(2 * 4 + 8 + 2);
  });
});

describe("when", () => {
  test("an axis that depends on one that may not exist must ask first", () => {
    const axes =
      '{ a: [1, 2], b: { from: 1, to: =a, step: 1, when: a > 1 }, c: { from: 1, to: "=a > 1 ? b : 1", step: 1 } }';
    expect(cellsOf(sweep(axes, '"=a + c + (a > 1 ? b : 0)"'))).toEqual(["1 none 1", "2 1 1", "2 2 1", "2 2 2"]);
    expect(problemsOf(sweep(axes.replace('"=a > 1 ? b : 1"', "=b"), "=a + c"))).toEqual([
      expect.stringContaining("axes.c: the axis b does not exist in this cell"),
    ]);
  });

  test("names earlier axes, as a condition", () => {
    expect(problemsOf(sweep("{ a: { values: [1], when: b > 1 }, b: [1, 2] }", "=a + b"))).toEqual([
      expect.stringContaining("axes.a.when: the axis b comes too late"),
    ]);
    expect(problemsOf(sweep("{ a: [1], b: { values: [1, 2], when: a + 1 } }", "=a + b"))).toEqual([
      expect.stringContaining('axes.b.when: "a + 1" is a number, and a condition is needed here'),
    ]);
    expect(problemsOf(sweep("{ a: [1], b: { values: [1, 2], whn: a > 1 } }", "=a + b"))).toEqual([
      expect.stringContaining('axes.b.whn: is not a key of an axis; did you mean "when"?'),
    ]);
  });
});

describe("zip", () => {
  test("stands in the place of the first in the file, whatever the order in the list", () => {
    const axes = "{ a: [1, 2], x: [8, 9], b: { from: 5, to: 6, step: 1 } }";
    expect(cellsOf(sweep(axes, "=a + x + b", "zip: [[b, a]]"))).toEqual(["1 8 5", "1 9 5", "2 8 6", "2 9 6"]);
  });

  test("a label that nothing uses is no slip, and lengths must be equal", () => {
    expect(cellsOf(sweep("{ a: [1, 2], b: [p, q] }", "=a", "zip: [[a, b]]"))).toEqual(["1 p", "2 q"]);
    expect(problemsOf(sweep("{ a: [1, 2], b: [p, q, r] }", "=a", "zip: [[a, b]]"))).toEqual([
      expect.stringContaining("axes.b: has 3 values, and a, with which it varies, has 2"),
    ]);
    expect(problemsOf(sweep("{ a: [1, 2], b: { from: 1, to: =a, step: 1 } }", "=a + b", "zip: [[a, b]]"))).toEqual([
      expect.stringContaining("axes.b: has 1 values, and a, with which it varies, has 2 (at a=1)"),
    ]);
  });

  test("ranges may depend on either", () => {
    const axes = "{ a: [1, 2], b: [10, 20], c: { from: =b, to: =b + a, step: 1 } }";
    expect(cellsOf(sweep(axes, "=a + b + c", "zip: [[a, b]]"))).toEqual([
      "1 10 10",
      "1 10 11",
      "2 20 20",
      "2 20 21",
      "2 20 22",
    ]);
  });

  test("absent together", () => {
    const axes = "{ p: [1, 2], a: { values: [1, 2], when: p = 2 }, b: [7, 8] }";
    expect(cellsOf(sweep(axes, '"=p + (p = 2 ? a + b : 0)"', "zip: [[a, b]]"))).toEqual([
      "1 none none",
      "2 1 7",
      "2 2 8",
    ]);
    expect(
      problemsOf(sweep(axes.replace("[7, 8]", "{ values: [7, 8], when: p = 2 }"), "=p", "zip: [[a, b]]")),
    ).toContainEqual(
      expect.stringContaining('axes.b: exists where a does, with which it varies; only that one has a "when"'),
    );
  });

  test("names axes, each once", () => {
    const lines = (zip: string) =>
      problemsOf(sweep("{ alpha: [1, 2], b: [1, 2], c: [3, 4] }", "=alpha + b + c", `zip: ${zip}`));
    expect(lines("[[alhpa, b]]")).toContainEqual(
      expect.stringContaining('zip[0][0]: there is no axis "alhpa"; did you mean "alpha"?'),
    );
    expect(lines("[[alpha, b], [b, c]]")).toContainEqual(
      expect.stringContaining("zip[1][0]: the axis b varies together with others already"),
    );
    expect(lines("[[alpha]]")).toEqual([expect.stringContaining("zip[0]: is one axis")]);
  });
});

describe("points", () => {
  const axes = "{ a: [1, 2], t: [x, y] }";
  const lines = (points: string, ...more: string[]) =>
    problemsOf(sweep(axes, "'=a + (t == \"x\" ? 1 : 2)'", `points: ${points}`, ...more));

  test("have a value of its kind on every axis, and no other", () => {
    expect(lines("[{ a: 1 }]")).toEqual([expect.stringContaining("points[0].t: is missing")]);
    expect(lines("[{ a: 3, t: z, u: 1 }]")).toEqual([expect.stringContaining("points[0].u: is no axis")]);
    expect(lines("[{ a: q, t: z }]")).toEqual([
      expect.stringContaining("points[0].a: is a text, and the axis a holds numbers"),
    ]);
    expect(lines("[{ a: 3, t: z }, { t: z, a: 3.0 }]")).toEqual([
      expect.stringContaining("points[1]: is the same cell as points[0]"),
    ]);
  });

  test("fulfil the constraints", () => {
    expect(lines("[{ a: 3, t: z }]", "where: a < 3")).toEqual([
      expect.stringContaining("points[0]: does not fulfil (a < 3) (3, z)"),
    ]);
  });
});

describe("sample", () => {
  const text = (method: string, ...more: string[]) =>
    sweep(
      "{ k: [1, 2], P: { from: 10, to: 20, step: 0.25 }, Q: { from: 1, to: =P, step: 0.5 } }",
      "=k + Q + 0 * P",
      `sample: { axes: [P, Q], method: ${method}, count: 64 }`,
      ...more,
    );

  test.each(["sobol", "latin-hypercube", "random"])(
    "%s: every combination of the others meets the same points",
    (method) => {
      const cells = cellsOf(text(method));
      expect(cells).toHaveLength(128);
      const points = cells.map((cell) => cell.split(" ").slice(1).join(" "));
      expect(points.slice(0, 64)).toEqual(points.slice(64));
      for (const point of points) {
        const [P, Q] = point.split(" ").map((value) => new Fraction(value));
        expect(P.gte(10) && P.lte(20) && P.mul(4).d === 1n).toBe(true);
        expect(Q.gte(1) && Q.lte(P) && Q.mul(2).d === 1n).toBe(true);
      }
      expect(cellsOf(text(method, "seed: 1"))).not.toEqual(cells);
    },
  );

  test.each(["sobol", "latin-hypercube"])("%s: one point in each of equal parts of a range", (method) => {
    const alone = sweep(
      "{ P: { from: 0, to: 64 }, Q: { from: 0, to: 64, step: 1 } }",
      "=P + Q",
      `sample: { axes: [P, Q], method: ${method}, count: 64 }`,
      "rounding: { resolution: 0.001 }",
    );
    const cells = cellsOf(alone).map((cell) => cell.split(" ").map((value) => Math.floor(Number(value))));
    for (const axis of [0, 1]) expect(new Set(cells.map((cell) => cell[axis])).size).toBe(64);
  });

  test.each(["sobol", "random"])("%s: a point follows from the seed and its number alone", (method) => {
    const short = cellsOf(text(method).replace("count: 64", "count: 5"));
    const long = cellsOf(text(method));
    expect(short.slice(0, 5)).toEqual(long.slice(0, 5));
  });

  test("problems", () => {
    const lines = (axes: string, sample: string) => problemsOf(sweep(axes, "=P", `sample: ${sample}`));
    expect(lines("{ P: [1, 2] }", "{ axes: [P], method: sobol, count: 5 }")).toEqual([
      expect.stringContaining("axes.P: is sampled, and a sampled axis is a range"),
    ]);
    expect(lines("{ P: { from: 1, to: 2, count: 3 } }", "{ axes: [P], method: sobol, count: 5 }")).toEqual([
      expect.stringContaining("axes.P: is sampled: a range with from and to, and a step"),
    ]);
    expect(lines("{ P: { from: 1, to: 2, step: 1 } }", "{ axes: [P], method: sobolev, count: 5 }")).toEqual([
      expect.stringContaining(
        'sample.method: "sobolev" is not one of sobol, latin-hypercube, random; did you mean "sobol"?',
      ),
    ]);
    expect(lines("{ P: { from: 1, to: 2, step: 1 } }", "{ axes: [P], method: random, count: 0 }")).toEqual([
      expect.stringContaining("sample.count: 0 is not a whole number from 1"),
    ]);
    expect(lines("{ P: { from: 3, to: 2, step: 1 } }", "{ axes: [P], method: random, count: 2 }")).toEqual([
      expect.stringContaining("axes.P: 3 is the least that is drawn, and more than 2"),
    ]);
  });

  test("a range that follows a drawn axis costs one value a point, not all of them", { timeout: 60_000 }, () => {
    const axes = "{ P: { from: 1, to: 1000, step: 0.001 }, Q: { from: 0.001, to: =P, step: 0.001 } }";
    const { plan } = openSweep(
      sweep(axes, "=Q * P / P", "sample: { axes: [P, Q], method: sobol, count: 5000 }"),
      "s.yaml",
    );
    expect(plan.cellCount).toBe(5000);
  });
});
