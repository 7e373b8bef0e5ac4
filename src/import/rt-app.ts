// A workload of rt-app: its threads as tasks on one CPU. Times of the file are microseconds.
//
// Linux runs SCHED_DEADLINE before SCHED_FIFO and SCHED_RR: under host `edf` a server without a deadline comes after all
// that have one. So each deadline thread is a constant bandwidth server, and all fixed-priority threads together are one
// dedicated server with explicit priorities.

import { Fraction } from "fraction.js";
import { isLosslessNumber, parse } from "lossless-json";
import { InvalidInput } from "../input/problem.js";
import { parseNumber, Refused } from "../numbers/durations.js";
import type { ImportedServer, ImportedSystem, ImportedTask } from "./sweep-text.js";

type Fields = Readonly<Record<string, unknown>>;

/** Whether a file is such a workload. */
export function isWorkload(text: string): boolean {
  return /^\s*(\/\*|\/\/|\{)/.test(text) && /"tasks"\s*:/.test(text);
}

/**
 * A system from a workload.
 * @throws InvalidInput when the file cannot be read, with every thread that has neither work nor a period
 */
export function importWorkload({ file, text }: { file: string; text: string }): ImportedSystem {
  return new WorkloadImport(file).system(read(file, text));
}

/** rt-app's JSON may have comments, commas before a closing bracket, and for its workgen a key several times. */
function read(file: string, text: string): Fields {
  const plain = text
    .replace(/("(?:[^"\\]|\\.)*")|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, (_, quoted?: string) => quoted ?? " ")
    .replace(/("(?:[^"\\]|\\.)*")|,(?=\s*[}\]])/g, (_, quoted?: string) => quoted ?? "");
  try {
    return parse(withUniqueKeys(plain)) as Fields;
  } catch (error) {
    throw new InvalidInput([{ file, path: "", text: `not valid JSON: ${(error as Error).message}` }]);
  }
}

/** A key that its object has already gets a number, as workgen does it: `run`, `run1`, `run2`. */
function withUniqueKeys(text: string): string {
  const open: Map<string, number>[] = []; // of each key the number that the next one of that name tries
  return text.replace(/"((?:[^"\\]|\\.)*)"(\s*:)?|[{}]/g, (all, name: string, colon?: string) => {
    if (all === "{") open.push(new Map());
    else if (all === "}") open.pop();
    const keys = open.at(-1);
    if (colon === undefined || keys === undefined) return all;
    let unique = name;
    let number = keys.get(name) ?? 0;
    for (; keys.has(unique); number++) unique = `${name}${number + 1}`;
    keys.set(name, number);
    if (unique !== name) keys.set(unique, 0);
    return `"${unique}"${colon}`;
  });
}

/** What a thread may have besides its events; anything else is left out with a remark. */
const KNOWN = ["policy", "priority", "loop", "delay", "instance", "cpus", "phases"].concat([
  ...["dl-runtime", "dl-period", "dl-deadline"],
]);

/** Events that are taken over; rt-app takes what begins so, for a key may be there once only: `run0`, `run1`. */
const EVENT = /^(run|runtime|timer|sleep)\d*$/;

/** More threads of a kind are no workload. */
const INSTANCES_MAX = 10_000;

/** The events of a thread by their kind. */
interface Events {
  readonly work: readonly unknown[];
  readonly timers: readonly unknown[];
  readonly sleeps: readonly unknown[];
}

class WorkloadImport {
  private readonly problems: { file: string; path: string; text: string }[] = [];
  private readonly remarks: string[] = [];
  /** Threads whose timers begin anew where a job was late. */
  private readonly relative: string[] = [];

  constructor(private readonly file: string) {
    this.remarks.push(`From ${file}, a workload of rt-app; its threads share one CPU.`);
  }

