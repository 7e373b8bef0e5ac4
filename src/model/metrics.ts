// The counters of semantics.md sections 7 and 10.8, once: name, slot in the kernel's result, kind, meaning. The JSON result, the
// Arrow schema and the documentation come from these lists, in this order.

import * as abi from "../../assembly/abi.js";
import { hasVcpus } from "./fields.js";

export interface Metric<Name extends string = string> {
  readonly name: Name;
  /** Offset within its record of the kernel's result, see assembly/abi.ts. */
  readonly slot: number;
  /** A time is reported in the sweep's unit, a count as it is. */
  readonly kind: "time" | "count";
  /** A second slot holding the value divided by 2^32, rounded down, where one float64 may not hold it exactly. */
  readonly highSlot?: number;
  readonly description: string;
  /** The file of the kernel in which it is counted. */
  readonly counted: string;
  /** Which servers have it, or whose tasks, or which tasks; every one, if it says nothing. */
  readonly onlyOf?: Owners;
}

/** Some servers or tasks, by what their record of the flat scenario says. */
export interface Owners {
  readonly record: "server" | "task";
  /** The fields of the record that it depends on: names of fields.ts, or what they begin with. */
  readonly fields: readonly string[];
  /** @param at offset of the record */
  has(flat: Float64Array, at: number): boolean;
}

/**
 * Whether the server, or the task, at that offset of the flat scenario has the counter.
 * @param task of a counter of tasks; it is one of the server
 */
export function isCounted({ onlyOf }: Metric, flat: Float64Array, server: number, task = server): boolean {
  return onlyOf === undefined || onlyOf.has(flat, onlyOf.record === "task" ? task : server);
}

interface Time {
  readonly kind: "time";
}
interface Count {
  readonly kind: "count";
}
/** A time that may be beyond 2^53 - 1. */
interface Sum extends Time {
  readonly highSlot: number;
}

function time<Name extends string>(name: Name, slot: number, description: string, counted: string) {
  return { name, slot, kind: "time", description, counted } satisfies Metric<Name> & Time;
}
function count<Name extends string>(name: Name, slot: number, description: string, counted: string) {
  return { name, slot, kind: "count", description, counted } satisfies Metric<Name> & Count;
}
function sum<Name extends string>(name: Name, slot: number, highSlot: number, description: string, counted: string) {
  return { name, slot, highSlot, kind: "time", description, counted } satisfies Metric<Name> & Sum;
}

const BACKGROUND: Owners = {
  record: "server",
  fields: ["background", "policy"],
  has: (flat, server) => {
    const policy = flat[server + abi.IN_SERVER_POLICY];
    if (policy === abi.POLICY_RTDS || policy === abi.POLICY_SEDF) return true;
    const slots = [abi.IN_SERVER_BACKGROUND_PRIORITY, abi.IN_SERVER_BACKGROUND_WEIGHT];
    return slots.some((slot) => flat[server + slot] !== abi.ABSENT);
  },
};

const ADAPTED: Owners = {
  record: "server",
  fields: ["feedback"],
  has: (flat, server) => flat[server + abi.IN_SERVER_FEEDBACK_EVERY] !== abi.ABSENT,
};

const OWN_CLOCK: Owners = {
  record: "server",
  fields: ["clock"],
  has: (flat, server) => flat[server + abi.IN_SERVER_CLOCK] > abi.CLOCK_HOST,
};

/** Of a scenario with `cpus`, or with a server that has `vcpus`: then all have it, the host too. */
const MIGRATING: Owners = { record: "server", fields: ["cpus", "vcpus"], has: hasMigrations };

const WEAKLY_HARD: Owners = {
  record: "task",
  fields: ["window"],
  has: (flat, task) => flat[task + abi.IN_TASK_WINDOW] !== abi.ABSENT,
};

/** Whether a scenario gives `cpus` or any `vcpus`: its result has migrations, and what each CPU and VCPU did. */
export function hasMigrations(flat: Float64Array): boolean {
  return flat[abi.IN_HEADER_CPUS] !== abi.ABSENT || hasVcpus(flat);
}

interface Owned {
  readonly onlyOf: Owners;
}

