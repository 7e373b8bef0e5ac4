// Systems of other tools as sweeps.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { importSystem } from "../../src/import/import.js";
import { InvalidInput } from "../../src/input/problem.js";
import { scenarioOf } from "./scenario.js";

const FIELD = join(import.meta.dirname, "../commands/field");
const file = (name: string) => ({ file: name, text: readFileSync(join(FIELD, name), "utf8") });
const TABLES = ["tasks.csv", "budgets.csv", "architecture.csv"].map(file);

function problems(files: { file: string; text: string }[], core?: string): string[] {
  try {
    return [importSystem(files, core).text];
  } catch (error) {
    if (error instanceof InvalidInput) return error.message.split("\n");
    throw error;
  }
}

test("tables of tasks, components and cores: two servers under EDF, execution times divided by the speed", () => {
  const text = importSystem(TABLES).text;
  expect(text).toBe(`# From tasks.csv, budgets.csv, architecture.csv; times are ticks.
# Execution times are divided by the speed of the core, 0.8.
# The tables name no policy; "idling" is the server of the periodic resource model.
name: imported
horizon: { hyperperiods: 10, at_most: 10000000 }
system:
  host: { scheduler: edf }
  servers:
    vm_a: # RM
      policy: idling
      period: 9
      budget: 4
      tasks:
        ctl: { period: 20, wcet: 3.75 }
        log: { period: 100, wcet: 11.25 }
    vm_b: # EDF
      policy: idling
      period: 12
      budget: 5
      scheduler: edf
      tasks:
        video: { period: 40, wcet: 10 }
        net: { period: 60, wcet: 6.25 }
`);
  const { host, servers } = scenarioOf(text);
  expect(host).toEqual({ scheduler: "edf" });
  expect(servers.map(({ name, scheduler }) => [name, scheduler])).toEqual([
    ["vm_a", undefined],
    ["vm_b", "edf"],
  ]);
  expect(servers[0].tasks[0]).toEqual({ name: "ctl", period: 80, wcet: 15 }); // in quarters of a tick
});

test("a workload of rt-app: a FIFO thread behind a deadline reservation", () => {
  const text = importSystem([file("rt-app.txt")]).text;
  expect(text).toBe(`# From rt-app.txt, a workload of rt-app; its threads share one CPU.
# Not taken over: calibration of global.
# Timers that are not absolute begin anew after a late job; here arrivals stay a period apart: cam.
name: imported
horizon: 5s
system:
  host: { scheduler: edf }
  servers:
    cam: # SCHED_DEADLINE
      policy: cbs
      period: 40ms
      budget: 6ms
      tasks:
        cam: { period: 40ms, wcet: 5ms }
    fixed-priority:
      policy: dedicated
      priorities: explicit
      tasks:
        ctl: { period: 20ms, wcet: 3ms, priority: 1 } # SCHED_FIFO 80
`);
  expect(scenarioOf(text).horizon).toBe(5000);
});

test("threads: priorities, copies, think times, offsets, constrained deadlines, and what is left out", () => {
  const text = importSystem([
    {
      file: "w.json",
      text: `{ "tasks": {
        "a": { "policy": "SCHED_FIFO", "priority": 10, "run": 1500, "sleep": 2000, "instance": 2, }, // twice
        "b": { "policy": "SCHED_RR", "priority": 90, "run": 10, "delay": 7, "timer": { "period": 100 }, "phases": {}, "barrier": "x", "cpus": [1], "loop": 7 },
        "c": { "run": 10 },
        "true": { "policy": "SCHED_DEADLINE", "dl-runtime": 5, "dl-deadline": 8, "dl-period": 10, "run": 4, "timer": { "period": 10 } },
      } }`,
    },
  ]).text;
  for (const line of [
    "# Not taken over: barrier of b.",
    "# Not taken over: cpus of b: all threads share one CPU.",
    "# Not taken over: loop of b, 7: it does not end.",
    "# The file gives no end: 10 s are simulated.",
    "# Not taken over: the time slices of b: threads of one priority run in the order of arrival.",
    "# Not taken over: c, which is SCHED_OTHER: it runs in the time that is left.",
    "horizon: 10s",
    '    "true": # SCHED_DEADLINE',
    "      deadline: 8us",
    "        a-0: { think: 2ms, wcet: 1500us, priority: 2 } # SCHED_FIFO 10",
    "        a-1: { think: 2ms, wcet: 1500us, priority: 2 } # SCHED_FIFO 10",
    "        b: { period: 100us, wcet: 10us, offset: 7us, priority: 1 } # SCHED_RR 90",
  ])
    expect(text.split("\n")).toContain(line);
  expect(scenarioOf(text).servers).toHaveLength(2);
});

