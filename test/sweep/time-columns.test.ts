// Tables of plain times are read as columns: the same sweep as with a field for each time, and the same problems.

import fc from "fast-check";
import { expect, test } from "vitest";
import { openCursor } from "../../src/grid/cells.js";
import { planSweep } from "../../src/grid/lay-out.js";
import { canonicalSweep } from "../../src/sweep/canonical.js";
import { parseSweep } from "../../src/sweep/parse.js";
import type { Sweep } from "../../src/sweep/sweep.js";
import { namedTables, withTableTexts } from "../../src/sweep/task-table.js";
import { runsOf } from "../support/runs.js";
import { problemsOf } from "./sweeps.js";

/** Copies of a server whose tasks have jobs in a table, observed times in another one, and jobs that are written. */
function sweepOf(arrivals: string, times: string, head = ""): string {
  const named = `${head}
horizon: 100s
system:
  servers:
    vm:
      policy: deferrable
      period: 10ms
      budget: =Q
      copies: 2
      tasks:
        written: { jobs: [{ at: 1ms, work: 2ms }, { at: 2ms, work: =Q }] }
        a: { recorded: a.csv, wcet: 900s, bcet: 1ns }
        b: { recorded: a.csv, execution: { empirical: t.csv } }
        c: { period: 20ms, execution: { empirical: [1ms, =Q] } }
        d: { period: 20ms, execution: { empirical: t.csv } }
axes: { Q: [3ms, 7ms] }
`;
  const tables = namedTables(named, "s.yaml");
  return withTableTexts(
    named,
    tables,
    tables.map(({ name }) => (name === "a.csv" ? arrivals : times)),
  );
}

/** All that follows from a sweep: its spelling, its plan and its cells. */
function outcome(sweep: Sweep) {
  const plan = planSweep(sweep);
  const cursor = openCursor(sweep, plan);
  const cells = [0, 1].map((cell) => {
    cursor.seek(cell);
    return [...cursor.flat];
  });
  const { factors: _, ...said } = plan;
  return { canonical: canonicalSweep(sweep), said, cells };
}

const digits = fc.tuple(fc.nat({ max: 99_999 }), fc.constantFrom("", ".5", ".25", ".040", ".125"));
const unit = fc.constantFrom("ns", "us", "ms", "s", " us");
const duration = fc.tuple(digits, unit).map(([[number, part], own]) => {
  return {
    text: `${number}${part}${own}`,
    length: Number(`${number}${part}`) * { ns: 1, us: 1e3, ms: 1e6, s: 1e9 }[own.trim()]!,
  };
});
const whole = duration.filter(({ length }) => Number.isInteger(length)); // beside long times, in nanoseconds
const positive = whole.filter(({ length }) => length >= 1 && length <= 9e11);
const rows = fc.array(fc.tuple(whole, fc.option(positive)), { minLength: 1, maxLength: 12 });

test("a sweep with columns is the sweep without them", () => {
  fc.assert(
    fc.property(rows, fc.array(positive, { minLength: 1, maxLength: 9 }), (jobs, times) => {
      const sorted = [...jobs].sort(([a], [b]) => a.length - b.length);
      const arrivals = sorted.map(([at, work]) => `${work?.text ?? ""};${at.text}\r\n`);
      const all = [...arrivals, ";99999s\r\n"].join("");
      const sweep = parseSweep(sweepOf(`work;at\r\n${all}`, times.map(({ text }) => `${text}\n`).join("")), "s.yaml");
      expect(sweep.columns.length).toBeGreaterThanOrEqual(4);
      const expanded = sweep.expanded!();
      expect(expanded.columns).toStrictEqual([]);
      expect(expanded.fields.length).toBeGreaterThan(sweep.fields.length);
      expect(outcome(sweep)).toStrictEqual(outcome(expanded));
    }),
    { numRuns: runsOf(60) },
  );
});

test("numbers of ticks are columns too, where a tick is said", () => {
  const sweep = parseSweep(sweepOf("at,work\n0,2.5\n12,\n", "1\n2.25\n", "tick: 1ms"), "s.yaml");
  expect(sweep.columns.map(({ times }) => times.kind)).toContain("number");
  expect(outcome(sweep)).toStrictEqual(outcome(sweep.expanded!()));
});

test.each([
  [
    "at\n1ms\n5ms\n2ms\n",
    "1ms\n",
    "",
    "a.csv:4:1 system.servers.vm.tasks.a.jobs[2].at: 2ms is before the job before, 5ms",
  ],
  ["at,work\n1ms,0\n", "1ms\n", "", "a.csv:2:5 system.servers.vm.tasks.a.jobs[0].work: 0ms is not positive"],
  ["at\n1ms\n2\n", "1ms\n", "", "a.csv:3:1 system.servers.vm.tasks.a.jobs[1].at: 2 has no unit"],
  ["at\n1\n2\n", "1ms\n", "", "a.csv:2:1 system.servers.vm.tasks.a.jobs[0].at: 1 has no unit"],
  [
    "at\n1ms\n",
    "1ms\n1500ns\n",
    "resolution: 1us",
    "t.csv:2:1 system.servers.vm.tasks.b.execution.empirical[1]: 0.0015ms",
  ],
  ["at\n1ms\n", "20ms\n", "", "no problem"],
])("of the tables %j and %j the problem has its place", (arrivals, times, head, problem) => {
  expect(problemsOf(sweepOf(arrivals, times, head)).join("\n")).toContain(problem);
});

