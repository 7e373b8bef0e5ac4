// Arrivals of a table are the jobs that would be written in the sweep, and what is wrong with them is told at its place.

import { expect, test } from "vitest";
import { canonicalSweep } from "../../src/sweep/canonical.js";
import { parseSweep } from "../../src/sweep/parse.js";
import { namedTables, withTableTexts } from "../../src/sweep/task-table.js";
import { oneServer, problemsOf } from "./sweeps.js";

const SERVER = ["policy: idling", "period: 10", "budget: =Q"];
const AXES = "axes: { Q: [4, 5] }";

function sweepOf(task: string, ...texts: string[]): string {
  const named = oneServer([...SERVER, `tasks: { ${task} }`], AXES);
  return withTableTexts(named, namedTables(named, "s.yaml"), texts);
}

const canonical = (text: string) => canonicalSweep(parseSweep(text, "s.yaml"));

const WRITTEN = 'a: { wcet: 3, bcet: 1, jobs: [{ at: 0 }, { at: 2.50, work: 2 }, { at: "=Q", work: "=Q / 2" }] }';

test.each([
  ["commas", "at,work\n0,\n2.5,2\n=Q,=Q / 2\n"],
  ["semicolons", "work;at\n;0\n\n2; 2.5\n=Q / 2;=Q"],
  ["tabs, CRLF and a mark", "\uFEFFat\twork\r\n0\r\n25e-1\t2\r\n=Q\t=Q / 2\r\n"],
])("separated by %s they are the same sweep as jobs that are written", (_, table) => {
  expect(canonical(sweepOf("a: { recorded: a.csv, wcet: 3, bcet: 1 }", table))).toBe(canonical(sweepOf(WRITTEN)));
});

test("of several tasks, fixed ones too, each has its own table", () => {
  const tables = ["name,period,wcet\nc,20,1\n", "at,work\n1,1\n"];
  const text = sweepOf("from: t.csv, fixed: { b: { recorded: b.csv } }", ...tables);
  expect(namedTables(oneServer([...SERVER, "tasks: { a: { recorded: a.csv } }"], AXES), "s.yaml")).toMatchObject([
    { name: "a.csv", path: "system.servers.vm.tasks.a.recorded" },
  ]);
  expect(canonical(text)).toBe(canonical(sweepOf("b: { jobs: [{ at: 1, work: 1 }] }, c: { period: 20, wcet: 1 }")));
});

test.each([
  [
    "work\n1\n",
    [
      'a.csv:1:1 system.servers.vm.tasks.a.recorded: there is no column "at"; the first line names the columns: at, or at,work',
    ],
  ],
  ["at\n", ["a.csv:2:1 system.servers.vm.tasks.a.recorded: there is no arrival in the table"]],
  [
    "at,wrok\n1,2\n",
    ['a.csv:1:4 system.servers.vm.tasks.a.recorded: "wrok" is not one of at, work; did you mean "work"?'],
  ],
  ["at,at\n1,2\n", ['a.csv:1:4 system.servers.vm.tasks.a.recorded: there is a column "at" already']],
  ["at,work\n1,2,3\n", ["a.csv:2:5 system.servers.vm.tasks.a.recorded: there are 3 values, and the first line has 2"]],
  [
    "at,work\n1,2\nx,2\n",
    [
      'a.csv:3:1 system.servers.vm.tasks.a.jobs[1].at: "x" is not a duration: a number of ticks, or with a unit such as 10ms, or an expression after "="; did you mean "=Q"?',
    ],
  ],
])("of the table %j every problem has its place", (table, problems) => {
  const found = problemsOf(sweepOf("a: { recorded: a.csv, wcet: 3, bcet: 1 }", table));
  expect(found).toStrictEqual(problems);
});

test("a table whose text is not there, and jobs beside one, are refused", () => {
  const named = oneServer([...SERVER, "tasks: { a: { recorded: a.csv, wcet: 3 } }"], AXES);
  expect(problemsOf(named).join("\n")).toContain(
    "the text of a.csv is not here: a command reads it; for others write recorded: { file, text }",
  );
  const both = sweepOf("a: { recorded: a.csv, jobs: [{ at: 1, work: 1 }] }", "at,work\n1,1\n");
  expect(problemsOf(both).join("\n")).toContain("stands beside recorded: jobs are written, or those of a table");
});

test("a table of nothing but mistakes is told line by line, however long it is", () => {
  const lines = 200_000;
  const problems = problemsOf(sweepOf("a: { recorded: a.csv, wcet: 1 }", `at\n${"soon\n".repeat(lines)}`));
  expect(problems.length).toBeGreaterThanOrEqual(lines);
  expect(problems[0]).toContain('a.csv:2:1 system.servers.vm.tasks.a.jobs[0].at: "soon" is not a duration');
});