const workload = (tasks: string, global = "") => ({
  file: "w.json",
  text: `{ "tasks": { ${tasks} }, "global": { "duration": 2${global} } }`,
});
const lines = (tasks: string, global = "") => importSystem([workload(tasks, global)]).text.split("\n");

test("threads without a policy have that of the whole workload", () => {
  const thread = `"w": { "run": 10000, "timer": { "ref": "unique", "period": 100000 }, "dl-runtime": 12000, "dl-period": 100000, }`;
  const text = lines(thread, ', "default_policy": "SCHED_DEADLINE"').join("\n");
  expect(text).not.toContain("default_policy");
  expect(text).toContain("    w: # SCHED_DEADLINE\n      policy: cbs\n      period: 100ms\n      budget: 12ms\n");
  expect(scenarioOf(text).servers[0].tasks).toEqual([{ name: "w", period: 50, wcet: 5 }]); // in steps of 2 ms
  expect(problems([workload(thread)])).toEqual(["w.json tasks: holds no thread with a real-time policy"]);
});

test("the events of a thread up to its timer are one job, numbered or in its only phase", () => {
  const events = '"run0": 2000, "run1": 1500, "sleep": 300, "timer0": { "period": 10000, "mode": "absolute" }';
  const fifo = '"policy": "SCHED_FIFO"';
  for (const own of [
    `"a": { ${fifo}, ${events} }`,
    `"a": { ${fifo}, "phases": { "only": { "loop": 3, ${events} } } }`,
  ]) {
    expect(lines(own)).toContain("        a: { period: 10ms, wcet: 3500us, priority: 1 } # SCHED_FIFO 10");
    expect(
      lines(own)
        .filter((line) => line.startsWith("# "))
        .slice(1),
    ).toEqual(["# Not taken over: sleep of a."]);
  }
  const template = `"a": { ${fifo}, "runtime": 5, "sleep": 7, "timer": { "period": 0 } }`;
  expect(lines(template)).toContain("        a: { think: 7us, wcet: 5us, priority: 1 } # SCHED_FIFO 10");
  for (const second of [1000, 500]) {
    const twice = `"a": { ${fifo}, "run": 1000, "resume": "{ \\"run\\": 1", "run": ${second}, "timer": { "period": 9000 } }`;
    const wcet = second === 1000 ? "2ms" : "1500us";
    expect(lines(twice)).toContain(`        a: { period: 9ms, wcet: ${wcet}, priority: 1 } # SCHED_FIFO 10`);
  }
  expect(lines(`${template}, ${template}`)).toContain(
    "        a1: { think: 7us, wcet: 5us, priority: 1 } # SCHED_FIFO 10",
  );
  const phases = '"phases": { "x": { "run": 1, "sleep": 2 }, "y": { "run": 3, "sleep": 4 } }';
  expect(problems([workload(`"a": { ${fifo}, ${phases} }`)])).toEqual([
    "w.json tasks.a.phases: are 2: a task does the same in each of its jobs",
  ]);
  expect(problems([workload(`"a": { ${fifo}, "run": 5, "sleep0": 7, "run1": 5, "sleep1": 8 }`)])).toEqual([
    "w.json tasks.a: waits 2 times in a loop: a job ends when it waits",
  ]);
});

test("how many threads of a kind there are", () => {
  const copies = (instance: string) =>
    workload(`"a": { "policy": "SCHED_FIFO", "run": 1, "sleep": 2, "instance": ${instance} }`);
  expect(scenarioOf(importSystem([copies("3")]).text).servers[0].tasks).toHaveLength(3);
  for (const bad of ["1e9", "1.5", "-1", '"x"'])
    expect(problems([copies(bad)])).toEqual(["w.json tasks.a.instance: is no whole number of threads up to 10000"]);
  expect(problems([copies("0")])).toEqual(["w.json tasks: holds no thread with a real-time policy"]);
});

