// A simulation of SimSo (Cheramy, Hladik and Deplanche, WATERS 2014): its tasks on one processor. Times of tasks are
// milliseconds, the duration is in cycles.

import { Fraction } from "fraction.js";
import { parseNumber } from "../numbers/durations.js";
import type { ForeignFile } from "./import.js";
import type { ImportedSystem, ImportedTask } from "./sweep-text.js";
import { numberText, timeText } from "./sweep-text.js";
import { childOf, childrenOf, type Element, isZero, rankAmong, readXml, ValueReader } from "./xml.js";

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
const DURATION = "50000";

/** @throws InvalidInput with every value that cannot be read */
export function importSimulation(source: ForeignFile): ImportedSystem {
  return new SimulationImport(source.file).system(readXml(source));
}

class SimulationImport {
  private readonly values: ValueReader;
  private readonly remarks: string[];
  private speed = new Fraction(1);
  /** The tasks among which one has its priority, where these are given. */
  private ranked: readonly Element[] | undefined;

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
    }
    this.setSpeed(processors[0]);
    for (const element of childOf(root, "caches")?.children ?? [])
      this.leave(`cache ${element.attributes.name ?? element.name}`);
    const { etm = /^(true|yes)$/.test(root.attributes.use_wcet ?? "yes") ? "wcet" : "cache" } = root.attributes;
    if (etm !== "wcet") this.leave(`execution times by the model ${etm}: every job takes its WCET`);
    const all = childrenOf(childOf(root, "tasks"), "task");
    const scheduler = this.scheduler(childOf(root, "sched"), all);
    this.ranked = scheduler.some(([, value]) => value === "explicit") ? all : undefined;
    const tasks = all.map((task) => this.task(task));
    if (tasks.length === 0) this.values.say("holds no task", root.line);
    const horizon = this.horizon(root);
    this.values.throwIfAny();
    const fields = [["policy", "dedicated"], ...scheduler] as const;
    const servers = [{ name: "cpu", origin: { file: this.file }, fields, tasks }];
    return { name: "imported", remarks: this.remarks, horizon, host: "fp", servers };
  }

  /** The model of execution times by the WCET makes a job on a processor of speed 2 take half of it. */
  private setSpeed(processor: Element | undefined): void {
    const { speed = "1", name = "the processor" } = processor?.attributes ?? {};
    this.speed = parseNumber(this.values.number(speed, `speed of ${name}`, processor?.line ?? 1));
    if (!this.speed.equals(1)) this.remarks.push(`Execution times are divided by the speed of ${name}, ${speed}.`);
  }

  private horizon({ attributes, line }: Element): string {
    if (attributes.duration === undefined)
      this.remarks.push(`The file says no duration: SimSo's default is ${DURATION} cycles.`);
    const duration = this.values.number(attributes.duration ?? DURATION, "duration", line);
    const { cycles_per_ms: given } = attributes;
    if (given === undefined)
      this.remarks.push(
        `The file says no cycles_per_ms: SimSo's default, ${CYCLES_PER_MS}, makes milliseconds of its duration.`,
      );
    const perMs = this.values.number(given ?? CYCLES_PER_MS, "cycles_per_ms", line);
    return `${numberText(parseNumber(duration).div(parseNumber(perMs)))}ms`;
  }

  /** The guest's scheduler by the name of SimSo's class, or of its file. */
  private scheduler(sched: Element | undefined, tasks: readonly Element[]): [string, string][] {
    const attributes = sched?.attributes ?? {};
    for (const key of ["overhead", "overhead_activate", "overhead_terminate"])
      this.leaveUnlessZero(attributes[key], key);
    const path = attributes.class || attributes.className || attributes.classPath || "";
    const name =
      path
        .split(/[./\\]/)
        .filter((part) => part !== "py")
        .at(-1) ?? "";
    const own = name.replace(/^P_|_mono$/gi, ""); // of partitions, and of one processor
    if (/EDF/i.test(own)) {
      if (!/^EDF2?$/i.test(own)) this.leave(`the scheduler ${name}: EDF stands for it`);
      return [["scheduler", "edf"]];
    }
    if (/^DM|deadline_?monotonic/i.test(own)) return [["priorities", "dm"]];
    if (/^FP$/i.test(own) && tasks.every(({ attributes: { priority } }) => Number.isFinite(Number(priority || "x"))))
      return [["priorities", "explicit"]];
    if (!/^RM|rate_?monotonic/i.test(own))
      this.leave(`the scheduler ${name || "of the file"}: rate monotonic priorities stand for it`);
    return [];
  }

  private task({ attributes, line }: Element): ImportedTask {
    const name = attributes.name ?? attributes.id ?? "";
    if (name === "") this.values.say("a task has no name", line);
    const time = (key: string, isPositive = true) =>
      `${this.values.number(attributes[key], `${key} of ${name}`, line, isPositive)}ms`;
    for (const [key, value] of Object.entries(attributes))
      if (!TAKEN.includes(key) && !OF_MODELS.includes(key) && !(key === "priority" && this.ranked !== undefined))
        this.leave(`${key} of ${name}, ${value}`);
    if (attributes.followed_by) this.leave(`followed_by of ${name}, ${attributes.followed_by}`);
    this.leaveUnlessZero(attributes.preemption_cost, `preemption_cost of ${name}`);
    // SimSo's default too.
    const abort = (attributes.abort_on_miss ?? "yes") === "yes" ? [["on_miss", "abort"] as const] : [];
    const priority =
      this.ranked === undefined
        ? []
        : [
            [
              "priority",
              rankAmong(
                attributes.priority,
                this.ranked.map((each) => each.attributes.priority),
              ),
            ] as const,
          ];
    const own = [["deadline", time("deadline")] as const, ...abort, ...priority];
    const origin = { file: this.file, line };
    const type = attributes.task_type ?? "Periodic";
    if (type === "Periodic") {
      const offset = isZero(attributes.activationDate) ? [] : [["offset", time("activationDate")] as const];
      return {
        name,
        origin,
        fields: [["period", time("period")], ["wcet", this.work(attributes, name, line)], ...own, ...offset],
      };
    }
    if (type !== "Sporadic") this.values.say(`task_type of ${name}: ${type} is neither Periodic nor Sporadic`, line);
    if (!isZero(attributes.period) && this.ranked === undefined)
      this.leave(`period of ${name}, ${attributes.period}: its priority under rate monotonic`);
    return { name, origin, fields: [["jobs", this.jobs(attributes, name, line)], ...own] };
  }

  private work({ WCET }: Element["attributes"], name: string, line: number): string {
    const wcet = this.values.number(WCET, `WCET of ${name}`, line);
    if (this.speed.equals(1)) return `${wcet}ms`;
    return timeText(parseNumber(wcet).div(this.speed), "ms");
  }

  /** In the order of time, as SimSo reads them. */
  private jobs(attributes: Element["attributes"], name: string, line: number): string {
    const dates = (attributes.list_activation_dates ?? "")
      .split(",")
      .map((date) => date.trim())
      .filter((date) => date !== "");
    if (dates.length === 0) this.values.say(`list_activation_dates of ${name}: is missing`, line);
    const work = this.work(attributes, name, line);
    return `[${dates
      .map((date) => this.values.number(date, `list_activation_dates of ${name}`, line, false))
      .sort((a, b) => parseNumber(a).compare(parseNumber(b)))
      .map((at) => `{ at: ${at}ms, work: ${work} }`)
      .join(", ")}]`;
  }

  private leaveUnlessZero(value: string | undefined, what: string): void {
    if (!isZero(value)) this.leave(`${what}, ${value}`);
  }

  private leave(what: string): void {
    this.remarks.push(`Not taken over: ${what}.`);
  }
}
