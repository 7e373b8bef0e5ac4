import fc from "fast-check";
import { Fraction } from "fraction.js";
import { stringify } from "lossless-json";
import { describe, expect, test } from "vitest";
import * as abi from "../../assembly/abi.js";
import { cellScenario } from "../../src/grid/cell-scenario.js";
import { type Cursor, openCursor } from "../../src/grid/cells.js";
import { planSweep } from "../../src/grid/lay-out.js";
import { serverAt, taskAt } from "../../src/model/fields.js";
import { timeConverter } from "../../src/numbers/clock.js";
import { toDouble } from "../../src/numbers/durations.js";
import { parseScenario } from "../../src/scenario/parse.js";
import { canonicalSweep } from "../../src/sweep/canonical.js";
import { parseSweep } from "../../src/sweep/parse.js";

const TEXT = `
tick: 2ms
unit: us
horizon: { hyperperiods: 2, at_most: =100*P }
stop: '=policy == "polling" ? "first-miss" : "horizon"'
seed: 9007199254740993
system:
  host: { host_switch: 0.25 }
  servers:
    low: { policy: polling, period: 7, budget: 1, tasks: { x: { period: 21, wcet: 1 } } }
    vm:
      policy: =policy
      period: =P
      budget: =Q
      priority: =N
      tasks:
        a: { period: 5, wcet: =W, deadline: '=max(W, P)' }
        b: { period: =P * 2, wcet: 1, on_miss: abort }
axes:
  policy: [idling, polling, deferrable]
  N: { from: 1, to: 3, step: 1 }
  P: { from: 2, to: 6, step: 0.5 }
  Q: { from: 0.5, to: =P, step: 0.5 }
  W: [1ms, 3ms]
where: [ 'Q / P <= 0.9', 'not (policy == "polling" and N == 2)' ]
`;

function open(text = TEXT): Cursor {
  const sweep = parseSweep(text, "s.yaml");
  return openCursor(sweep, planSweep(sweep));
}

/** Everything that a caller can see of the current cell. */
function snapshot(cursor: Cursor): unknown {
  const axes = cursor.sweep.axes.map((_, i) => [cursor.axis(i), cursor.axisText(i)]);
  return { cell: cursor.cell, flat: [...cursor.flat], axes };
}

const walked: unknown[] = [];
for (const cursor = open(); cursor.next(); ) walked.push(snapshot(cursor));

test("a cell holds what its expressions say, in steps", () => {
  const cursor = open();
  cursor.seek(0);
  const { flat } = cursor;
  expect(cursor.sweep.axes.map((_, i) => cursor.axisText(i))).toEqual(["idling", "1", "2", "0.5", "1000us"]);
  expect(cursor.sweep.axes.map((_, i) => cursor.axis(i))).toEqual([0, 1, 2, 0.5, 1000]);
  // The resolution is a quarter of a tick.
  const given = (from: number, to: number) =>
    Object.fromEntries(
      [...flat.slice(from, to)].flatMap((value, slot) => (value === abi.ABSENT ? [] : [[slot, value]])),
    );
  expect(given(0, serverAt(0))).toEqual({
    [abi.IN_HEADER_ABI]: abi.ABI_VERSION,
    [abi.IN_HEADER_HORIZON]: 800,
    [abi.IN_HEADER_SEED_LOW]: 1,
    [abi.IN_HEADER_SEED_HIGH]: 2 ** 21,
    [abi.IN_HEADER_STOP]: abi.STOP_HORIZON,
    [abi.IN_HEADER_HOST_SWITCH]: 1,
    [abi.IN_HEADER_SERVERS]: 2,
    [abi.IN_HEADER_TASKS]: 3,
  });
  expect(given(serverAt(1), serverAt(2))).toEqual({
    [abi.IN_SERVER_POLICY]: abi.POLICY_IDLING,
    [abi.IN_SERVER_PERIOD]: 8,
    [abi.IN_SERVER_BUDGET]: 2,
    [abi.IN_SERVER_PRIORITY]: 1,
    [abi.IN_SERVER_TASKS]: 2,
  });
  expect(given(taskAt(2, 1), taskAt(2, 2))).toEqual({
    [abi.IN_TASK_PERIOD]: 20,
    [abi.IN_TASK_WCET]: 2,
    [abi.IN_TASK_DEADLINE]: 8,
  });
  expect(given(taskAt(2, 2), taskAt(2, 3))).toEqual({
    [abi.IN_TASK_PERIOD]: 16,
    [abi.IN_TASK_WCET]: 4,
    [abi.IN_TASK_ON_MISS]: abi.ON_MISS_ABORT,
  });
});

test("the cells are those of plain nested loops", () => {
  const expected: string[] = [];
  const removed = [0, 0];
  for (const policy of ["idling", "polling", "deferrable"]) {
    for (const n of [1, 2, 3]) {
      for (let p = 2; p <= 6; p += 0.5) {
        for (let q = 0.5; q <= p; q += 0.5) {
          for (const w of ["1000us", "3000us"]) {
            // q / p <= 0.9 without rounding: all of these are whole numbers.
            if (20 * q > 18 * p) removed[0]++;
            else if (policy === "polling" && n === 2) removed[1]++;
            else expected.push(`${policy} ${n} ${p} ${q} ${w}`);
          }
        }
      }
    }
  }
  const plan = planSweep(parseSweep(TEXT, "s.yaml"));
  expect(plan.removed.map((constraint) => constraint.removed)).toEqual(removed);
  expect(plan.gridCells).toBe(expected.length + removed[0] + removed[1]);
  const texts = walked.map((cell) => (cell as { axes: [number, string][] }).axes.map(([, text]) => text).join(" "));
  expect(texts).toEqual(expected);
});

