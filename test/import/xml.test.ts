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
# Execution times are divided by the speed of CPU 1, 2.0.
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
        "TASK T1": { period: 10.0ms, wcet: 1.5625ms, deadline: 8ms, on_miss: abort, offset: 2.5ms }
        T2: { jobs: [{ at: 1ms, work: 2ms }, { at: 20.5ms, work: 2ms }, { at: 50ms, work: 2ms }], deadline: 20ms }
`);
});

test("SimSo's default of cycles_per_ms is said where the file gives none", () => {
  const { file: name, text } = file("simso.xml");
  const without = importSystem([{ file: name, text: text.replace(' cycles_per_ms="1000000"', "") }]).text;
  const said = "# The file says no cycles_per_ms: SimSo's default, 1000000, makes milliseconds of its duration.\n";
  expect(without).toContain(said);
  expect(without.replace(said, "")).toBe(imported(name));
});

/** A simulation of SimSo as its own editor writes it. */
const simulation = (sched: string, { root = 'duration="9000"', speed = "1.0", more = "" } = {}) => ({
  file: "s.xml",
  text: `<?xml version="1.0" ?><simulation cycles_per_ms="1000" ${root}><sched ${sched} overhead="0"/>
<processors><processor id="1" name="P" speed="${speed}"/></processors><tasks><field name="priority" type="int"/>
<task name="A" WCET="2.0" period="7.0" deadline="7.0" abort_on_miss="no" priority="3"/>
<task name="B" WCET="1.0" period="9.0" deadline="9.0" abort_on_miss="no" priority="5"/>${more}</tasks></simulation>`,
});
const linesOf = (source: { file: string; text: string }, core?: string) =>
  importSystem([source], core).text.split("\n");

describe("schedulers of SimSo", () => {
  test.each([
    ['class="simso.schedulers.RM" className=""', "", ""],
    ['className="../schedulers/P_EDF.py"', "", "      scheduler: edf"],
    ['className="C:\\mine\\EDF_mono.py"', "", "      scheduler: edf"],
    ['className="" class="simso.schedulers.EDF"', "", "      scheduler: edf"],
    [
      'class="simso.schedulers.EDZL"',
      "# Not taken over: the scheduler EDZL: rate monotonic priorities stand for it.",
      "",
    ],
    [
      'class="simso.schedulers.EDF_US"',
      "# Not taken over: the scheduler EDF_US: EDF stands for it.",
      "      scheduler: edf",
    ],
    ['class="simso.schedulers.FP"', "", "      priorities: explicit"],
  ])("%s", (sched, remark, field) => {
    const lines = linesOf(simulation(sched));
    const remarks = lines.filter((line) => line.includes("scheduler ") && line.startsWith("# "));
    expect(remarks).toEqual(remark === "" ? [] : [remark]);
    expect(lines.filter((line) => /^ {6}(scheduler|priorities)/.test(line))).toEqual(field === "" ? [] : [field]);
  });

  test("fixed priorities are those of the field, the greatest the highest, and need one of every task", () => {
    const lines = linesOf(simulation('class="simso.schedulers.FP"'));
    expect(lines).toContain("        A: { period: 7.0ms, wcet: 2.0ms, deadline: 7.0ms, priority: 2 }");
    expect(lines).toContain("        B: { period: 9.0ms, wcet: 1.0ms, deadline: 9.0ms, priority: 1 }");
    expect(lines.join("\n")).not.toContain("taken over");
    const more = '<task name="C" WCET="1" period="9" deadline="9" abort_on_miss="no"/>';
    expect(linesOf(simulation('class="simso.schedulers.FP"', { more }))).toContain(
      "# Not taken over: the scheduler FP: rate monotonic priorities stand for it.",
    );
  });
});

test("what a file of SimSo leaves unsaid is as SimSo takes it", () => {
  const lines = linesOf(simulation('class="x.EDF"', { root: 'use_wcet="no"', speed: "3" }));
  expect(lines).toContain("# The file says no duration: SimSo's default is 50000 cycles.");
  expect(lines).toContain("# Not taken over: execution times by the model cache: every job takes its WCET.");
  expect(lines).toContain("# Execution times are divided by the speed of P, 3.");
  expect(lines).toContain('        B: { period: 9.0ms, wcet: "=1ms / 3", deadline: 9.0ms }');
  expect(lines).toContain("horizon: 50ms");
  openSweep(lines.join("\n"), "imported.yaml");
  const dates = '<task name="S" task_type="Sporadic" list_activation_dates="9, 3.5, 1e-3" WCET="1" deadline="2"/>';
  const own = linesOf(simulation('class="x.EDF"', { more: dates }));
  expect(own.find((line) => line.includes(" S: "))).toContain(
    "at: 1e-3ms, work: 1ms }, { at: 3.5ms, work: 1ms }, { at: 9ms",
  );
});

test("CARTS under fixed priorities of the host: by period, and of several interfaces the first", () => {
  const component = (name: string, period: number, more = "") =>
    `<component name="${name}" algorithm="EDF" min_period="${period}" max_period="${period}.0">${more}<task name="t" p="30.0" d="30" e="2"/></component>`;
  const models =
    '<resource><model period="5" execution_time="1.5" deadline="4"/><model period="6" execution_time="2"/></resource>';
  const text = `<system os_scheduler="DM">${component("a", 9)}${component("b", 5, models)}${component("c", 9)}</system>`;
  const lines = linesOf({ file: "c.xml", text });
  const found = lines.flatMap((line) => /^ {6}(?:period|budget|scheduler|priority): (.*)/.exec(line)?.[1] ?? []);
  expect(found).toEqual(["9", "9", "edf", "2", "5", "1.5", "edf", "1", "9", "9", "edf", "3"]);
  expect(lines.slice(2, 6)).toEqual([
    "# The budget of a is not in the file: it is the whole period. replenish design finds the least one.",
    "# Of the 2 interfaces of b it has the first; each is a period and a budget.",
    "# Not taken over: deadline of the interface of b, 4.",
    "# The budget of c is not in the file: it is the whole period. replenish design finds the least one.",
  ]);
  openSweep(lines.join("\n"), "imported.yaml");
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

/** A model of Cheddar. @param core of its processor @param task within each of its tasks */
const model = ({ core = "", processors = "", tasks = "", spaces = "" }) => ({
  file: "m.xmlv3",
  text: `<Cheddar><Core_Units><Core_Unit id="c1"><name>core1</name><scheduling><Scheduling_Parameters>
