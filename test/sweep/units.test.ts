// Sweeps without a tick, whose durations all have units; and units in expressions.

import { describe, expect, test } from "vitest";
import { openCursor } from "../../src/grid/cells.js";
import { openSweep } from "../../src/grid/open.js";
import { canonicalSweep } from "../../src/sweep/canonical.js";
import { problemsOf } from "./sweeps.js";

const TEXT = `
horizon: 10s
stop: horizon
where: [P / 5ms != 3, "not (policy == '7ms')"]
system:
  host: { scheduler: table, frame: =P * 4, windows: [{ server: vm, start: 0, duration: =P }, { server: s, start: =P, duration: =2 * P - 15 ms / 3 - X }] }
  servers:
    vm: { policy: dedicated, tasks: { a: { period: =P/2, wcet: =P * U, deadline: "=max(0, P - X)", priority: 1 } }, priorities: explicit }
    s: { policy: dedicated }
axes:
  policy: [idling, polling]
  P: [20ms, 15ms, 40ms]
  U: { from: 0.1, to: =P / 100ms, step: 0.1 }
  X: { from: 0ms, to: =P / 4, step: .5e1ms }
`.replace("'7ms')\"", "'7ms') or U < 1\"");

/** The text with a tick; what it means is the same. */
const TICKED = `tick: 250us\nunit: ms${TEXT}`;

function cells(text: string): unknown[] {
  const { sweep, plan } = openSweep(text, "s.yaml");
  const found: unknown[] = [];
  const cursor = openCursor(sweep, plan);
  while (cursor.next()) found.push([...cursor.flat]);
  return found;
}

test("a sweep in which every duration has a unit needs no tick", () => {
  const { sweep, plan } = openSweep(TEXT, "s.yaml");
  expect(plan.unit).toEqual({ name: "ms", numerator: 1, denominator: 1 });
  expect(plan.resolution).toEqual({ ticks: "1", seconds: "1/1000" });
  expect(plan.axes.map(({ kind }) => kind)).toEqual(["text", "time", "number", "time"]);
  expect(plan.cellCount).toBe(2 * (2 * 2 + 4 * 3));
  expect(sweep.saysTick).toBe(false);
  expect(cells(TEXT)).toEqual(cells(TICKED));
  const cursor = openCursor(sweep, plan);
  cursor.seek(31);
  expect(plan.axes.map((_, axis) => cursor.axis(axis))).toEqual([1, 40, 0.4, 10]);
});

test("its one spelling has no tick either, and means the same", () => {
  const text = canonicalSweep(openSweep(TEXT, "s.yaml").sweep);
  expect(text).not.toContain("tick");
  expect(text).toContain('"duration":"=(((2 * P) - (15ms / 3)) - X)"');
  expect(canonicalSweep(openSweep(text, "s.yaml").sweep)).toBe(text);
  expect(cells(text)).toEqual(cells(TEXT));
});

test("where there is a tick, plain numbers are ticks, also beside units", () => {
  const text = `
tick: 4ms
horizon: 100
system: { servers: { vm: { policy: idling, period: =20ms - X, budget: =P / 4 } } }
axes: { X: [1, 2], P: [4ms, 8ms] }
`;
  const { sweep, plan } = openSweep(text, "s.yaml");
  const cursor = openCursor(sweep, plan);
  cursor.seek(3);
  expect([plan.resolution.ticks, cursor.axisText(0), cursor.axisText(1)]).toEqual(["1/4", "2", "8ms"]);
  expect(cursor.flat.slice(0).includes(4 * 3)).toBe(true);
});

test("a bare 0 in a list of durations is one, wherever it stands", () => {
  for (const list of ["[0, 1ms, 500us]", "[1ms, 0, 500us]", "[0ms, 1ms, 500us]"]) {
    const text = `
horizon: 100ms
system: { servers: { vm: { policy: idling, period: 10ms, budget: 4ms, tasks: { t: { period: 20ms, wcet: 2ms, offset: =X } } } } }
axes: { X: ${list} }
`;
    const { sweep, plan } = openSweep(text, "s.yaml");
    const cursor = openCursor(sweep, plan);
    const texts = [0, 1, 2].map((cell) => {
      cursor.seek(cell);
      return cursor.axisText(0);
    });
    expect(texts.sort()).toEqual(["0ms", "0.5ms", "1ms"].sort());
  }
  const numbers = "horizon: 9\nsystem: { servers: { vm: { policy: dedicated } } }\naxes: { X: [3, 0, 1ms] }";
  expect(problemsOf(numbers)).toEqual([expect.stringContaining("axes.X[2]: mixes numbers and durations with a unit")]);
});

