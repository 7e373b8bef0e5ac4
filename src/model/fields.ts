// The fields of a scenario (semantics.md section 2), once: name, slot in the flat array, kind, least value, meaning.
// Parsing, checking, the sweep language and its JSON Schema are driven by these lists.

import * as abi from "../../assembly/abi.js";
import { DISTRIBUTIONS, SPORADIC_DISTRIBUTIONS } from "./distributions.js";
import { FAIR_ALGORITHMS } from "./fair.js";
import { GUESTS } from "./guests.js";
import { HOSTS } from "./hosts.js";
import { POLICIES } from "./policies.js";

/**
 * A time (in ticks, or in steps of a sweep's resolution), a plain whole number, one of a list of names, true or false,
 * which are the names of a choice as well, or a list of times: its slot has their number, they are records of their own.
 */
export type FieldKind = "time" | "count" | "choice" | "flag" | "times";

export interface Field {
  /** Where it stands in its record: `period`, or within a map or a pair: `background.weight`, `gain[0]`. */
  readonly name: string;
  /** Offset within its record of the flat array, see assembly/abi.ts. */
  readonly slot: number;
  readonly kind: FieldKind;
  /** The names of a choice, at the index of their id; empty for numbers. */
  readonly choices: readonly string[];
  /** Least value of a number; the greatest is 2^53 - 1 unless a rule of check.ts says less. */
  readonly min: number;
  readonly description: string;
  /** A word that may stand in place of a number; 1 in a slot of its own stands for it. */
  readonly word?: { readonly text: string; readonly slot: number };
  /** What it is where its map is written and says nothing. */
  readonly inEmptyMap?: number;
}

/** The keys that lead to a field: `gain[0]` is item 0 of `gain`. */
export function pathOf({ name }: { readonly name: string }): (string | number)[] {
  return [...name.matchAll(/[^.[\]]+/g)].map(([part]) => (/^\d+$/.test(part) ? Number(part) : part));
}

/** A record as it is written: fields, and maps and lists of them. */
export interface FieldTree {
  readonly isList: boolean;
  readonly children: ReadonlyMap<string, Field | FieldTree>;
}

/** Fields by where they stand, in their order. */
export function treeOf(fields: readonly Field[]): FieldTree {
  const root = emptyTree(false);
  for (const field of fields) {
    const path = pathOf(field);
    const last = path.length - 1;
    let tree = root;
    for (let depth = 0; depth < last; depth++) {
      const key = String(path[depth]);
      const inner = tree.children.get(key) ?? emptyTree(typeof path[depth + 1] === "number");
      tree.children.set(key, inner);
      tree = inner as ReturnType<typeof emptyTree>;
    }
    tree.children.set(String(path[last]), field);
  }
  return root;
}

function emptyTree(isList: boolean): { isList: boolean; children: Map<string, Field | FieldTree> } {
  return { isList, children: new Map() };
}

/** All fields of a tree, in their order. */
export function leavesOf(tree: FieldTree): readonly Field[] {
  const known = LEAVES.get(tree);
  if (known !== undefined) return known;
  const leaves = [...tree.children.values()].flatMap((child) => (isTree(child) ? leavesOf(child) : [child]));
  LEAVES.set(tree, leaves);
  return leaves;
}

/** Of the trees that were asked for: every server that is read asks for some. */
const LEAVES = new WeakMap<FieldTree, readonly Field[]>();

export function isTree(child: Field | FieldTree): child is FieldTree {
  return "children" in child;
}

