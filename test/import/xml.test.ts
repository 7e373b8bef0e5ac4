// XML of SimSo, CARTS and Cheddar: the sweep it makes, what it leaves out, and files that are hostile or wrong.

import { readFileSync } from "node:fs";
import { openSweep } from "replenish";
import { describe, expect, test } from "vitest";
import { importSystem } from "../../src/import/import.js";
import { InvalidInput } from "../../src/input/problem.js";

function file(name: string): { file: string; text: string } {
  return { file: name, text: readFileSync(new URL(`xml/${name}`, import.meta.url), "utf8") };
}

/** The text of a sweep that is valid. */
function imported(name: string, core?: string): string {
  const { text } = importSystem([file(name)], core);
  expect(openSweep(text, "imported.yaml").plan.cellCount).toBe(1);
  return text;
}

function problems(text: string, core?: string): string[] {
  try {
    importSystem([{ file: "f.xml", text }], core);
    return [];
  } catch (error) {
    if (error instanceof InvalidInput) return error.message.split("\n");
    throw error;
  }
}

test("SimSo", () => {
  expect(imported("simso.xml")).toBe(`# From simso.xml, a simulation of SimSo; times of tasks are milliseconds.
# Not taken over: cs_overhead of CPU 1, 120.
# Not taken over: speed of CPU 1, 2.0.
# Not taken over: execution times by the model acet: every job takes its WCET.
# Not taken over: overhead_activate, 500.
# Not taken over: criticality of T2, high.
# Not taken over: preemption_cost of T2, 12.
# Not taken over: period of T2, 5: its priority under rate monotonic.
name: imported
horizon: 2500ms
system:
  host: { scheduler: fp }
  servers:
    cpu:
      policy: dedicated
      scheduler: edf
      tasks:
        "TASK T1": { period: 10.0ms, wcet: 3.125ms, deadline: 8ms, on_miss: abort, offset: 2.5ms }
        T2: { jobs: [{ at: 1ms, work: 4ms }, { at: 20.5ms, work: 4ms }, { at: 50ms, work: 4ms }], deadline: 20ms }
`);
});

test("SimSo's default of cycles_per_ms is said where the file gives none", () => {
  const { file: name, text } = file("simso.xml");
  const without = importSystem([{ file: name, text: text.replace(' cycles_per_ms="1000000"', "") }]).text;
  const said = "# The file says no cycles_per_ms: SimSo's default, 1000000, makes milliseconds of its duration.\n";
  expect(without).toContain(said);
  expect(without.replace(said, "")).toBe(imported(name));
});

test("CARTS", () => {
  expect(imported("carts.xml")).toBe(`# From carts.xml, a system of CARTS; times are ticks.
# The file names no policy; "idling" is the server of the periodic resource model.
# Not taken over: component C0, which holds others; those are beside each other.
# Not taken over: cs of T2, 1.
# The budget of C1 is not in the file: it is the whole period. replenish design finds the least one.
# Not taken over: max_period of C1, 50; the period is 5.
name: imported
horizon: { hyperperiods: 10, at_most: 10000000 }
system:
  host: { scheduler: edf }
  servers:
    C1:
      policy: idling
      period: 5
      budget: 5
      tasks:
        T1: { period: 25, wcet: 4 }
        T2: { period: 40, wcet: 5, deadline: 30 }
    C2:
      policy: idling
      period: 7
      budget: 2.5
      scheduler: edf
      tasks:
        T1: { period: 100, wcet: 9 }
`);
});

test("Cheddar", () => {
  const head = (rest: string) => `# From cheddar.xml, a model of Cheddar; times are ticks.
# Not taken over: R1 of resources.
${rest}`;
  const horizon =
    "name: imported\nhorizon: { hyperperiods: 10, at_most: 10000000 }\nsystem:\n  host: { scheduler: fp }\n  servers:\n";
  expect(imported("cheddar.xml", "cpu & more")).toBe(
    head(`# Not taken over: task T3, which is on other.
# Not taken over: blocking_time of T1, 1.
# Not taken over: that T2 may arrive later than its period: it arrives as often as it may.
# Not taken over: the time slices of T2: tasks of one priority run in the order of arrival.
${horizon}    "cpu & more":
      policy: dedicated
      priorities: explicit
      tasks:
        T1: { period: 10, wcet: 2, jitter: 1, priority: 1 }
        T2: { period: 30, wcet: 5, deadline: 25, offset: 3, priority: 2 }
`),
  );
  expect(imported("cheddar.xml", "other")).toContain("        T3: { period: 5, wcet: 1 }\n");
  expect(problems(file("cheddar.xml").text)[0]).toContain(
    "on the processors cpu & more, other, and one CPU is imported",
  );
});

describe("files that are refused", () => {
  const task = (attributes: string) =>
    `<simulation duration="1"><tasks><task name="t" period="10" deadline="10" WCET="1" ${attributes}/></tasks></simulation>`;
  const bomb = `<!DOCTYPE simulation [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>
<simulation duration="1"><tasks>&b;</tasks></simulation>`;

  test.each([
    ["<simulation>", "f.xml:1 not valid XML: unclosed tag: simulation"],
    [bomb, "f.xml:2 not valid XML: undefined entity"],
    [`${"<simulation>".repeat(70)}`, "f.xml:1 elements are more than 64 deep"],
    ["<simulation duration='1'/>", "f.xml:1 holds no task"],
    [task('task_type="Sporadic"'), "list_activation_dates of t: is missing"],
    [task('task_type="Other"'), "task_type of t: Other is neither Periodic nor Sporadic"],
    [task("").replace('WCET="1"', 'WCET="x"').replace('"10"', '"-1"'), "period of t: -1 is not positive"],
    [
      task("").replace("<tasks>", "<processors><processor/><processor/></processors><tasks>"),
      "has 2 processors, and one CPU is imported",
    ],
    ["<system><component name='c'/></system>", "period of c: is missing"],
    ["<system/>", "holds no component with tasks"],
    ["<cheddar/>", "holds no task"],
    [
      "<cheddar><tasks><poisson_task><name>p</name><cpu_name>c</cpu_name></poisson_task></tasks></cheddar>",
      "task p is POISSON_TASK: only periodic and sporadic tasks have a period",
    ],
    ["<other/>", "is neither a workload of rt-app"],
  ])("%s", (text, problem) => {
    expect(problems(text).join("\n")).toContain(problem);
  });
});