test("seeking any cell gives the same as walking to it, and walking on from there does too", () => {
  expect(walked).toHaveLength(planSweep(parseSweep(TEXT, "s.yaml")).cellCount);
  const cursor = open();
  fc.assert(
    fc.property(fc.nat(walked.length - 1), fc.nat(40), (cell, more) => {
      cursor.seek(cell);
      expect(snapshot(cursor)).toEqual(walked[cell]);
      for (let next = cell + 1; next <= Math.min(cell + more, walked.length - 1); next++) {
        expect(cursor.next()).toBe(true);
        expect(snapshot(cursor)).toEqual(walked[next]);
      }
    }),
  );
  cursor.seek(walked.length - 1);
  expect(cursor.next()).toBe(false);
  expect(() => cursor.seek(walked.length)).toThrow(RangeError);
  expect(() => cursor.seek(-1)).toThrow(RangeError);
});

test("seeking works where the kept combinations are thinned out, in a worker's copy of the plan", () => {
  const system = "system: { servers: { vm: { policy: idling, period: =P, budget: =Q } } }";
  const text = `horizon: 9\n${system}\naxes: { P: { from: 1, to: 300, step: 1 }, Q: { from: 1, to: =P, step: 1 } }\nwhere: (P + Q) % 3 != 0`;
  const sweep = parseSweep(text, "s.yaml");
  const plan = structuredClone(planSweep(sweep));
  const [factor, ...others] = plan.factors;
  expect([factor.every, factor.indices!.length, others]).toEqual([8, Math.ceil(plan.cellCount / 8), []]);
  const there = openCursor(parseSweep(text, "s.yaml"), plan);
  const here = openCursor(sweep, plan);
  while (here.next()) {
    if (here.cell % 997 !== 0 && here.cell < plan.cellCount - 2) continue;
    there.seek(here.cell);
    expect(snapshot(there)).toEqual(snapshot(here));
  }
  expect(here.cell).toBe(plan.cellCount - 1);
});

test("a range longer than what is kept gives the same values anew", () => {
  const text =
    "horizon: 9\nsystem: { servers: { vm: { policy: idling, period: 10, budget: =Q } } }\naxes: { Q: { from: 0.0001, to: 10, step: 0.0001 } }";
  const cursor = open(text);
  for (const cell of [0, 65_535, 65_536, 99_999, 1]) {
    cursor.seek(cell);
    expect([cursor.axis(0), cursor.flat[serverAt(0) + abi.IN_SERVER_BUDGET]]).toEqual([(cell + 1) / 10_000, cell + 1]);
  }
});

describe("a cell as a scenario", () => {
  test("is in normal form, and reads back as the same numbers", () => {
    const cursor = open();
    for (const cell of [0, 1, 17, walked.length - 1]) {
      cursor.seek(cell);
      const scenario = parseScenario(stringify(cellScenario(cursor))!);
      expect(scenario.names).toEqual(cursor.sweep.names);
      expect([...scenario.flat]).toEqual([...cursor.flat]);
    }
  });
  test("has its windows and its replicate", () => {
    const cursor = open(
      "horizon: 20\nsystem: { host: { scheduler: table, frame: 10, windows: [{ server: vm, start: 0, duration: =D }] }, servers: { vm: {} } }\naxes: { D: [2, 4] }",
    );
    cursor.seek(1);
    cursor.flat[abi.IN_HEADER_REPLICATE] = 3;
    expect(cellScenario(cursor)).toEqual({
      horizon: 10,
      seed: 0,
      replicate: 3,
      host: { scheduler: "table", frame: 5, windows: [{ server: "vm", start: 0, duration: 2 }] },
      servers: [{ name: "vm", tasks: [] }],
    });
  });
});

test("a cell has the windows of its recorded servers, and reads back as the same numbers", () => {
  const recorded = "{ policy: recorded, windows: [{ start: 0, duration: =D }, { start: 4, duration: 2 }] }";
  const text = `horizon: 20\nsystem: { servers: { a: ${recorded}, b: { policy: dedicated }, c: ${recorded} } }\naxes: { D: [2, 4] }`;
  const cursor = open(text);
  cursor.seek(1);
  const windows = [0, 2].map((start) => ({ start, duration: start === 0 ? 2 : 1 }));
  expect(cellScenario(cursor)).toMatchObject({
    servers: [{ name: "a", policy: "recorded", windows }, { name: "b" }, { name: "c", windows }],
  });
  const { flat } = parseScenario(stringify(cellScenario(cursor))!);
  expect([...flat]).toEqual([...cursor.flat]);
  const again = open(canonicalSweep(cursor.sweep));
  again.seek(1);
  expect([...again.flat.slice(abi.IN_HEADER_SIZE)]).toEqual([...cursor.flat.slice(abi.IN_HEADER_SIZE)]);
});

test("steps become the double nearest to the exact time", () => {
  const small = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
  const factor = fc.oneof(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }));
  fc.assert(
    fc.property(small, factor, factor, fc.bigInt({ min: 0n, max: 2n ** 80n }), (steps, numerator, denominator, sum) => {
      const convert = timeConverter({ unit: { name: "ms", numerator, denominator } });
      const factorOf = new Fraction(numerator, denominator);
      expect(convert(steps)).toBe(toDouble(factorOf.mul(steps)));
      expect(convert(sum)).toBe(toDouble(factorOf.mul(new Fraction(sum))));
    }),
    { numRuns: 300 },
  );
});
