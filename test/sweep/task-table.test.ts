// Tasks of a table are those that would be written in the sweep, and what is wrong with them is told at its place.

import { describe, expect, test } from "vitest";
import { canonicalSweep } from "../../src/sweep/canonical.js";
import { parseSweep } from "../../src/sweep/parse.js";
import { namedTables, withTableTexts } from "../../src/sweep/task-table.js";
import { oneServer, problemsOf } from "./sweeps.js";

const SERVER = ["policy: idling", "period: 10", "budget: =Q"];
const AXES = "axes: { Q: [4, 5] }";

function sweepOf(tasks: string, text?: string): string {
  const named = oneServer([...SERVER, tasks], AXES);
  return text === undefined ? named : withTableTexts(named, namedTables(named, "s.yaml"), [text]);
}

function canonical(text: string): string {
  return canonicalSweep(parseSweep(text, "s.yaml"));
}

const WRITTEN =
  'tasks: { a: { period: 20, wcet: 2.50, on_miss: skip }, "b, c": { after: { server: vm, task: a }, wcet: "=Q / 2", deadline: 30 } }';

describe("a table of tasks", () => {
  test.each([
    [
      "commas",
      'name,wcet,period,on_miss,deadline,after\na,2.5,20,skip,,\n"b, c",=Q / 2,,,30,"{ server: vm, task: a }"\n',
    ],
    [
      "semicolons",
      "name;wcet;period;on_miss;deadline;after\n\na; 2.5;2e1 ;skip\nb, c;=Q / 2;;;30;{ server: vm, task: a }",
    ],
    [
      "tabs, CRLF and a mark",
      '\uFEFFname\tperiod\twcet\ton_miss\tdeadline\tafter\r\na\t20\t2.5\tskip\r\n"b, c"\t\t=Q / 2\t\t30\t{ server: vm, task: a }\r\n',
    ],
  ])("separated by %s is the same sweep as one that writes its rows", (_, table) => {
    expect(canonical(sweepOf("tasks: { from: t.csv }", table))).toBe(canonical(sweepOf(WRITTEN)));
  });

  test("comes after the fixed tasks, and its durations have units as those of the sweep", () => {
    const text = sweepOf(
      "tasks: { from: t.csv, fixed: { dog: { period: 50ms, wcet: 1ms } } }",
      "name,period,wcet\na,20ms,2 ms\n",
    );
    const strict = (sweep: string) =>
      sweep.replace("100", "100ms").replace("period: 10", "period: 10ms").replace("[4, 5]", "[4ms]");
    const written = "tasks: { dog: { period: 50ms, wcet: 1ms }, a: { period: 20ms, wcet: 2ms } }";
    expect(canonical(strict(text))).toBe(canonical(strict(sweepOf(written))));
  });

  test("is found in servers within servers, once for each alias, in any way to write its name", () => {
    const text = `horizon: 100
system:
  servers:
    x: { policy: deferrable, period: 10, budget: 9, servers: { y: { policy: dedicated, tasks: &t { from: 'd/t.csv' } } } }
    z: { policy: dedicated, tasks: *t } # from: no.csv
    w:
      policy: dedicated
      tasks:
        from: >-
          u.csv
        fixed: {}
`;
    const tables = namedTables(text, "s.yaml");
    expect(tables.map(({ name, path, at }) => [name, path, at.line])).toEqual([
      ["d/t.csv", "system.servers.z.tasks.from", 4],
      ["u.csv", "system.servers.w.tasks.from", 9],
    ]);
    const whole = withTableTexts(text, tables, ["name,period,wcet\na,50,1\n", "name,period,wcet\nb,60,1\n"]);
    expect(namedTables(whole, "s.yaml")).toEqual([]);
    const { names } = parseSweep(whole, "s.yaml");
    expect(names.map(({ name, tasks }) => [name, ...tasks])).toEqual([["x"], ["y", "a"], ["z", "a"], ["w", "b"]]);
  });
});