describe("a table of tasks alone", () => {
  test("has priorities by period where a row has none, and says what it leaves out", () => {
    const text = importSystem([file("tasks.csv")]).text;
    expect(text).toBe(`# From tasks.csv; times are ticks.
# component_id of tasks.csv is ignored: give the table of components as well.
# Priorities are by period, the shortest first: lines 4, 5 of tasks.csv have none.
name: imported
horizon: { hyperperiods: 10, at_most: 10000000 }
system:
  host: { scheduler: fp }
  servers:
    cpu:
      policy: dedicated
      tasks:
        ctl: { period: 20, wcet: 3 }
        log: { period: 100, wcet: 9 }
        video: { period: 40, wcet: 8 }
        net: { period: 60, wcet: 5 }
`);
    expect(scenarioOf(text).servers[0].tasks).toHaveLength(4);
  });

  test("has those of the table where every row has one", () => {
    const { text } = importSystem([{ file: "t.csv", text: "name,c,t,prio\na,1,10,7\nb,1,20,3\n" }]);
    expect(text).toContain("      priorities: explicit\n");
    expect(text).toContain("# Priorities are those of t.csv, the smallest number the highest.\n");
    expect(text).toContain("        a: { period: 10, wcet: 1, priority: 2 }\n");
    expect(scenarioOf(text).servers[0].tasks).toHaveLength(2);
  });

  test("has the units of its cells, or of its heads", () => {
    const text = (own: string) => importSystem([{ file: "t.csv", text: own }]).text;
    const heads = text("Name,WCET (us),period_ms,D [ms],phase\na,250,10,8,\nb,500,20,,\n");
    expect(heads).toContain("# From t.csv; times have the units of the tables.\n");
    expect(heads).toContain("horizon: { hyperperiods: 10, at_most: 1000s }\n");
    expect(heads).toContain("        a: { period: 10ms, wcet: 250us, deadline: 8ms }\n");
    expect(heads).not.toContain("taken over");
    expect(scenarioOf(heads).servers[0].tasks).toEqual([
      { name: "a", period: 40, wcet: 1, deadline: 32 },
      { name: "b", period: 80, wcet: 2 },
    ]); // in quarters of a millisecond
    const cells = text("name,c,t\na,250us,10ms\nb,0.5 ms,20ms\n");
    expect(scenarioOf(cells).servers[0].tasks).toEqual([
      { name: "a", period: 40, wcet: 1 },
      { name: "b", period: 80, wcet: 2 },
    ]);
    const cores = { file: "cores.csv", text: "core,speed\none,3\n" };
    const { text: divided } = importSystem([{ file: "t.csv", text: "name,c,t\na,1ms,10ms\n" }, cores]);
    expect(divided).toContain('        a: { period: 10ms, wcet: "=1ms / 3" }\n');
    expect(scenarioOf(divided).servers[0].tasks).toEqual([{ name: "a", period: 30, wcet: 1 }]);
    expect(problems([{ file: "t.csv", text: "name,c,t\na,0ms,-3ms\nb,1,x\n" }])).toEqual([
      "t.csv:2 period: -3 is not positive",
      "t.csv:2 wcet: 0 is not positive",
      "t.csv:3 period: x is not a finite number",
    ]);
  });

  test("says which of its columns it does not know", () => {
    const { text } = importSystem([
      { file: "t.csv", text: 'name,c,t,jitter,"a \nb"\na,1,10,3,\n'.replace(" \n", " ") },
    ]);
    expect(text).toContain("# Not taken over: jitter, a b of t.csv.\n");
    expect(importSystem([{ file: "t.csv", text: "name,c,t\na,1,10\n" }]).text).not.toContain("taken over");
  });
});

test("components with fixed priorities keep those of the table, or say which lines have none", () => {
  const components = { file: "c.csv", text: "component,budget,period,scheduler\nvm,3,5,FP\nvn,1,5,FP\n" };
  const tasks = { file: "t.csv", text: "task,wcet,period,component,priority\na,1,10,vm,1\nb,1,10,vm,\na,1,10,vn,2\n" };
  const { text, origins } = importSystem([tasks, components]);
  expect(text).toContain("# Priorities are by period, the shortest first: line 3 of t.csv has none.\n");
  expect(text.match(/priorities: explicit/g)).toHaveLength(1);
  expect(text).toContain("        a: { period: 10, wcet: 1, priority: 2 }\n");
  expect(scenarioOf(text).servers.map((server) => server.tasks.length)).toEqual([2, 1]);
  const places = text.split("\n").map((line, i) => [line.trim().split(":")[0], origins[i]]);
  expect(places).toContainEqual(["b", { file: "t.csv", line: 3 }]);
  expect(places).toContainEqual(["vn", { file: "c.csv", line: 3 }]);
});

