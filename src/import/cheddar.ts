// A model of Cheddar (Singhoff, Legrand, Nana and Marce, SIGAda 2004): the tasks of one of its processors. Times have no unit: ticks.

import type { ForeignFile } from "./import.js";
import type { ImportedSystem, ImportedTask } from "./sweep-text.js";
import { childOf, type Element, isZero, rankAmong, readXml, ValueReader } from "./xml.js";

/** Names of elements are in any case. */
export function isModel(root: string | undefined): boolean {
  return root?.toLowerCase() === "cheddar";
}

/**
 * @param core the processor to take, where there are several
 * @throws InvalidInput with every value that cannot be read
 */
export function importModel(source: ForeignFile, core: string | undefined): ImportedSystem {
  return new ModelImport(source.file, core).system(inLowerCase(readXml(source)));
}

/** Sections that say nothing a sweep could, if they hold anything. */
const LEFT = [
  "buffers",
  "messages",
  "dependencies",
  "resources",
  "event_analyzers",
  "networks",
  "batteries",
  "scheduling_errors",
  "task_groups",
];

class ModelImport {
  private readonly values: ValueReader;
  private readonly remarks: string[];

  constructor(
    private readonly file: string,
    private readonly core: string | undefined,
  ) {
    this.values = new ValueReader(file);
    this.remarks = [`From ${file}, a model of Cheddar; times are ticks.`];
  }

  system(root: Element): ImportedSystem {
    for (const name of LEFT)
      for (const element of childOf(root, name)?.children ?? [])
        this.leave(`${textOf(element, "name") || element.name} of ${name}`);
    const all = childOf(root, "tasks")?.children ?? [];
    const cpus = [...new Set(all.map((task) => textOf(task, "cpu_name")))];
    const cpu = this.core ?? cpus[0] ?? "";
    if (cpus.length > 1 && this.core === undefined)
      this.values.say(
        `has tasks on the processors ${cpus.join(", ")}, and one CPU is imported: choose one with --core`,
        root.line,
      );
    else if (cpus.length > 0 && !cpus.includes(cpu))
      this.values.say(`has no tasks on a processor ${cpu}; it has ${cpus.join(", ")}`, root.line);
    const own = all.filter((task) => textOf(task, "cpu_name") === cpu);
    for (const task of all)
      if (!own.includes(task)) this.leave(`task ${textOf(task, "name")}, which is on ${textOf(task, "cpu_name")}`);
    if (all.length === 0) this.values.say("holds no task", root.line);
    const scheduler = this.schedulerOf(root, cpu);
    const isExplicit = scheduler.some(([, value]) => value === "explicit");
    const tasks = own.map((task) => this.task(task, isExplicit ? own : undefined));
    this.values.throwIfAny();
    const servers = [
      {
        name: cpu || "cpu",
        origin: { file: this.file },
        fields: [["policy", "dedicated"] as const, ...scheduler],
        tasks,
      },
    ];
    return {
      name: "imported",
      remarks: this.remarks,
      horizon: "{ hyperperiods: 10, at_most: 10000000 }",
      host: "fp",
      servers,
    };
  }

  /** The scheduler of a processor: its own, or that of its core. */
  private schedulerOf(root: Element, cpu: string): [string, string][] {
    const processor = childOf(root, "processors")?.children.find((each) => textOf(each, "name") === cpu);
    const cores = childOf(processor, "cores")?.children ?? [];
    if (cores.length > 1)
      this.values.say(`processor ${cpu} has ${cores.length} cores, and one CPU is imported`, processor!.line);
    const reference = (childOf(processor, "core") ?? cores[0])?.attributes.ref?.trim();
    const core = childOf(root, "core_units")?.children.find(({ attributes }) => attributes.id?.trim() === reference);
    const speed = textOf(core, "speed");
    if (!isZero(speed) && Number(speed) !== 1) this.leave(`speed of ${textOf(core, "name")}, ${speed}`);
    this.leavePartitions(root, cpu);
    const parameters = [processor, core].map(
      (owner) => childOf(childOf(owner, "scheduling"), "scheduling_parameters") ?? childOf(owner, "scheduling"),
    );
    const name = parameters.map((each) => textOf(each, "scheduler_type")).find((text) => text !== "") ?? "";
    if (parameters.some((each) => /NOT_PREEMPTIVE/i.test(textOf(each, "preemptive_type"))))
      this.leave("that jobs are not preempted");
    for (const quantum of parameters.map((each) => textOf(each, "quantum")))
      if (!isZero(quantum)) this.leave(`a quantum of ${quantum}`);
    if (/EARLIEST_DEADLINE/i.test(name)) return [["scheduler", "edf"]];
    if (/DEADLINE_MONOTONIC/i.test(name)) return [["priorities", "dm"]];
    if (/HIGHEST_PRIORITY_FIRST/i.test(name)) return [["priorities", "explicit"]];
    if (!/RATE_MONOTONIC/i.test(name))
      this.leave(`the scheduler ${name || "of the file"}: rate monotonic priorities stand for it`);
    return [];
  }