describe("what is wrong with a table", () => {
  test("is told with line and column, all at once, after what is wrong with the sweep", () => {
    const table =
      'name;period;WCET;priority;period;bcet;budget\na;20;2;1\nb;20ms;;;"x\na;20;1;;;;;9\n;1\nfixed;=3*\nc;{;;;;-1';
    const text = sweepOf("tasks: { from: d/t.csv, fixed: { b: {} }, e: {} }", table).replace("idling", "idle");
    expect(problemsOf(text)).toMatchInlineSnapshot(`
      [
        "s.yaml:5:15 system.servers.vm.policy: "idle" is not one of dedicated, idling, polling, deferrable, sporadic, cbs, cbs-soft, recorded, fair, sporadic-posix, rtds, tbs, cus, sedf, credit",
        "s.yaml:8:178 system.servers.vm.tasks.e: stands beside from: other tasks stand in fixed",
        "d/t.csv:1:13 system.servers.vm.tasks: "WCET" is neither "name" nor "set" nor a field of a task; did you mean "wcet"?",
        "d/t.csv:1:27 system.servers.vm.tasks: there is a column "period" already",
        "d/t.csv:1:39 system.servers.vm.tasks: "budget" is neither "name" nor "set" nor a field of a task; it belongs to the server of the task, where it is called "budget"",
        "d/t.csv:3:1 system.servers.vm.tasks.b: s.yaml:8 has this name already",
        "d/t.csv:3:10 system.servers.vm.tasks: a quote is opened, and not closed before the next value",
        "d/t.csv:4:1 system.servers.vm.tasks.a: d/t.csv:2 has this name already",
        "d/t.csv:4:12 system.servers.vm.tasks: there are 8 values, and the first line has 7",
        "d/t.csv:5:1 system.servers.vm.tasks: the task has no name",
        "d/t.csv:6:1 system.servers.vm.tasks: no task of a table is called fixed, a key of tasks",
        "d/t.csv:7:3 system.servers.vm.tasks.c.period: "{" is not valid YAML: flow map must end with a }",
        "d/t.csv:7:8 system.servers.vm.tasks.c.bcet: -1 is negative",
      ]
    `);
  });

  test("is told where nothing can be read", () => {
    expect(problemsOf(sweepOf("tasks: { from: t.csv }", ""))).toMatchInlineSnapshot(`
      [
        "t.csv:1:1 system.servers.vm.tasks: "" is neither "name" nor "set" nor a field of a task",
        "t.csv:1:1 system.servers.vm.tasks: there is no column "name"; the first line names the columns, as in name,period,wcet",
        "t.csv:2:1 system.servers.vm.tasks: there is no task in the table",
      ]
    `);
    expect(problemsOf(sweepOf("tasks: { from: t.csv }", "name,period,wcet\n"))).toMatchInlineSnapshot(`
      [
        "t.csv:2:1 system.servers.vm.tasks: there is no task in the table",
      ]
    `);
    expect(
      problemsOf(sweepOf("tasks: { from: t.csv, generate: {} }", "name,period,wcet\na,5,1")),
    ).toMatchInlineSnapshot(`
      [
        "s.yaml:8:73 system.servers.vm.tasks.generate: stands beside from: tasks are drawn, or are those of a table",
      ]
    `);
  });

  test("is told of an alias, which has no anchor in a cell", () => {
    expect(problemsOf(sweepOf("tasks: { from: t.csv }", "name,period,wcet\na,20,*x\n"))).toEqual([
      't.csv:2:6 system.servers.vm.tasks.a.wcet: "*x": there is no anchor &x before this alias',
    ]);
  });

  test("is told of what the cells need, too", () => {
    const table = "name,period,wcet\na,20,30\nb,20,\n";
    expect(problemsOf(sweepOf("tasks: { from: t.csv }", table))).toMatchInlineSnapshot(`
      [
        "t.csv:3:1 system.servers.vm.tasks.b.wcet: is missing; it has no default",
      ]
    `);
  });

  test("is that nobody read it", () => {
    expect(problemsOf(sweepOf("tasks: { from: t.csv }"))).toMatchInlineSnapshot(`
      [
        "s.yaml:8:16 system.servers.vm.tasks.from: the text of t.csv is not here: a command reads it; for others write from: { file, text }",
      ]
    `);
    expect(problemsOf(sweepOf("tasks: { from: { period: 5, wcet: 1 } }"))).toMatchInlineSnapshot(`
      [
        "s.yaml:8:16 system.servers.vm.tasks.from.file: is missing; it is the name of a file",
        "s.yaml:8:16 system.servers.vm.tasks.from.text: is missing; it is text",
        "s.yaml:8:24 system.servers.vm.tasks.from.period: is not a key of a table, which has file, text, tables",
        "s.yaml:8:35 system.servers.vm.tasks.from.wcet: is not a key of a table, which has file, text, tables",
      ]
    `);
    expect(problemsOf(sweepOf("tasks: { from: [t.csv] }"))).toMatchInlineSnapshot(`
      [
        "s.yaml:8:22 system.servers.vm.tasks.from: a list is not the name of a file of comma separated values, or { file, text }",
      ]
    `);
  });
});