<scheduler_type>DEADLINE_MONOTONIC_PROTOCOL</scheduler_type></Scheduling_Parameters></scheduling>${core}</Core_Unit></Core_Units>
<Processors>${processors || '<Mono_Core_Processor id="p"><name>p</name><core ref="c1"/></Mono_Core_Processor>'}</Processors>
<Address_Spaces>${spaces}</Address_Spaces><Tasks>
<Periodic_Task id="t1"><name>T</name><task_type>PERIODIC_TYPE</task_type><cpu_name>p</cpu_name><capacity>1</capacity><deadline>8</deadline><period>9</period></Periodic_Task>
${tasks}</Tasks></Cheddar>`,
});

describe("Cheddar", () => {
  test("names of elements are in any case", () => {
    const lines = linesOf(model({}));
    expect(lines.filter((line) => line.startsWith("# "))).toHaveLength(1);
    expect(lines.slice(-5, -1)).toEqual([
      ...["      policy: dedicated", "      priorities: dm", "      tasks:"],
      "        T: { period: 9, wcet: 1, deadline: 8 }",
    ]);
  });

  test("an aperiodic task is one job, and what is left out is said", () => {
    const own = "<cpu_name>p</cpu_name><capacity>2</capacity><start_time>6</start_time>";
    const offsets =
      "<offsets><offset_type><offset_value>51</offset_value><activation>0</activation></offset_type></offsets>";
    const task = (kind: string, name: string, more: string) =>
      `<${kind}_task><name>${name}</name>${own}${more}</${kind}_task>`;
    const period = "<period>20</period><every>3</every><policy>SCHED_OTHERS</policy>";
    const lines = linesOf(
      model({
        core: "<speed>2</speed>",
        tasks: `${task("aperiodic", "A", "<deadline>5</deadline>")}${task("periodic", "O", `${offsets}${period}`)}`,
        spaces:
          "<Address_Space><name>s</name><cpu_name>p</cpu_name><scheduling><Scheduling_Parameters><scheduler_type>RATE_MONOTONIC_PROTOCOL</scheduler_type></Scheduling_Parameters></scheduling></Address_Space>",
      }),
    );
    expect(lines.filter((line) => line.startsWith("# ")).slice(1)).toEqual([
      "# Not taken over: speed of core1, 2.",
      "# Not taken over: the scheduler RATE_MONOTONIC_PROTOCOL of s: its tasks are beside all others.",
      "# Not taken over: an offset of O, offset_value 51, activation 0.",
      "# Not taken over: every of O, 3.",
      "# Not taken over: the policy SCHED_OTHERS of O: it has its priority like all others.",
    ]);
    expect(lines).toContain("        A: { jobs: [{ at: 6, work: 2 }], deadline: 5 }");
    expect(lines).toContain("        O: { period: 20, wcet: 2, offset: 6 }");
    openSweep(lines.join("\n"), "imported.yaml");
  });

  test("a processor of several cores is refused, one of a single one is not", () => {
    const processors = (cores: string) =>
      `<multi_cores_processor id="p"><name>p</name><cores>${cores}</cores></multi_cores_processor>`;
    const two = model({ processors: processors('<core_unit ref="c1"/><core_unit ref="c2"/>') });
    expect(problems(two.text)).toEqual(["f.xml:3 processor p has 2 cores, and one CPU is imported"]);
    expect(linesOf(model({ processors: processors('<core_unit ref="c1"/>') }))).toContain("      priorities: dm");
  });
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
    [
      "<system os_scheduler='gEDF'><component name='c' scheduler='gEDF'><resource>\n<model cpus='3' period='5' execution_time='9'/></resource><task name='t' p='5' e='1'/></component></system>",
      "f.xml:2 the interface of c has 3 cpus, and one CPU is imported",
    ],
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