test("a long recording is read without a field for each time", () => {
  const arrivals = `at,work\n${Array.from({ length: 20_000 }, (_, i) => `${i}us,${1 + (i % 9)}us\n`).join("")}`;
  const sweep = parseSweep(sweepOf(arrivals, "1us\n2us\n"), "s.yaml");
  expect(sweep.fields.length).toBeLessThan(30);
  expect(sweep.jobs).toStrictEqual([2, 20_000, 20_000, undefined, undefined]);
});

test("the spelling of a sweep is read as columns again, though it lists every time, and is the same sweep", () => {
  const rows = Array.from({ length: 200 }, (_, i) => i);
  const arrivals = `at,work\n${rows.map((i) => `${i * 7}.5ms,${i % 3 === 0 ? "" : `${1 + (i % 9)}us`}`).join("\n")}`;
  const observed = rows.map((i) => `${1 + i}us`).join("\n");
  const sweep = parseSweep(sweepOf(arrivals, observed), "s.yaml");
  const again = parseSweep(canonicalSweep(sweep), "s.yaml");
  expect(again.columns.map(({ times }) => times.values.length)).toStrictEqual(
    sweep.columns.map(({ times }) => times.values.length),
  );
  expect(sweep.columns.length).toBeGreaterThan(4);
  expect(outcome(again)).toStrictEqual(outcome(again.expanded!()));
  expect(canonicalSweep(again.expanded!())).toBe(canonicalSweep(sweep));
});

test("what is wrong in a long list of JSON, or beside it, is told where it is written", () => {
  const jobs = (bad: string) => Array.from({ length: 200 }, (_, i) => `{"at":${i === 150 ? bad : `"${i}ms"`}}`).join();
  const task = (bad: string, wcet: string) => `{"jobs":[${jobs(bad)}],"wcet":${wcet}}`;
  const text = (bad: string, wcet: string) =>
    `{"horizon":"1s","system":{"servers":{"s":{"policy":"dedicated","tasks":{"t":${task(bad, wcet)}}}}}}`;
  const column = (own: string, what: string) => own.lastIndexOf(what) + 1;
  for (const bad of ['"3ms"', '"1.2.3ms"', '"150"', "-1"]) {
    const own = text(bad, '"1ms"');
    const at = column(own, `:${bad}}`) + 1;
    expect(problemsOf(own)[0]).toMatch(new RegExp(`^s\\.yaml:1:${at} .*jobs\\[150\\]\\.at: `));
  }
  const beside = text('"150ms"', '"0ms"');
  expect(problemsOf(beside)[0]).toMatch(new RegExp(`^s\\.yaml:1:${column(beside, '"0ms"')} .*\\.wcet: `));
});

test("an axis that is called empirical, or jobs, is no list of times, however long and wherever in the JSON it stands", () => {
  const values = Array.from({ length: 150 }, (_, i) => `"${i + 1}ms"`).join();
  const head = '"horizon":"1s","resolution":"1ms"';
  const observed = Array.from({ length: 120 }, (_, i) => `"${i + 1}ms"`).join();
  const task = `{"period":"200ms","execution":{"empirical":[${observed}]}}`;
  for (const name of ["empirical", "jobs"]) {
    const system = `"system":{"servers":{"s":{"policy":"dedicated","tasks":{"t":{"period":"1s","wcet":"=${name}"},"u":${task}}}}}`;
    for (const axes of [`{"${name}":[${values}]}`, `{"k":[1,2],"${name}":[${values}]}`]) {
      const used = axes.includes('"k"') ? system.replace('"200ms"', '"=100ms * k"') : system;
      for (const text of [`{"axes":${axes},${head},${used}}`, `{${head},${used},"axes":${axes}}`]) {
        const sweep = parseSweep(text, "s.yaml");
        expect(sweep.axes.map((axis) => axis.name)).toContain(name);
        expect(planSweep(sweep).cellCount).toBe(axes.includes('"k"') ? 300 : 150);
        expect(sweep.columns).toHaveLength(1); // what was observed is still read as a table
        expect(outcome(sweep)).toStrictEqual(outcome(parseSweep(JSON.stringify(JSON.parse(text), null, 1), "s.yaml")));
        expect(canonicalSweep(parseSweep(canonicalSweep(sweep), "s.yaml"))).toBe(canonicalSweep(sweep));
      }
    }
  }
});