describe("what mixes numbers with and without a unit is refused where it stands", () => {
  const system = (fields: string, rest = "") =>
    problemsOf(`horizon: 100ms\nsystem: { servers: { vm: { policy: idling, ${fields} } } }\n${rest}`);
  const needs = 'say how long one tick is, for example "tick: 1ms"';

  test.each([
    [
      "=20ms - X",
      "axes: { X: [1, 2] }",
      `"-" mixes numbers with and without a unit: 20ms is a duration, X is a number without a unit; give both a unit, or ${needs}`,
    ],
    [
      '"=X > 1ms ? 5ms : 7"',
      "axes: { X: [1ms, 2ms] }",
      `":" mixes numbers with and without a unit: 5ms is a duration, 7 is a number without a unit; give both a unit, or ${needs}`,
    ],
    [
      '"=min(X, 3) * 1ms"',
      "axes: { X: [1ms, 2ms] }",
      `"min" mixes numbers with and without a unit: X is a duration, 3 is a number without a unit; give both a unit, or ${needs}`,
    ],
    ["=X * X", "axes: { X: [1ms, 2ms] }", "=X * X is a duration to the power of 2, and a duration is needed here"],
    [
      "=floor(X / 3)",
      "axes: { X: [1ms, 2ms] }",
      "floor makes whole numbers, and (X / 3) is a duration: divide by one first, as in floor((X / 3) / 1ms) * 1ms",
    ],
    [
      "=X / 1ms",
      "axes: { X: [1ms, 2ms] }",
      `=X / 1ms has no unit, and other durations have one; give the values of its axes one, or ${needs} at the top`,
    ],
    ["5", "", `5 has no unit, and other durations have one; write 5ms, or ${needs} at the top`],
  ])("period: %s", (period, rest, text) => {
    expect(system(`period: ${period}, budget: 1ms`, rest)).toEqual([
      expect.stringMatching(/^s\.yaml:2:\d+ system\.servers\.vm\.period: /),
    ]);
    expect(system(`period: ${period}, budget: 1ms`, rest)[0]).toMatch(/: /);
    expect(system(`period: ${period}, budget: 1ms`, rest)[0].endsWith(text)).toBe(true);
  });

  test("in numbers, ranges, constraints, settings and counts as well", () => {
    const rest = "resolution: 1\naxes: { X: { from: 1ms, to: =U * 3, step: 1ms }, U: [1] }";
    expect(system("period: 10ms, budget: =X", rest)).toHaveLength(2);
    expect(
      system(
        "period: 10ms, budget: =X, priority: =X",
        "resolution: 1\nwhere: X < 3\naxes: { X: { from: 1ms, to: 3, step: 1ms } }",
      ),
    ).toEqual([
      "s.yaml:2:80 system.servers.vm.priority: the axis X holds durations, and a whole number is needed here",
      `s.yaml:3:13 resolution: 1 has no unit, and other durations have one; write 1ms, or ${needs} at the top`,
      expect.stringMatching(/^s\.yaml:4:8 where: "<" mixes numbers with and without a unit: X is a duration, 3 is/),
      "s.yaml:5:9 axes.X: mixes numbers and durations; write all of them with a unit, or none",
    ]);
    expect(system("period: 10ms, budget: 1ms, priority: =X / 1ms + X", "axes: { X: [1ms] }")).toHaveLength(1);
    expect(system("period: 10ms, budget: 1ms, priority: =2 * X", "axes: { X: [1ms] }")).toEqual([
      "s.yaml:2:81 system.servers.vm.priority: =2 * X is a duration, and a whole number is needed here",
    ]);
  });

  test("a few durations with a unit among many without lack a tick", () => {
    expect(
      problemsOf("horizon: 100\nsystem: { servers: { vm: { policy: idling, period: 10, budget: 1ms } } }"),
    ).toEqual([`s.yaml:2:64 system.servers.vm.budget: 1ms needs a tick: ${needs} at the top`]);
  });

  test("a tick is no unit of a sweep without one", () => {
    expect(system("period: 10ms, budget: 1ms", "unit: tick")).toEqual([`s.yaml:3:7 unit: tick needs a tick: ${needs}`]);
    expect(system("period: 10ms, budget: 1ms", "unit: us")).toEqual(["no problem"]);
  });
});
