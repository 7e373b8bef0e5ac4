// A simulation of SimSo (Cheramy, Hladik and Deplanche, WATERS 2014): its tasks on one processor. Times of tasks are
// milliseconds, the duration is in cycles.

import { parseNumber } from "../numbers/durations.js";
import type { ForeignFile } from "./import.js";
import type { ImportedSystem, ImportedTask } from "./sweep-text.js";
import { numberText } from "./sweep-text.js";
import { childOf, childrenOf, type Element, isZero, readXml, ValueReader } from "./xml.js";

export function isSimulation(root: string | undefined): boolean {
  return root === "simulation";
}

/** Attributes of a task that are taken over, or say nothing. */
const TAKEN = ["name", "id", "task_type", "abort_on_miss", "activationDate", "list_activation_dates"].concat([
  ...["period", "deadline", "WCET"],
]);
/** Attributes of a task that count only with models of caches or of other execution times. */
const OF_MODELS = [
  "base_cpi",
  "instructions",
  "mix",
  "stack_file",
  "followed_by",
  "ACET",
  "et_stddev",
  "preemption_cost",
];

/** Where a file says none. */
const CYCLES_PER_MS = "1000000";

/** @throws InvalidInput with every value that cannot be read */
export function importSimulation(source: ForeignFile): ImportedSystem {
  return new SimulationImport(source.file).system(readXml(source));
}

class SimulationImport {
  private readonly values: ValueReader;
  private readonly remarks: string[];

  constructor(private readonly file: string) {
    this.values = new ValueReader(file);
    this.remarks = [`From ${file}, a simulation of SimSo; times of tasks are milliseconds.`];
  }

  system(root: Element): ImportedSystem {
    const processors = childrenOf(childOf(root, "processors"), "processor");
    if (processors.length > 1)
      this.values.say(
        `has ${processors.length} processors, and one CPU is imported: give each its own tasks first`,
        processors[1].line,
      );
    for (const { attributes } of processors) {
      for (const key of ["cl_overhead", "cs_overhead"])
        this.leaveUnlessZero(attributes[key], `${key} of ${attributes.name}`);
      if (Number(attributes.speed ?? 1) !== 1) this.leave(`speed of ${attributes.name}, ${attributes.speed}`);
    }
    for (const element of childOf(root, "caches")?.children ?? [])
      this.leave(`cache ${element.attributes.name ?? element.name}`);
    const etm = root.attributes.etm ?? "wcet";
    if (etm !== "wcet") this.leave(`execution times by the model ${etm}: every job takes its WCET`);
    const scheduler = this.scheduler(childOf(root, "sched"));
    const tasks = childrenOf(childOf(root, "tasks"), "task").map((task) => this.task(task));
    if (tasks.length === 0) this.values.say("holds no task", root.line);
    const horizon = this.horizon(root);
    this.values.throwIfAny();
    const fields = [["policy", "dedicated"], ...scheduler] as const;
    const servers = [{ name: "cpu", origin: { file: this.file }, fields, tasks }];
    return { name: "imported", remarks: this.remarks, horizon, host: "fp", servers };
  }

  private horizon({ attributes, line }: Element): string {
    const duration = this.values.number(attributes.duration, "duration", line);
    const { cycles_per_ms: given } = attributes;
    if (given === undefined)
      this.remarks.push(
        `The file says no cycles_per_ms: SimSo's default, ${CYCLES_PER_MS}, makes milliseconds of its duration.`,
      );
    const perMs = this.values.number(given ?? CYCLES_PER_MS, "cycles_per_ms", line);
    return `${numberText(parseNumber(duration).div(parseNumber(perMs)))}ms`;
  }

  /** The guest's scheduler by the name of SimSo's class. */
  private scheduler(sched: Element | undefined): [string, string][] {
    const attributes = sched?.attributes ?? {};
    for (const key of ["overhead", "overhead_activate", "overhead_terminate"])
      this.leaveUnlessZero(attributes[key], key);
    const path = attributes.className ?? attributes.class ?? attributes.classPath ?? "";
    const name =
      path
        .split(/[./]/)
        .filter((part) => part !== "py")
        .at(-1) ?? "";
    if (/^EDF/i.test(name)) return [["scheduler", "edf"]];
    if (/^DM|deadline_?monotonic/i.test(name)) return [["priorities", "dm"]];
    if (!/^RM|rate_?monotonic/i.test(name))
      this.leave(`the scheduler ${name || "of the file"}: rate monotonic priorities stand for it`);
    return [];
  }

  private task({ attributes, line }: Element): ImportedTask {
    const name = attributes.name ?? attributes.id ?? "";
    if (name === "") this.values.say("a task has no name", line);
    const time = (key: string, isPositive = true) =>
      `${this.values.number(attributes[key], `${key} of ${name}`, line, isPositive)}ms`;
    for (const [key, value] of Object.entries(attributes))
      if (!TAKEN.includes(key) && !OF_MODELS.includes(key)) this.leave(`${key} of ${name}, ${value}`);
    if (attributes.followed_by) this.leave(`followed_by of ${name}, ${attributes.followed_by}`);
    this.leaveUnlessZero(attributes.preemption_cost, `preemption_cost of ${name}`);
    // SimSo's default too.
    const abort = (attributes.abort_on_miss ?? "yes") === "yes" ? [["on_miss", "abort"] as const] : [];
    const own = [["deadline", time("deadline")] as const, ...abort];
    const origin = { file: this.file, line };
    const type = attributes.task_type ?? "Periodic";
    if (type === "Periodic") {
      const offset = isZero(attributes.activationDate) ? [] : [["offset", time("activationDate")] as const];
      return { name, origin, fields: [["period", time("period")], ["wcet", time("WCET")], ...own, ...offset] };
    }
    if (type !== "Sporadic") this.values.say(`task_type of ${name}: ${type} is neither Periodic nor Sporadic`, line);
    if (!isZero(attributes.period))
      this.leave(`period of ${name}, ${attributes.period}: its priority under rate monotonic`);
    return { name, origin, fields: [["jobs", this.jobs(attributes, name, line)], ...own] };
  }

  private jobs(attributes: Element["attributes"], name: string, line: number): string {
    const dates = (attributes.list_activation_dates ?? "")
      .split(",")
      .map((date) => date.trim())
      .filter((date) => date !== "");
    if (dates.length === 0) this.values.say(`list_activation_dates of ${name}: is missing`, line);
    const work = this.values.number(attributes.WCET, `WCET of ${name}`, line);
    const jobs = dates.map(
      (date) =>
        `{ at: ${this.values.number(date, `list_activation_dates of ${name}`, line, false)}ms, work: ${work}ms }`,
    );
    return `[${jobs.join(", ")}]`;
  }

  private leaveUnlessZero(value: string | undefined, what: string): void {
    if (!isZero(value)) this.leave(`${what}, ${value}`);
  }

  private leave(what: string): void {
    this.remarks.push(`Not taken over: ${what}.`);
  }
}