  system(root: Fields): ImportedSystem {
    const { default_policy: otherwise = "SCHED_OTHER", ...global } = fieldsOf(root.global);
    const deadlines: ImportedServer[] = [];
    const fixed: { task: ImportedTask; priority: bigint }[] = [];
    for (const [name, thread] of Object.entries(fieldsOf(root.tasks))) {
      const fields = this.withPhase(name, fieldsOf(thread));
      const policy = String(fields.policy ?? otherwise);
      for (const key of Object.keys(fields))
        if (!KNOWN.includes(key) && !EVENT.test(key)) this.leave(`${key} of ${name}`);
      const loop = numberOf(fields.loop);
      if (loop !== undefined && loop.s > 0n) this.leave(`loop of ${name}, ${loop.toFraction()}: it does not end`);
      if (fields.cpus !== undefined) this.leave(`cpus of ${name}: all threads share one CPU`);
      if (policy === "SCHED_DEADLINE")
        deadlines.push(...this.copies(name, fields, (own) => this.reservation(own, fields)));
      else if (policy === "SCHED_FIFO" || policy === "SCHED_RR")
        fixed.push(...this.copies(name, fields, (own) => this.fixedPriority(own, fields, policy)));
      else this.leave(`${name}, which is ${policy}: it runs in the time that is left`);
    }
    if (deadlines.length + fixed.length === 0 && this.problems.length === 0)
      this.say("tasks", "holds no thread with a real-time policy");
    if (this.problems.length > 0) throw new InvalidInput(this.problems);
    const horizon = this.horizon(global);
    const servers = [...deadlines, ...(fixed.length === 0 ? [] : [this.together(fixed)])];
    if (this.relative.length > 0)
      this.remarks.push(
        `Timers that are not absolute begin anew after a late job; here arrivals stay a period apart: ${this.relative.join(", ")}.`,
      );
    return { name: "imported", remarks: this.remarks, horizon, host: "edf", servers };
  }

  /** A thread with one phase is the thread with what is in the phase. Of several the first is taken, and a problem said. */
  private withPhase(name: string, { phases, ...fields }: Fields): Fields {
    const all = Object.values(fieldsOf(phases));
    if (all.length > 1) this.say(`tasks.${name}.phases`, `are ${all.length}: a task does the same in each of its jobs`);
    const { loop: _, ...phase } = fieldsOf(all[0]);
    return { ...fields, ...phase };
  }

  /** A thread with `instance: n` is n threads. */
  private copies<Made>(name: string, { instance }: Fields, make: (name: string) => Made): Made[] {
    const given = instance === undefined ? new Fraction(1) : numberOf(instance);
    const count = given?.d === 1n && given.s >= 0n ? Number(given.n) : Number.NaN;
    if (!(count <= INSTANCES_MAX)) {
      this.say(`tasks.${name}.instance`, `is no whole number of threads up to ${INSTANCES_MAX}`);
      return [];
    }
    return Array.from({ length: count }, (_, i) => make(count === 1 ? name : `${name}-${i}`));
  }

  private reservation(name: string, fields: Fields): ImportedServer {
    const given = fields["dl-deadline"];
    const budget = this.time(name, fields["dl-runtime"], "dl-runtime");
    const period = this.time(name, fields["dl-period"] ?? given, "dl-period");
    const deadline = given === undefined ? undefined : this.time(name, given, "dl-deadline");
    return {
      name,
      origin: { file: this.file },
      fields: [
        ["policy", "cbs"],
        ["period", period],
        ["budget", budget],
        ...(deadline === undefined || deadline === period ? [] : [["deadline", deadline] as const]),
      ],
      tasks: [this.task(name, fields)],
      remark: "SCHED_DEADLINE",
    };
  }

  private fixedPriority(name: string, fields: Fields, policy: string): { task: ImportedTask; priority: bigint } {
    const priority = numberOf(fields.priority) ?? new Fraction(10);
    if (policy === "SCHED_RR")
      this.leave(`the time slices of ${name}: threads of one priority run in the order of arrival`);
    return { task: { ...this.task(name, fields), remark: `${policy} ${priority.toFraction()}` }, priority: priority.n };
  }