describe("what cannot be imported", () => {
  const table = (text: string) => ({ file: "t.csv", text });
  test("cells that are no numbers, with their lines", () => {
    expect(problems([table("name;wcet;period\na;x;10\n\nb;1;\nc;0;5\n")])).toEqual([
      "t.csv:2 wcet: x is not a finite number",
      "t.csv:4 period: is missing",
      "t.csv:5 wcet: 0 is not positive",
    ]);
  });
  test("a name twice in one component, with its lines", () => {
    expect(problems([table("name,c,t\na,1,10\nb,1,10\na,2,20\n")])).toEqual([
      't.csv:4 the name "a" is that of line 2 already',
    ]);
    const components = { file: "c.csv", text: "component,budget,period\nvm,1,5\nvm,1,5\n" };
    expect(problems([table("name,c,t,vm\na,1,10,vm\n"), components])).toEqual([
      'c.csv:3 the name "vm" is that of line 2 already',
    ]);
  });
  test("a table without a row, and a workload beside other files", () => {
    expect(problems([table("name,wcet,period\n")])).toEqual(["t.csv: holds no task"]);
    const workload = { file: "w.json", text: '{ "tasks": {} }' };
    expect(problems([workload, table("name,c,t\na,1,10\n")])).toEqual([
      "w.json: a workload of rt-app is imported alone, without other files",
    ]);
  });
  test("several cores that tasks or components are on, without a table of cores", () => {
    const tasks = { file: "t.csv", text: "task,period,wcet,core\na,10,2,1\nb,20,5,1\nc,40,3,2\n" };
    const choose = "has the cores 1, 2, and one CPU is simulated: choose one with --core";
    expect(problems([tasks])).toEqual([`t.csv: ${choose}`]);
    expect(problems([tasks], "3")).toEqual([`t.csv: ${choose}`]);
    const { text } = importSystem([tasks], "1");
    expect(text).toContain("# Not taken over: task c, which is on core 2.\n");
    expect(scenarioOf(text).servers[0].tasks).toMatchObject([{ name: "a" }, { name: "b" }]);
    const own = { file: "own.csv", text: "task,period,wcet,server\na,10,2,A\nb,20,5,B\n" };
    const components = { file: "c.csv", text: "component,period,budget,core\nA,10,3,1\nB,10,4,2\n" };
    expect(problems([own, components])).toEqual([`c.csv: ${choose}`]);
    const { text: second } = importSystem([own, components], "2");
    expect(second).toContain("# Not taken over: task a, whose component A is on another core.\n");
    expect(scenarioOf(second).servers.map(({ name }) => name)).toEqual(["B"]);
    expect(problems([own], "7")).toEqual(["own.csv: has no core 7: it names none"]);
  });

  test("several cores without a choice", () => {
    const cores = { file: "cores.csv", text: 'core,speed\none,1\n"t""wo, 2",3\n' };
    const tasks = table("task,c,t\na,1,10\n");
    expect(problems([tasks, cores])).toEqual([
      'cores.csv: has the cores one, t"wo, 2, and one CPU is simulated: choose one with --core',
    ]);
    expect(importSystem([tasks, cores], 't"wo, 2').text).toContain("a: { period: 10, wcet: =1/3 }");
  });
  test("a component that is not there, files of another kind, and threads without work", () => {
    const components = { file: "c.csv", text: "component,budget,period\nvm,1,5\n" };
    expect(problems([table("task,wcet,period,component\na,1,10,vn\n"), components])).toEqual([
      't.csv:2 there is no component "vn"',
    ]);
    expect(problems([table("hello")])[0]).toContain("t.csv: is neither a workload of rt-app");
    expect(problems([components])).toEqual(['c.csv: no table has columns "wcet" and "period"']);
    expect(
      problems([
        { file: "w.json", text: '{ "tasks": { "a": { "policy": "SCHED_FIFO", "timer": { "period": 1.5 } } } }' },
      ]),
    ).toEqual([
      "w.json tasks.a.timer.period: is no whole number of microseconds above 0",
      "w.json tasks.a.run: is missing",
    ]);
    expect(problems([{ file: "w.json", text: '{ "tasks": ' }])[0]).toMatch(/^w\.json: not valid JSON: /);
  });
});
