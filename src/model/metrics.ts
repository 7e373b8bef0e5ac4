// The counters of semantics.md sections 7 and 10.8, once: name, slot in the kernel's result, kind, meaning. The JSON result, the
// Arrow schema and the documentation come from these lists, in this order.

import * as abi from "../../assembly/abi.js";

export interface Metric {
  readonly name: string;
  /** Offset within its record of the kernel's result, see assembly/abi.ts. */
  readonly slot: number;
  /** A time is reported in the sweep's unit, a count as it is. */
  readonly kind: "time" | "count";
  /** A second slot holding the value divided by 2^32, rounded down, where one float64 may not hold it exactly. */
  readonly highSlot?: number;
  readonly description: string;
  /** The file of the kernel in which it is counted. */
  readonly counted: string;
  /** Which servers have it, or whose tasks; every one, if it says nothing. */
  readonly onlyOf?: Owners;
}

/** Some servers, by what their record of the flat scenario says. */
export interface Owners {
  /** The server fields that it depends on: names of fields.ts, or what they begin with. */
  readonly fields: readonly string[];
  /** @param server offset of its record */
  has(flat: Float64Array, server: number): boolean;
}

/** Whether the server at that offset of the flat scenario, or a task of it, has the counter. */
export function isCounted({ onlyOf }: Metric, flat: Float64Array, server: number): boolean {
  return onlyOf === undefined || onlyOf.has(flat, server);
}

function time(name: string, slot: number, description: string, counted: string): Metric {
  return { name, slot, kind: "time", description, counted };
}
function count(name: string, slot: number, description: string, counted: string): Metric {
  return { name, slot, kind: "count", description, counted };
}

const BACKGROUND: Owners = {
  fields: ["background", "policy"],
  has: (flat, server) => {
    const policy = flat[server + abi.IN_SERVER_POLICY];
    if (policy === abi.POLICY_RTDS || policy === abi.POLICY_SEDF) return true;
    const slots = [abi.IN_SERVER_BACKGROUND_PRIORITY, abi.IN_SERVER_BACKGROUND_WEIGHT];
    return slots.some((slot) => flat[server + slot] !== abi.ABSENT);
  },
};

const ADAPTED: Owners = {
  fields: ["feedback"],
  has: (flat, server) => flat[server + abi.IN_SERVER_FEEDBACK_EVERY] !== abi.ABSENT,
};

const OWN_CLOCK: Owners = {
  fields: ["clock"],
  has: (flat, server) => flat[server + abi.IN_SERVER_CLOCK] > abi.CLOCK_HOST,
};

/** A counter that only these servers have. */
function only(onlyOf: Owners, metric: Metric): Metric {
  return { ...metric, onlyOf };
}

const RESULT = "assembly/result.ts";
const FEEDBACK = "assembly/feedback.ts";
const CLOCKS = "assembly/clocks.ts";
const LOOP = "assembly/simulation.ts";
const CORES = "assembly/cores.ts";
const JOBS = "assembly/jobs.ts";
const HISTOGRAM = "assembly/histogram.ts";
const POLICIES = "assembly/policies/budget.ts";

export const HOST_METRICS: readonly Metric[] = [
  time("busy", abi.OUT_HOST_BUSY, "time in which some server had the CPU", RESULT),
  time("idle", abi.OUT_HOST_IDLE, "time in which no server had the CPU", RESULT),
  count("switches", abi.OUT_HOST_SWITCHES, "switches between servers", RESULT),
  time("overhead", abi.OUT_HOST_OVERHEAD, "switch costs added to jobs", CORES),
  time("end", abi.OUT_HOST_END, "effective horizon", RESULT),
];

export const SERVER_METRICS: readonly Metric[] = [
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
];

export const TASK_METRICS: readonly Metric[] = [
  count("released", abi.OUT_TASK_RELEASED, "jobs released, skipped ones included", JOBS),
  count("completed", abi.OUT_TASK_COMPLETED, "jobs completed", JOBS),
  count("missed", abi.OUT_TASK_MISSED, "jobs that missed their deadline", JOBS),
  count("skipped", abi.OUT_TASK_SKIPPED, "jobs dropped at their release", JOBS),
  time("response_min", abi.OUT_TASK_RESPONSE_MIN, "least response time", JOBS),
  time("response_max", abi.OUT_TASK_RESPONSE_MAX, "greatest response time", JOBS),
  {
    name: "response_sum",
    slot: abi.OUT_TASK_RESPONSE_SUM,
    highSlot: abi.OUT_TASK_RESPONSE_SUM_HIGH,
    kind: "time",
    description: "sum of the response times",
    counted: JOBS,
  },
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
  only(OWN_CLOCK, {
    ...time(
      "guest_response_sum",
      abi.OUT_TASK_GUEST_RESPONSE_SUM,
      "sum of the response times by the guest's clock; null where it is the host's",
      CLOCKS,
    ),
    highSlot: abi.OUT_TASK_GUEST_RESPONSE_SUM_HIGH,
  }),
];

/** The names of the counters that only some servers have. */
export const COUNTERS_OF_SOME: readonly string[] = [...SERVER_METRICS, ...TASK_METRICS]
  .filter(({ onlyOf }) => onlyOf !== undefined)
  .map(({ name }) => name);