/** The fields that a name means: itself, or what stands within it. */
export function fieldsWithin(fields: readonly Field[], name: string): Field[] {
  return fields.filter((field) => field.name === name || /^[.[]/.test(startingWith(field.name, name)));
}

/** What follows `start` in a name; "" if it starts otherwise. */
function startingWith(name: string, start: string): string {
  return name.startsWith(start) ? name.slice(start.length) : "";
}

function time(name: string, slot: number, min: number, description: string): Field {
  return { name, slot, kind: "time", choices: [], min, description };
}
function count(name: string, slot: number, min: number, description: string): Field {
  return { name, slot, kind: "count", choices: [], min, description };
}
function choice(name: string, slot: number, choices: readonly string[], description: string): Field {
  return { name, slot, kind: "choice", choices, min: 0, description };
}
function flag(name: string, slot: number, description: string): Field {
  return { name, slot, kind: "flag", choices: FLAGS, min: 0, description };
}

/** Two of a kind in a list, the second in the slot after the first. */
function pair(make: typeof time, name: string, slot: number, mins: [number, number], descriptions: [string, string]) {
  return mins.map((min, i) => make(`${name}[${i}]`, slot + i, min, descriptions[i]));
}
/**
 * A list of numerator and denominator.
 * @param whole what it is by default, a whole number
 */
function fraction(name: string, slot: number, least: number, what: string, whole?: number): Field[] {
  const [up, down] = whole === undefined ? ["", ""] : [`; by default ${whole}`, "; by default 1"];
  return pair(count, name, slot, [least, 1], [`numerator of ${what}${up}`, `denominator of ${what}${down}`]);
}
/** A list of the least and the greatest time that is drawn. */
function drawn(name: string, slot: number, what: string): Field[] {
  return pair(time, name, slot, [0, 0], [`least ${what}`, `greatest ${what}`]);
}

/** At the index of the number that stands for it. */
const FLAGS = ["false", "true"] as const;

const STOPS = ["horizon", "first-miss"] as const;
export const PRIORITIES = ["rm", "dm", "explicit"] as const;
export const ON_MISS = ["continue", "abort", "skip", "shift"] as const;
const OVERRUNS = ["carry", "forgive"] as const;
export const CLOCKS = ["host", "virtual", "execution"] as const;
const ACCOUNTINGS = ["exact", "sampled"] as const;
export const ASSIGNMENTS = ["partitioned", "global-aware", "global-blind"] as const;
const SEPARATIONS = ["none", "us"] as const;

/** Fields of the run itself. `seed` is not here: it is a 64-bit number in two slots. */
export const RUN_FIELDS: readonly Field[] = [
  time("horizon", abi.IN_HEADER_HORIZON, 1, "length of the run"),
  count("replicate", abi.IN_HEADER_REPLICATE, 0, "number of the replicate, part of every random draw"),
  choice(
    "stop",
    abi.IN_HEADER_STOP,
    STOPS,
    "when the run ends: at the horizon (the default), or at the first missed deadline",
  ),
  time("warmup", abi.IN_HEADER_WARMUP, 0, "jobs that arrive before it are not counted, nor is time; by default 0"),
];

/** Fields of `host`; its `windows` are a list of WINDOW_FIELDS. */
export const HOST_FIELDS: readonly Field[] = [
  choice("scheduler", abi.IN_HEADER_HOST_SCHEDULER, HOSTS, "how the host picks a server; by default fp"),
  time("host_switch", abi.IN_HEADER_HOST_SWITCH, 0, "cost of a switch between servers; by default 0"),
  time("guest_switch", abi.IN_HEADER_GUEST_SWITCH, 0, "cost of a switch between jobs of one server; by default 0"),
  time("frame", abi.IN_HEADER_FRAME, 1, "length of the table, which repeats (host table)"),
  time("release_cost", abi.IN_HEADER_RELEASE_COST, 0, "cost of a release; by default 0"),
  time("replenish_cost", abi.IN_HEADER_REPLENISH_COST, 0, "cost of a replenishment; by default 0"),
  choice("fair.algorithm", abi.IN_HEADER_FAIR_ALGORITHM, FAIR_ALGORITHMS, "how the best-effort class shares"),
  time("fair.quantum", abi.IN_HEADER_FAIR_QUANTUM, 1, "length of a service (sfq)"),
  time("fair.latency", abi.IN_HEADER_FAIR_LATENCY, 1, "time in which each of a few members runs once (cfs)"),
  time("fair.min_granularity", abi.IN_HEADER_FAIR_MIN_GRANULARITY, 1, "least slice among many members (cfs)"),
  time("fair.wakeup_granularity", abi.IN_HEADER_FAIR_WAKEUP_GRANULARITY, 0, "lead that one who joins needs (cfs)"),
  time(
    "fair.sleeper_credit",
    abi.IN_HEADER_FAIR_SLEEPER_CREDIT,
    0,
    "what one who joins is given at most (cfs); by default the latency",
  ),
  time(
    "fair.tick",
    abi.IN_HEADER_FAIR_TICK,
    1,
    "distance of the instants at which a slice can end (cfs, eevdf); by default any time",
  ),
  time("fair.slice", abi.IN_HEADER_FAIR_SLICE, 1, "length of a request (eevdf)"),
  ...fraction("bandwidth.max", abi.IN_HEADER_BANDWIDTH_MAX, 1, "the share that reclaiming servers may use", 1).map(
    (field) => ({ ...field, inEmptyMap: 1 }),
  ),
  ...fraction("bandwidth.reserved", abi.IN_HEADER_BANDWIDTH_RESERVED, 0, "the share that is kept for others", 0),
  time("extra_quantum", abi.IN_HEADER_EXTRA_QUANTUM, 1, "length of an extra service (host sedf)"),
  time("slice", abi.IN_HEADER_SLICE, 1, "time between accountings, and the longest run (host credit)"),
  time("tick", abi.IN_HEADER_TICK, 1, "time between ticks (host credit)"),
  time(
    "ratelimit",
    abi.IN_HEADER_RATELIMIT,
    0,
    "least time on the CPU before a preemption (host credit); by default 0",
  ),
  count("credits", abi.IN_HEADER_CREDITS, 1, "credits that a tick of time is worth (host credit); by default 1"),
  choice("accounting", abi.IN_HEADER_ACCOUNTING, ACCOUNTINGS, "how credits are taken (host credit); by default exact"),
  count("cpus", abi.IN_HEADER_CPUS, 1, "how many CPUs there are; by default 1"),
  time(
    "host_migration",
    abi.IN_HEADER_HOST_MIGRATION,
    0,
    "cost of a VCPU that gets another CPU than it had last; by default 0",
  ),
  time(
    "guest_migration",
    abi.IN_HEADER_GUEST_MIGRATION,
    0,
    "cost of a job that runs on another VCPU than before; by default 0",
  ),
];

/** Fields of a server besides `name` and `tasks`; its `windows` are a list of WINDOW_FIELDS. */
export const SERVER_FIELDS: readonly Field[] = [
  choice("policy", abi.IN_SERVER_POLICY, POLICIES, "how the budget is used and replenished"),
  time("period", abi.IN_SERVER_PERIOD, 1, "replenishment period"),
  time("budget", abi.IN_SERVER_BUDGET, 0, "CPU time a period"),
  time("offset", abi.IN_SERVER_OFFSET, 0, "first replenishment; by default 0"),
  count(
    "priority",
    abi.IN_SERVER_PRIORITY,
    1,
    "priority at host fp: the smaller the number the higher, 1 is the highest; by default its place in the file, whatever its period",
  ),
  choice("scheduler", abi.IN_SERVER_SCHEDULER, GUESTS, "how the guest picks a job; by default fp"),
  choice(
    "priorities",
    abi.IN_SERVER_PRIORITIES,
    PRIORITIES,
    "where the priorities of guest fp come from: rm (the default, the shorter the period the higher), dm (by deadline), explicit",
  ),
  time("period_max", abi.IN_SERVER_PERIOD_MAX, 1, "longest drawn period; by default the period: nothing is drawn"),
  time("budget_min", abi.IN_SERVER_BUDGET_MIN, 1, "least drawn budget; by default the budget: nothing is drawn"),
  count(
    "max_replenishments",
    abi.IN_SERVER_MAX_REPLENISHMENTS,
    1,
    "most pending refills of a sporadic server; by default 16",
  ),
  ...fraction("utilization", abi.IN_SERVER_UTILIZATION, 1, "the share that its deadlines are made of (tbs, cus)"),
  count(
    "background.priority",
    abi.IN_SERVER_BACKGROUND_PRIORITY,
    1,
    "without budget: priority behind all budgets; by default it waits",
  ),
  count("background.weight", abi.IN_SERVER_BACKGROUND_WEIGHT, 1, "without budget: weight in the best-effort class"),
  flag("lend", abi.IN_SERVER_LEND, "whether others run in its time without a job; by default false"),
  time(
    "enforce_every",
    abi.IN_SERVER_ENFORCE_EVERY,
    1,
    "distance of the instants at which a used up budget is noticed; by default at once, without a debt; beside reclaim every step",
  ),
  time("enforce_phase", abi.IN_SERVER_ENFORCE_PHASE, 0, "first of these instants; by default 0"),
  choice(
    "overrun",
    abi.IN_SERVER_OVERRUN,
    OVERRUNS,
    "what a replenishment does with budget that was overdrawn; by default it is carried",
  ),
  time("enforce_cost", abi.IN_SERVER_ENFORCE_COST, 0, "cost of such an instant; by default 0"),
  {
    ...time(
      "deadline",
      abi.IN_SERVER_DEADLINE,
      1,
      "relative deadline of a cbs, by default the period; or guest: that of its guest's jobs",
    ),
    word: { text: "guest", slot: abi.IN_SERVER_DEADLINE_GUEST },
  },
  flag("reclaim", abi.IN_SERVER_RECLAIM, "whether it uses bandwidth that others leave (GRUB); by default false"),
  count("feedback.every", abi.IN_SERVER_FEEDBACK_EVERY, 1, "periods from one adaptation of the budget to the next"),
  ...fraction("feedback.gain", abi.IN_SERVER_FEEDBACK_GAIN, 1, "the gain of the adaptation"),
  time("feedback.lowest", abi.IN_SERVER_FEEDBACK_LOWEST, 1, "least adapted budget"),
  time("feedback.highest", abi.IN_SERVER_FEEDBACK_HIGHEST, 1, "greatest adapted budget"),
  choice("clock", abi.IN_SERVER_CLOCK, CLOCKS, "when the guest's time passes; by default with the host's"),
  ...drawn("latency.wake", abi.IN_SERVER_LATENCY_WAKE, "delay of a wake-up"),
  ...drawn("latency.replenish", abi.IN_SERVER_LATENCY_REPLENISH, "delay of a replenishment"),
  count("weight", abi.IN_SERVER_WEIGHT, 1, "share among its kind; by default 1024 (fair), 256 (credit)"),
  flag("extratime", abi.IN_SERVER_EXTRATIME, "whether it goes on without budget (rtds, sedf); by default false"),
  count("extraweight", abi.IN_SERVER_EXTRAWEIGHT, 1, "share of extra time (sedf); by default by period and budget"),
  count("cap", abi.IN_SERVER_CAP, 0, "most CPU time in percent (credit); by default 0, no cap"),
  flag("realtime", abi.IN_SERVER_REALTIME, "whether it comes before all others (credit); by default false"),
  time(
    "laxity",
    abi.IN_SERVER_LAXITY,
    0,
    "time that it can wait when it wakes up (credit); by default it joins by its class",
  ),
  choice("assignment", abi.IN_SERVER_ASSIGNMENT, ASSIGNMENTS, "which job runs on which VCPU (with vcpus)"),
  choice(
    "separation",
    abi.IN_SERVER_SEPARATION,
    SEPARATIONS,
    "whether heavy tasks come first (with vcpus); by default none",
  ),
];

const OF_VM: readonly string[] = ["scheduler", "priorities", "assignment", "separation"];

/** Fields of a server with `vcpus`, besides `name`, `tasks` and these. */
export const VM_FIELDS: readonly Field[] = SERVER_FIELDS.filter(({ name }) => OF_VM.includes(name));

/** Fields of one of its VCPUs, besides `name` and `affinity`. */
export const VCPU_FIELDS: readonly Field[] = SERVER_FIELDS.filter(({ name }) => !OF_VM.includes(name));

/** Fields of a server with `servers`, besides `name`, `affinity` and these. */
export const HOLDER_FIELDS: readonly Field[] = SERVER_FIELDS.flatMap((field) => {
  if (field.name !== "scheduler") return OF_VM.includes(field.name) ? [] : [field];
  return [{ ...field, choices: ["fp", "edf"], description: "how it picks one of its servers" }];
});

/** Fields of a task besides `name`; its `jobs` are a list of JOB_FIELDS. */
export const TASK_FIELDS: readonly Field[] = [
  time("period", abi.IN_TASK_PERIOD, 1, "least time between arrivals"),
  time("wcet", abi.IN_TASK_WCET, 1, "worst-case execution time"),
  time("deadline", abi.IN_TASK_DEADLINE, 1, "relative deadline; by default the period"),
  time("offset", abi.IN_TASK_OFFSET, 0, "first arrival; by default 0"),
  count(
    "priority",
    abi.IN_TASK_PRIORITY,
    1,
    "explicit priority in the guest: the smaller the number the higher, 1 is the highest",
  ),
  time(
    "bcet",
    abi.IN_TASK_BCET,
    1,
    "best-case execution time; by default the wcet. Each job takes between the two, drawn",
  ),
  time("jitter", abi.IN_TASK_JITTER, 0, "greatest release jitter; by default 0"),
  time(
    "period_max",
    abi.IN_TASK_PERIOD_MAX,
    1,
    "longest time between arrivals; it makes the task sporadic. By default the period",
  ),
  choice(
    "on_miss",
    abi.IN_TASK_ON_MISS,
    ON_MISS,
    "what happens to a job that misses its deadline; by default it continues",
  ),
  time("think", abi.IN_TASK_THINK, 0, "least time from the end of a job to the next one, instead of a period"),
  time(
    "think_max",
    abi.IN_TASK_THINK_MAX,
    0,
    "longest time from the end of a job to the next one; by default think: nothing is drawn",
  ),
  time(
    "after.delay",
    abi.IN_TASK_DELAY,
    0,
    "time from the completion of the job before to the release of this one; by default 0",
  ),
  count(
    "host_priority",
    abi.IN_TASK_HOST_PRIORITY,
    1,
    "priority at the host while a job of it is to run; by default that of its VCPU",
  ),
  ...pair(
    count,
    "window",
    abi.IN_TASK_WINDOW,
    [0, 1],
    ["jobs that may miss their deadline", "of so many consecutive ones, in which misses are counted"],
  ),
  choice(
    "execution.distribution",
    abi.IN_TASK_EXECUTION,
    DISTRIBUTIONS,
    "how execution times are drawn between bcet and wcet; by default uniform",
  ),
  time(
    "execution.mean",
    abi.IN_TASK_EXECUTION_MEAN,
    1,
    "the constant time, by default the wcet; else the mean before the bounds cut it off",
  ),
  time("execution.deviation", abi.IN_TASK_EXECUTION_DEVIATION, 1, "standard deviation before that (truncated-normal)"),
  ...fraction("execution.shape", abi.IN_TASK_EXECUTION_SHAPE, 1, "the shape (weibull)"),
  time("execution.scale", abi.IN_TASK_EXECUTION_SCALE, 1, "the scale, from the bcet on (weibull)"),
  ...fraction("execution.share", abi.IN_TASK_EXECUTION_SHARE, 0, "the share of long times (bimodal)"),
  time("execution.short", abi.IN_TASK_EXECUTION_SHORT, 1, "greatest short time; by default the bcet (bimodal)"),
  time("execution.long", abi.IN_TASK_EXECUTION_LONG, 1, "least long time; by default the wcet (bimodal)"),
  {
    name: "execution.empirical",
    slot: abi.IN_TASK_OBSERVED,
    kind: "times",
    choices: [],
    min: 1,
    description: "observed execution times, each as likely as the others, in place of a distribution",
  },
  choice(
    "sporadic.distribution",
    abi.IN_TASK_SPACING,
    SPORADIC_DISTRIBUTIONS,
    "how the times between arrivals are drawn, from period to period_max; by default uniform",
  ),
  time("sporadic.mean", abi.IN_TASK_SPACING_MEAN, 1, "their mean before period_max cuts it off (exponential)"),
];

/** What an item of a list of times is. */
export const OBSERVED_TIME = time("time", abi.IN_OBSERVED_TIME, 1, "observed execution time");

/** Fields of a part, in the list `parts` of a task, besides `vcpu`. */
export const PART_FIELDS: readonly Field[] = [
  time("budget", abi.IN_PART_BUDGET, 1, "execution time on this VCPU"),
  time("deadline", abi.IN_PART_DEADLINE, 1, "deadline of the part, from the arrival on (guest edf)"),
];

/** Fields of a job as given, in the list `jobs` of a task. */
export const JOB_FIELDS: readonly Field[] = [
  time("at", abi.IN_JOB_AT, 0, "arrival"),
  time("work", abi.IN_JOB_WORK, 1, "execution time; by default drawn as the task says"),
];

/** Fields of a window of a server. */
export const WINDOW_FIELDS: readonly Field[] = [
  time("start", abi.IN_WINDOW_START, 0, "start, of a table's window within the frame"),
  time("duration", abi.IN_WINDOW_DURATION, 1, "length"),
];

/** Fields of a window of a table, besides `server` and `vcpu`. */
export const TABLE_WINDOW_FIELDS: readonly Field[] = [
  ...WINDOW_FIELDS,
  count("cpu", abi.IN_WINDOW_CPU, 0, "number of the CPU"),
];

/** Offset in the flat array of server `number`. */
export function serverAt(number: number): number {
  return abi.IN_HEADER_SIZE + number * abi.IN_SERVER_SIZE;
}

/** Whether any of the servers is a VCPU. */
export function hasVcpus(flat: Float64Array): boolean {
  for (let server = 0; server < flat[abi.IN_HEADER_SERVERS]; server++) {
    if (flat[serverAt(server) + abi.IN_SERVER_VCPUS] !== abi.ABSENT) return true;
  }
  return false;
}

/** Offset in the flat array of task `number` (numbered across all servers), of `serverCount` servers. */
export function taskAt(serverCount: number, number: number): number {
  return serverAt(serverCount) + number * abi.IN_TASK_SIZE;
}

/** Offset in the flat array of window `number`: those of the table first, then those of each server. */
export function windowAt(serverCount: number, taskCount: number, number: number): number {
  return taskAt(serverCount, taskCount) + number * abi.IN_WINDOW_SIZE;
}

/** Offset in the flat array of job `number`, of those that are given one by one: those of each task in turn. */
export function jobAt(serverCount: number, taskCount: number, windowCount: number, number: number): number {
  return windowAt(serverCount, taskCount, windowCount) + number * abi.IN_JOB_SIZE;
}

/** Offset in the flat array of observed execution time `number`: those of each task in turn. `jobCount` are the jobs as given. */
export function observedAt(
  serverCount: number,
  taskCount: number,
  windowCount: number,
  jobCount: number,
  number: number,
): number {
  return jobAt(serverCount, taskCount, windowCount, jobCount) + number * abi.IN_OBSERVED_SIZE;
}

/** Offset in the flat array of part `number`: likewise. `observedCount` are the observed execution times. */
export function partAt(
  serverCount: number,
  taskCount: number,
  windowCount: number,
  jobCount: number,
  observedCount: number,
  number: number,
): number {
  return observedAt(serverCount, taskCount, windowCount, jobCount, observedCount) + number * abi.IN_PART_SIZE;
}

/** The slot of a field in its record. */
export function slotOf(fields: readonly Pick<Field, "name" | "slot">[], name: string): number {
  const field = fields.find((candidate) => candidate.name === name);
  if (field === undefined) throw new RangeError(`there is no field ${name}`);
  return field.slot;
}

/** The slots in which a field, or what stands within it, can be. */
export function slotsWithin(fields: readonly Field[], name: string): number[] {
  const slots = fieldsWithin(fields, name).flatMap(({ slot, word }) =>
    word === undefined ? [slot] : [slot, word.slot],
  );
  if (slots.length === 0) throw new RangeError(`there is no field ${name}`);
  return slots;
}
