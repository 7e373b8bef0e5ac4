// A recording as a scenario.

import { expect, test } from "vitest";
import { type RecordedSupply, recordedScenario, recordedTick } from "../../src/fit/measure/recorded.js";
import { simulateObject } from "../support/simulate.js";
import { replay } from "./guest.js";

const MS = 1_000_000;
const supply: RecordedSupply = {
  span: 100 * MS,
  windows: [
    [2 * MS, 4 * MS, "cut"],
    [10 * MS, 3 * MS, "asleep"],
    [50 * MS, 3 * MS, "asleep"],
    [53.5 * MS, 1 * MS, "cut"],
  ],
};

test("is a server with the recorded windows, those before a sleep a little longer", () => {
  const { tick, scenario } = recordedScenario(supply, [{ name: "t", period: 50_000, wcet: 7500 }]);
  expect(tick).toBe("1us");
  expect(scenario).toStrictEqual({
    horizon: 100_000,
    servers: [
      {
        name: "vm",
        policy: "recorded",
        windows: [
          { start: 2000, duration: 4000 },
          { start: 10_000, duration: 4000 },
          { start: 50_000, duration: 3500 },
          { start: 53_500, duration: 1000 },
        ],
        tasks: [{ name: "t", period: 50_000, wcet: 7500 }],
      },
    ],
  });
  // 4 in the first window, 3.5 in the second, which is prolonged by 0.5; 4.5 of the second job until the end.
  expect(simulateObject(scenario).tasks[0]).toMatchObject({ completed: 1, response_max: 13_500 });
});

test("keeps the windows as they are without slack", () => {
  const { scenario } = recordedScenario(supply, [{ name: "t", period: 50_000, wcet: 7500 }], { slack: 0 });
  expect(simulateObject(scenario).tasks[0]).toMatchObject({ completed: 1, response_max: 50_500 });
});

test("has nanoseconds as ticks where the recording has them", () => {
  expect(recordedTick(supply)).toBe("1us");
  const finer: RecordedSupply = { span: 1001, windows: [[1, 999, "cut"]] };
  expect(recordedTick(finer)).toBe("1ns");
  expect(recordedScenario(finer, []).scenario).toMatchObject({
    horizon: 1001,
    servers: [{ windows: [{ start: 1, duration: 999 }] }],
  });
});

test("refuses a recording without a window", () => {
  expect(() => recordedScenario({ span: MS, windows: [] }, [])).toThrow("there is nothing to replay");
});

test("refuses more windows than a scenario has", () => {
  const windows = Array.from({ length: 65_537 }, (_, k) => [k * 1000, 500, "cut"] as const);
  expect(() => recordedScenario({ span: 66 * MS, windows }, [])).toThrow(
    "65537 windows; a scenario has at most 65536: choose a shorter part of the trace (from, to)",
  );
});

test("lets a window before a sleep go on while there is work, and no longer", () => {
  const task = (demand: number, period = 100_000) => ({ period, demand: () => demand });
  expect(replay(supply, [task(7500)])).toStrictEqual([[13_500]]);
  // The work that arrives at 20 finds the VM asleep: nobody knows when it would have been given the CPU.
  expect(replay(supply, [task(1000, 20_000)])[0].slice(0, 2)).toStrictEqual([3000, 31_000]);
});
