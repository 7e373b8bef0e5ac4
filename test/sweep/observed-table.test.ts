// Execution times of a table are the list that would be written in the sweep, and what is wrong with them is told at its place.

import { expect, test } from "vitest";
import { cellScenario } from "../../src/grid/cell-scenario.js";
import { openCursor } from "../../src/grid/cells.js";
import { planSweep } from "../../src/grid/lay-out.js";
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
const NAMED = "a: { period: 20, execution: { empirical: a.csv } }";
const WRITTEN = 'a: { period: 20, execution: { empirical: [3, 2.50, "=Q / 2"] } }';

test.each([
  ["a column", "time\n3\n2.5\n=Q / 2\n"],
  ["a column without a name", "3\n25e-1\n\n=Q / 2"],
  ["the column work of several", "at;work;what\n0;3;a\n1;2.5;b\n2;=Q / 2;c\n"],
  ["tabs, CRLF and a mark", "\uFEFFat\twork\r\n0\t3\r\n\t2.5\r\n1\t=Q / 2\r\n"],
])("%s is the same sweep as a list that is written", (_, table) => {
  expect(canonical(sweepOf(NAMED, table))).toBe(canonical(sweepOf(WRITTEN)));
  expect(canonical(canonical(sweepOf(WRITTEN)))).toBe(canonical(sweepOf(WRITTEN)));
});

test("another time in the table is another sweep", () => {
  expect(canonical(sweepOf(NAMED, "1\n2\n"))).not.toBe(canonical(sweepOf(NAMED, "2\n1\n")));
});

test.each([
  ["time\n", ["a.csv:2:1 system.servers.vm.tasks.a.execution.empirical: there is no time in the table"]],
  [
    "at,wrok\n1,2\n",
    [
      'a.csv:1:1 system.servers.vm.tasks.a.execution.empirical: there is no column "work"; a table of several columns has its times in that one',
    ],
  ],
  [
    "at,work\n1,2\n3,\n4\n",
    [
      "a.csv:3:3 system.servers.vm.tasks.a.execution.empirical: there is no time in this line",
      "a.csv:4:1 system.servers.vm.tasks.a.execution.empirical: there is no time in this line",
    ],
  ],
  ["1\n0\n", ["a.csv:2:1 system.servers.vm.tasks.a.execution.empirical[1]: 0 is not positive"]],
  [
    "1\nlong\n",
    [
      'a.csv:2:1 system.servers.vm.tasks.a.execution.empirical[1]: "long" is not a duration: a number of ticks, or with a unit such as 10ms, or an expression after "="',
    ],
  ],
])("of the table %j every problem has its place", (table, problems) => {
  expect(problemsOf(sweepOf(NAMED, table))).toStrictEqual(problems);
});

test("a table whose text is not there is refused", () => {
  expect(problemsOf(oneServer([...SERVER, `tasks: { ${NAMED} }`], AXES)).join("\n")).toContain(
    "the text of a.csv is not here: a command reads it; for others write empirical: { file, text }",
  );
});

test("a wcet less than a time, and a bcet above one, are refused in the cells where they are", () => {
  const task = (own: string) => `a: { period: 20, ${own}, execution: { empirical: [3, "=Q"] } }`;
  expect(problemsOf(sweepOf(task("wcet: 4.5"))).join("\n")).toContain(
    "tasks.a.wcet: 4.5 is less than 5, the greatest of its observed execution times",
  );
  expect(problemsOf(sweepOf(task("bcet: 4"))).join("\n")).toContain(
    "tasks.a.bcet: 4 exceeds 3, the least of its observed execution times",
  );
});

test("in each cell bcet and wcet are the least and the greatest time, of copies and sets too", () => {
  const copies = oneServer([...SERVER, "copies: 2", `tasks: { ${NAMED} }`], "axes: { Q: [1, 5] }");
  const text = withTableTexts(copies, namedTables(copies, "s.yaml"), ["3\n2\n=Q\n"]);
  const sweep = parseSweep(text, "s.yaml");
  const cursor = openCursor(sweep, planSweep(sweep));
  const tasks = [1, 5].map((_, cell) => {
    cursor.seek(cell);
    return (cellScenario(cursor).servers as { tasks: object[] }[]).map((server) => server.tasks[0]);
  });
  const task = (bcet: number, wcet: number, empirical: number[]) => ({
    name: "a",
    period: 20,
    wcet,
    bcet,
    execution: { empirical },
  });
  expect(tasks).toStrictEqual([
    [task(1, 3, [3, 2, 1]), task(1, 3, [3, 2, 1])],
    [task(2, 5, [3, 2, 5]), task(2, 5, [3, 2, 5])],
  ]);
  const rows = 'set,name,period,execution\nx,a,20,"{ empirical: [3, 2] }"\ny,a,20,"{ empirical: [7, =Q, 4] }"\n';
  const inSets = parseSweep(sweepOf("from: t.csv", rows), "s.yaml");
  expect(canonical(canonicalSweep(inSets))).toBe(canonicalSweep(inSets));
  const ofSets = openCursor(inSets, planSweep(inSets));
  ofSets.seek(1);
  ofSets.replicate(1);
  expect((cellScenario(ofSets).servers as { tasks: object[] }[])[0].tasks).toStrictEqual([task(4, 7, [7, 5, 4])]);
});
