// What is shown of a run: a part of it, on a clock, or two of them together.

import fc from "fast-check";
import { Fraction } from "fraction.js";
import { describe, expect, test } from "vitest";
import { type Clock, commonClock, Decimals, exactTimes, NoCommonClock, TICKS } from "../../src/numbers/clock.js";
import { onClock } from "../../src/trace/traced.js";
import { scenarioArbitrary } from "../reference/scenarios.js";
import { runsOf } from "../support/runs.js";
import { readArrow, readGrasp, readPerfetto } from "./readers.js";
import { bytesOf, countersOf, eventsOf, textOf, tracedOf } from "./support.js";

const PAPER = {
  horizon: 60,
  servers: [
    {
      name: "vm",
      policy: "idling",
      period: 3,
      budget: 1,
      tasks: [
        { name: "rt_task1", period: 5, wcet: 2 },
        { name: "rt_task2", period: 55, wcet: 20 },
      ],
    },
  ],
};

const eventLines = (text: string) => text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));

describe("a part of a run", () => {
  test("has the events of the whole run that fall into it", () => {
    fc.assert(
      fc.property(scenarioArbitrary({ horizonMax: 100 }), fc.nat(100), fc.nat(100), (scenario, a, b) => {
        const run = tracedOf(scenario);
        const all = eventsOf(run);
        const end = all.at(-1)!.time;
        const range = { from: Math.min(a, b, end), to: Math.max(a, b) };
        expect(eventsOf(run, range)).toStrictEqual(all.filter(({ time }) => time >= range.from && time <= range.to));
      }),
      { numRuns: runsOf(200) },
    );
  });

  test("adds up: the supply before and after a moment is that of the whole run", () => {
    fc.assert(
      fc.property(scenarioArbitrary({ horizonMax: 100 }), fc.nat(100), (scenario, moment) => {
        const run = tracedOf(scenario);
        const at = Math.min(moment, eventsOf(run).at(-1)!.time);
        const parts = [
          { from: 0, to: at },
          { from: at, to: run.horizon },
        ];
        const expected = countersOf(run).servers.map(({ supply }) => supply);
        const supplies = (read: (range: (typeof parts)[0]) => { servers: { supply: number }[] }) =>
          parts.map((part) => read(part).servers.map(({ supply }) => supply));
        const [before, after] = supplies((part) => readPerfetto(run, textOf(run, "perfetto", part)));
        expect(before.map((supply, server) => supply + after[server])).toStrictEqual(expected);
        const grasp = supplies((part) => readGrasp(run, textOf(run, "grasp", part)));
        const budgeted = run.servers.map(({ budget }, server) => (budget === null ? 0 : expected[server]));
        expect(grasp[0].map((supply, server) => supply + grasp[1][server])).toStrictEqual(budgeted);
      }),
      { numRuns: runsOf(200) },
    );
  });

  test("says as text what was so before it", () => {
    const text = textOf(tracedOf(PAPER), "text", { from: 20, to: 22 });
    expect(text.split("\n").slice(0, 2)).toStrictEqual([
      "# test; times in ticks",
      "# at 20: the CPU is idle, vm budget=0, vm/rt_task1#3 unfinished, vm/rt_task2#0 unfinished",
    ]);
    expect(eventLines(text)[0]).toBe("20 miss      vm/rt_task1#3");
  });

  test("is not larger than a picture can be", () => {
    const long = { ...PAPER, horizon: 40_000 };
    expect(() => textOf(tracedOf(long), "svg")).toThrow("more than 20000 events");
    expect(textOf(tracedOf(long), "svg", { from: 30_000, to: 30_100 })).toContain("</svg>");
  });
});