  /** All threads with a fixed priority: in Linux the greater number is the more urgent one, here 1 is. */
  private together(fixed: readonly { task: ImportedTask; priority: bigint }[]): ImportedServer {
    const rank = (own: bigint) => 1 + new Set(fixed.map(({ priority }) => priority).filter((each) => each > own)).size;
    const names = fixed.map(({ task }) => task.name);
    return {
      name: names.includes("fixed-priority") ? "fixed-priority-threads" : "fixed-priority",
      origin: { file: this.file },
      fields: [
        ["policy", "dedicated"],
        ["priorities", "explicit"],
      ],
      tasks: fixed.map(({ task, priority }) => ({
        ...task,
        fields: [...task.fields, ["priority", String(rank(priority))]],
      })),
    };
  }

  /** Work, and what it waits for: all that it runs is one job, up to the timer, or the sleep, that ends it. */
  private task(name: string, fields: Fields): ImportedTask {
    const { work, timers, sleeps } = eventsOf(fields);
    const timer = timers.map(fieldsOf).find(({ period }) => !isZero(period));
    const ends = timer === undefined ? sleeps : timers;
    if (ends.length > 1) this.say(`tasks.${name}`, `waits ${ends.length} times in a loop: a job ends when it waits`);
    if (timer !== undefined && sleeps.some((sleep) => !isZero(sleep))) this.leave(`sleep of ${name}`);
    if (timer !== undefined && timer.mode !== "absolute") this.relative.push(name);
    const key = timer === undefined && sleeps.length > 0 ? "sleep" : "timer.period";
    const time = this.time(name, key === "sleep" ? sleeps[0] : timer?.period, key);
    const offset = fields.delay === undefined ? [] : [["offset", this.time(name, fields.delay, "delay")] as const];
    const own = [[key === "sleep" ? "think" : "period", time], ["wcet", this.work(name, work)], ...offset] as const;
    return { name, origin: { file: this.file }, fields: own };
  }

  private work(name: string, work: readonly unknown[]): string {
    if (work.length < 2) return this.time(name, work[0], "run");
    const sum = work.map(numberOf).reduce((total, each) => total && each && total.add(each), new Fraction(0));
    return this.time(name, sum, "run");
  }

  private horizon({ duration, ...others }: Fields): string {
    for (const key of Object.keys(others)) this.leave(`${key} of global`);
    const seconds = numberOf(duration);
    if (seconds !== undefined && seconds.s > 0n && seconds.n > 0n) return `${seconds.toFraction()}s`;
    this.remarks.push("The file gives no end: 10 s are simulated.");
    return "10s";
  }

  /** A time in microseconds. */
  private time(name: string, given: unknown, key: string): string {
    const value = given instanceof Fraction ? given : numberOf(given);
    if (value !== undefined && value.d === 1n && value.s >= 0n && (value.n > 0n || key === "delay"))
      return microseconds(value.n);
    const found = given === undefined ? "is missing" : "is no whole number of microseconds above 0";
    this.say(`tasks.${name}.${key}`, found);
    return "1us";
  }

  private leave(what: string): void {
    this.remarks.push(`Not taken over: ${what}.`);
  }

  private say(path: string, text: string): void {
    this.problems.push({ file: this.file, path, text });
  }
}

function eventsOf(fields: Fields): Events {
  const of = (...kinds: string[]) =>
    Object.entries(fields).flatMap(([key, value]) => (kinds.includes(EVENT.exec(key)?.[1] ?? "") ? [value] : []));
  return { work: of("run", "runtime"), timers: of("timer"), sleeps: of("sleep") };
}

function isZero(value: unknown): boolean {
  return numberOf(value)?.n === 0n;
}

function microseconds(time: bigint): string {
  return time % 1000n === 0n ? `${time / 1000n}ms` : `${time}us`;
}

function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

function numberOf(value: unknown): Fraction | undefined {
  try {
    return isLosslessNumber(value) ? parseNumber(value.toString()) : undefined;
  } catch (error) {
    if (error instanceof Refused) return undefined;
    throw error;
  }
}