  /** Address spaces that schedule their tasks themselves. */
  private leavePartitions(root: Element, cpu: string): void {
    for (const space of childOf(root, "address_spaces")?.children ?? []) {
      const own = textOf(childOf(childOf(space, "scheduling"), "scheduling_parameters"), "scheduler_type");
      if (textOf(space, "cpu_name") === cpu && own !== "" && !/^NO_SCHEDULING/i.test(own))
        this.leave(`the scheduler ${own} of ${textOf(space, "name")}: its tasks are beside all others`);
    }
  }

  /** @param ranked the tasks among which it has its priority, the greatest number first, where priorities are those of the file */
  private task(task: Element, ranked: readonly Element[] | undefined): ImportedTask {
    const name = textOf(task, "name");
    if (name === "") this.values.say("a task has no name", task.line);
    const number = (key: string, isPositive = true) =>
      this.values.number(textOf(task, key), `${key} of ${name}`, childOf(task, key)?.line ?? task.line, isPositive);
    const type = textOf(task, "task_type") || task.name.toUpperCase();
    const isOnce = /^APERIODIC/i.test(type);
    if (/SPORADIC/i.test(type))
      this.leave(`that ${name} may arrive later than its period: it arrives as often as it may`);
    else if (!/PERIODIC/i.test(type))
      this.values.say(`task ${name} is ${type}: only periodic and sporadic tasks have a period`, task.line);
    for (const { children } of childOf(task, "offsets")?.children ?? [])
      this.leave(`an offset of ${name}, ${children.map((each) => `${each.name} ${each.text}`).join(", ")}`);
    for (const key of ["blocking_time", "context_switch_overhead", "energy_consumption", "every"])
      if (!isZero(textOf(task, key))) this.leave(`${key} of ${name}, ${textOf(task, key)}`);
    if (/SCHED_RR/i.test(textOf(task, "policy")))
      this.leave(`the time slices of ${name}: tasks of one priority run in the order of arrival`);
    if (/SCHED_OTHERS/i.test(textOf(task, "policy")))
      this.leave(`the policy SCHED_OTHERS of ${name}: it has its priority like all others`);
    const optional = (key: string, field: string) => (isZero(textOf(task, key)) ? [] : [[field, number(key)] as const]);
    const deadline = textOf(task, "deadline") === textOf(task, "period") ? [] : optional("deadline", "deadline");
    const priorities = ranked?.map((each) => textOf(each, "priority"));
    const job = () => `[{ at: ${number("start_time", false)}, work: ${number("capacity")} }]`;
    const arrivals = () => [
      ...[["period", number("period")] as const, ["wcet", number("capacity")] as const, ...deadline],
      ...[...optional("start_time", "offset"), ...optional("jitter", "jitter")],
    ];
    return {
      name,
      origin: { file: this.file, line: task.line },
      fields: [
        ...(isOnce ? [["jobs", job()] as const, ...optional("deadline", "deadline")] : arrivals()),
        ...((priorities && [["priority", rankAmong(textOf(task, "priority"), priorities)] as const]) ?? []),
      ],
    };
  }

  private leave(what: string): void {
    this.remarks.push(`Not taken over: ${what}.`);
  }
}

function inLowerCase(element: Element): Element {
  return { ...element, name: element.name.toLowerCase(), children: element.children.map(inLowerCase) };
}

function textOf(element: Element | undefined, name: string): string {
  return childOf(element, name)?.text ?? "";
}