describe("a clock", () => {
  const milliseconds: Clock = { unit: "ms", step: new Fraction("1/4"), nanoseconds: new Fraction(250_000) };

  test("writes times exactly", () => {
    expect([0, 1, 4, 10, 4001].map(exactTimes(milliseconds))).toStrictEqual(["0", "0.25", "1", "2.5", "1000.25"]);
    expect([-1, -4, -10, -401].map(exactTimes(milliseconds))).toStrictEqual(["-0.25", "-1", "-2.5", "-100.25"]);
    const microseconds = { ...milliseconds, step: new Fraction("1/1000") };
    expect([-1, -10, -500, -1500].map(exactTimes(microseconds))).toStrictEqual(["-0.001", "-0.01", "-0.5", "-1.5"]);
    expect([3, 7].map(exactTimes({ ...TICKS, step: new Fraction("1/3") }))).toStrictEqual(["1", "7/3"]);
    expect(exactTimes(milliseconds)(Number.MAX_SAFE_INTEGER)).toBe("2251799813685247.75");
    expect(new Decimals(new Fraction("1/3"), 3).text(2)).toBe("0.667");
    expect(new Decimals(new Fraction("1/3"), 3).difference(1, 2)).toBe("0.334");
    expect(new Decimals(new Fraction("1/4"), 6, true).text(1)).toBe("0.250000");
  });

  test("of real time gives exact microseconds and seconds", () => {
    const run = tracedOf(PAPER, milliseconds);
    const slices = JSON.parse(textOf(run, "perfetto")).traceEvents.filter(({ ph }: { ph: string }) => ph === "X");
    expect(slices.slice(0, 2).map(({ ts, dur }: { ts: number; dur: number }) => [ts, dur])).toStrictEqual([
      [0, 250],
      [0, 250],
    ]);
    expect(textOf(run, "ftrace")).toMatch(/ 0\.000750: sched_switch: prev_comm=swapper\/0 .* ==> next_comm=vm /);
    expect(readArrow(run, bytesOf([run], "arrow")).servers[0].supply).toBe(20 * 0.25);
  });

  test("can be shared by two runs", () => {
    const other: Clock = { unit: "us", step: new Fraction(100), nanoseconds: new Fraction(100_000) };
    const { clock, scales } = commonClock(milliseconds, other);
    expect([clock.unit, clock.step.toFraction(), clock.nanoseconds?.toFraction(), scales]).toStrictEqual([
      "ms",
      "1/20",
      "50000",
      [5, 2],
    ]);
    const scaled = onClock(tracedOf(PAPER, milliseconds), clock, 5);
    expect(textOf(scaled, "text")).toBe(textOf(tracedOf(PAPER, milliseconds), "text"));
    expect(() => commonClock(milliseconds, TICKS)).toThrow(NoCommonClock);
  });
});

describe("two runs", () => {
  test("are merged in order of time, each line with its side, none lost", () => {
    fc.assert(
      fc.property(scenarioArbitrary({ horizonMax: 60 }), scenarioArbitrary({ horizonMax: 60 }), (first, second) => {
        const runs = [tracedOf(first), tracedOf(second)];
        const lines = eventLines(bytesOf(runs, "text").toString());
        const times = lines.map((line) => Number.parseFloat(line));
        expect(times).toStrictEqual([...times].sort((a, b) => a - b));
        runs.forEach((run, side) => {
          const own = lines.filter((line) => line.trim().split(" ")[1] === "AB"[side]);
          expect(own.map((line) => line.replace(/ [AB] /, " ").trim())).toStrictEqual(
            eventLines(textOf(run, "text")).map((line) => line.trim()),
          );
        });
      }),
      { numRuns: runsOf(50) },
    );
  });

  test("share the strips of one picture", () => {
    const output = bytesOf([tracedOf(PAPER), tracedOf({ ...PAPER, horizon: 30 })], "svg").toString();
    expect(output.match(/<g class="side">/g)?.length).toBe(2);
    expect(output).toContain('data-from="0" data-to="60"');
    expect(output).toMatch(/>A: test<[\s\S]*>B: test</);
  });
});