/** A counter that only these servers have. */
function only<Some extends Metric>(onlyOf: Owners, metric: Some): Some & Owned {
  return { ...metric, onlyOf };
}

const RESULT = "assembly/result.ts";
const FEEDBACK = "assembly/feedback.ts";
const CLOCKS = "assembly/clocks.ts";
const LOOP = "assembly/simulation.ts";
const CORES = "assembly/cores.ts";
const JOBS = "assembly/jobs.ts";
const WEAKLY = "assembly/weakly-hard.ts";
const HISTOGRAM = "assembly/histogram.ts";
const POLICIES = "assembly/policies/budget.ts";

export const HOST_METRICS = [
  time("busy", abi.OUT_HOST_BUSY, "time in which some server had the CPU", RESULT),
  time("idle", abi.OUT_HOST_IDLE, "time in which no server had the CPU", RESULT),
  count("switches", abi.OUT_HOST_SWITCHES, "switches between servers", RESULT),
  time("overhead", abi.OUT_HOST_OVERHEAD, "switch costs added to jobs", CORES),
  time("end", abi.OUT_HOST_END, "effective horizon", RESULT),
  only(
    MIGRATING,
    count("migrations", abi.OUT_HOST_MIGRATIONS, "times a VCPU got another CPU than it had last", RESULT),
  ),
];

export const SERVER_METRICS = [
  time("supply", abi.OUT_SERVER_SUPPLY, "time on the CPU", LOOP),
  time("idled", abi.OUT_SERVER_IDLED, "time on the CPU without a job", LOOP),
  count("replenishments", abi.OUT_SERVER_REPLENISHMENTS, "refills of the budget", POLICIES),
  count("depletions", abi.OUT_SERVER_DEPLETIONS, "times the available budget was used up", POLICIES),
  count("preemptions", abi.OUT_SERVER_PREEMPTIONS, "times it lost the CPU while eligible", CORES),
  count("switches", abi.OUT_SERVER_SWITCHES, "times it got the CPU after another server", CORES),
  count("guest_switches", abi.OUT_SERVER_GUEST_SWITCHES, "times one of its jobs was dispatched after another", CORES),
  time("blackout_max", abi.OUT_SERVER_BLACKOUT_MAX, "longest stretch without the CPU", CORES),
  only(
    BACKGROUND,
    time(
      "supply_background",
      abi.OUT_SERVER_SUPPLY_BACKGROUND,
      "time on the CPU that took no budget, or extra time; null of a server that has neither",
      LOOP,
    ),
  ),
  only(
    ADAPTED,
    time("budget_last", abi.OUT_SERVER_BUDGET_LAST, "adapted budget at the end; null without feedback", RESULT),
  ),
  only(
    ADAPTED,
    count("adaptations", abi.OUT_SERVER_ADAPTATIONS, "times the budget was adapted; null without feedback", FEEDBACK),
  ),
  only(
    OWN_CLOCK,
    time("guest_time", abi.OUT_SERVER_GUEST_TIME, "the guest's clock at the end; null where it is the host's", RESULT),
  ),
  only(MIGRATING, count("migrations", abi.OUT_SERVER_MIGRATIONS, "times it got another CPU than it had last", RESULT)),
];

export const TASK_METRICS = [
  count("released", abi.OUT_TASK_RELEASED, "jobs released, skipped ones included", JOBS),
  count("completed", abi.OUT_TASK_COMPLETED, "jobs completed", JOBS),
  count("missed", abi.OUT_TASK_MISSED, "jobs that missed their deadline", JOBS),
  count("skipped", abi.OUT_TASK_SKIPPED, "jobs dropped at their release", JOBS),
  time("response_min", abi.OUT_TASK_RESPONSE_MIN, "least response time", JOBS),
  time("response_max", abi.OUT_TASK_RESPONSE_MAX, "greatest response time", JOBS),
  sum("response_sum", abi.OUT_TASK_RESPONSE_SUM, abi.OUT_TASK_RESPONSE_SUM_HIGH, "sum of the response times", JOBS),
  time(
    "response_p50",
    abi.OUT_TASK_RESPONSE_P50,
    "median response time (lower bound of its bucket, within 3.2 %)",
    HISTOGRAM,
  ),
  time(
    "response_p90",
    abi.OUT_TASK_RESPONSE_P90,
    "90th percentile of the response time (lower bound of its bucket)",
    HISTOGRAM,
  ),
  time(
    "response_p99",
    abi.OUT_TASK_RESPONSE_P99,
    "99th percentile of the response time (lower bound of its bucket)",
    HISTOGRAM,
  ),
  time(
    "response_p999",
    abi.OUT_TASK_RESPONSE_P999,
    "99.9th percentile of the response time (lower bound of its bucket)",
    HISTOGRAM,
  ),
  time("start_max", abi.OUT_TASK_START_MAX, "greatest time from arrival to first dispatch", CORES),
  time("gap_max", abi.OUT_TASK_GAP_MAX, "greatest time between consecutive completions", JOBS),
  count("preemptions", abi.OUT_TASK_PREEMPTIONS, "times a job lost the CPU unfinished", LOOP),
  time("tardiness_max", abi.OUT_TASK_TARDINESS_MAX, "greatest completion time after the deadline", JOBS),
  only(
    OWN_CLOCK,
    time(
      "guest_response_max",
      abi.OUT_TASK_GUEST_RESPONSE_MAX,
      "greatest response time by the guest's clock; null where it is the host's",
      CLOCKS,
    ),
  ),
  only(
    OWN_CLOCK,
    sum(
      "guest_response_sum",
      abi.OUT_TASK_GUEST_RESPONSE_SUM,
      abi.OUT_TASK_GUEST_RESPONSE_SUM_HIGH,
      "sum of the response times by the guest's clock; null where it is the host's",
      CLOCKS,
    ),
  ),
  only(MIGRATING, count("migrations", abi.OUT_TASK_MIGRATIONS, "times a job ran on another VCPU than before", RESULT)),
  only(
    WEAKLY_HARD,
    count(
      "misses_in_window",
      abi.OUT_TASK_MISSES_IN_WINDOW,
      "most misses in any k consecutive jobs; null without a window",
      WEAKLY,
    ),
  ),
];

/** Of each VCPU of a VM: there are neither feedback nor clocks beside them. */
export const VCPU_METRICS: readonly Metric[] = SERVER_METRICS.filter(
  ({ onlyOf }: Metric) => onlyOf !== ADAPTED && onlyOf !== OWN_CLOCK,
);

/** Of each CPU, where the result has migrations. */
export const CPU_METRICS = [
  time("busy", abi.OUT_CPU_BUSY, "time in which some server had the CPU", RESULT),
  time("idle", abi.OUT_CPU_IDLE, "time in which no server had the CPU", RESULT),
  count("switches", abi.OUT_CPU_SWITCHES, "switches between servers", RESULT),
];

type OfHost = (typeof HOST_METRICS)[number];
type OfServer = (typeof SERVER_METRICS)[number];
type OfTask = (typeof TASK_METRICS)[number];

/** Counters of the host, by name. */
export type HostCounters = { readonly [Name in Exclude<OfHost, Owned>["name"]]: number } & {
  readonly [Name in Extract<OfHost, Owned>["name"]]?: number;
};

/** Counters of a CPU, by name. */
export type CpuCounters = { readonly [Name in (typeof CPU_METRICS)[number]["name"]]: number };

/** Counters of a server, by name; some only of servers with the field that they are about. */
export type ServerCounters = { readonly [Name in Exclude<OfServer, Owned>["name"]]: number } & {
  readonly [Name in Extract<OfServer, Owned>["name"]]?: number;
};

/** Counters of a task, by name: sums are a bigint beyond 2^53 - 1, and times are null while no job has one. */
export type TaskCounters = {
  readonly [Metric in Exclude<OfTask, Owned> as Metric["name"]]: TaskValue<Metric>;
} & { readonly [Metric in Extract<OfTask, Owned> as Metric["name"]]?: TaskValue<Metric> };

type TaskValue<Metric> = Metric extends Count ? number : Metric extends Sum ? number | bigint : number | null;

/** The names of the counters that only some servers or tasks have. */
export const COUNTERS_OF_SOME: readonly string[] = [
  ...new Set(
    [...SERVER_METRICS, ...TASK_METRICS]
      .filter((metric: Metric) => metric.onlyOf !== undefined)
      .map(({ name }) => name),
  ),
];
