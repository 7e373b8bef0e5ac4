// The server policies of semantics.md section 5, a row of facts each. What checks, completes, writes or analyses a server
// reads the row and names no policy. How a policy behaves stands in assembly/policies/NAME.ts.

import * as abi from "../../assembly/abi.js";
import type { GuestScheduler } from "./guests.js";
import type { HostScheduler } from "./hosts.js";

export interface PolicyFacts {
  /** Its number in assembly/abi.ts. */
  readonly id: number;
  /** What becomes of its budget. */
  readonly meaning: string;
  /** Where it comes from; its file in assembly/policies says it in full. */
  readonly paper: string;
  /** The hosts whose servers may have it. */
  readonly hosts: readonly HostScheduler[];
  /** Whether it has a period and a budget. */
  readonly isBudgeted: boolean;
  /** Whether a run in which nothing is drawn repeats with the periods. */
  readonly repeats: boolean;
  /** Whether host `edf` knows a deadline of it. */
  readonly hasDeadline: boolean;
  /** The server fields that it must have, besides those of every server: names of fields.ts, or what they begin with. */
  readonly required: readonly string[];
  /** Those that it may have. */
  readonly optional: readonly string[];
  /** The least values of numbers that some other policy allows to be less. */
  readonly least: Readonly<Record<string, number>>;
  /** The guest scheduler that it must have, written out. */
  readonly guest?: GuestScheduler;
  /** Whether it has no other deadline than a guest's. */
  readonly onlyGuestDeadline: boolean;
}

const BUDGETED = { isBudgeted: true, required: ["period", "budget"], least: { budget: 1 } } as const;

const ENFORCED = ["enforce_every", "enforce_phase", "overrun", "enforce_cost"] as const;
const FEEDBACK = ["feedback.every", "feedback.gain", "feedback.lowest", "feedback.highest"] as const;
const BACKGROUND = ["background.priority", "background.weight"] as const;

/** Replenished at fixed times; both its period and its budget may be drawn. */
const PERIODIC_FIELDS = [
  ...["offset", "period_max", "budget_min", "deadline", "clock", "latency.replenish"],
  ...BACKGROUND,
  ...ENFORCED,
] as const;
const PERIODIC = {
  ...BUDGETED,
  hosts: ["fp", "edf"],
  repeats: true,
  hasDeadline: true,
  optional: PERIODIC_FIELDS,
  onlyGuestDeadline: true,
} as const;

const CONSTANT_BANDWIDTH_FIELDS = [...FEEDBACK, "clock", "latency.wake"] as const;
const CONSTANT_BANDWIDTH = {
  ...PERIODIC,
  optional: CONSTANT_BANDWIDTH_FIELDS,
  onlyGuestDeadline: false,
} as const;

/** Its deadlines follow the work of its jobs. */
const UTILIZATION = {
  hosts: ["edf"],
  isBudgeted: false,
  repeats: false,
  hasDeadline: true,
  required: ["utilization"],
  optional: ["clock"],
  least: {},
  guest: "fifo",
  onlyGuestDeadline: false,
} as const;

/** Every policy, in the order of the ids. */
export const POLICY_FACTS = {
  dedicated: {
    id: abi.POLICY_DEDICATED,
    meaning: "no budget: runs whenever it has a job",
    paper: "Liu & Layland, JACM 20(1), 1973",
    hosts: ["fp", "edf", "table", "sedf"],
    isBudgeted: false,
    repeats: true,
    hasDeadline: false,
    required: [],
    optional: ["deadline", "clock", "latency.wake"],
    least: {},
    onlyGuestDeadline: true,
  },
  idling: {
    ...PERIODIC,
    id: abi.POLICY_IDLING,
    meaning: "full at every period, used up with or without a job",
    paper: "Davis & Burns, RTSS 2005",
    optional: [...PERIODIC_FIELDS, "lend"],
  },
  polling: {
    ...PERIODIC,
    id: abi.POLICY_POLLING,
    meaning: "full at every period, lost without a job",
    paper: "Lehoczky, Sha & Strosnider, RTSS 1987",
  },
  deferrable: {
    ...PERIODIC,
    id: abi.POLICY_DEFERRABLE,
    meaning: "full at every period, kept until the next",
    paper: "Strosnider, Lehoczky & Sha, IEEE TC 44(1), 1995",
    optional: [...PERIODIC_FIELDS, "latency.wake"],
  },
  sporadic: {
    ...PERIODIC,
    id: abi.POLICY_SPORADIC,
    meaning: "each piece used returns one period after its own time",
    paper: "Sprunt, Sha & Lehoczky, RTSJ 1(1), 1989; Stanovich et al., RTAS 2010",
    optional: ["offset", "max_replenishments", ...BACKGROUND, "deadline", "clock", "latency.wake"],
    least: { budget: 1, max_replenishments: 2 },
  },
  cbs: {
    ...CONSTANT_BANDWIDTH,
    id: abi.POLICY_CBS,
    meaning: "constant bandwidth, throttled until its deadline",
    paper: "Abeni & Buttazzo, RTSS 1998",
    optional: [
      ...CONSTANT_BANDWIDTH_FIELDS,
      ...BACKGROUND,
      ...ENFORCED,
      ...(["deadline", "reclaim", "latency.replenish"] as const),
    ],
  },
  "cbs-soft": {
    ...CONSTANT_BANDWIDTH,
    id: abi.POLICY_CBS_SOFT,
    meaning: "constant bandwidth, the deadline moves instead",
    paper: "Abeni & Buttazzo, RTSS 1998",
  },
  recorded: {
    id: abi.POLICY_RECORDED,
    meaning: "recorded windows, replayed exactly",
    paper: "recordings, `replenish fit`",
    hosts: ["fp", "edf"],
    isBudgeted: false,
    repeats: false,
    hasDeadline: true,
    required: ["windows"],
    optional: ["clock"],
    least: {},
    onlyGuestDeadline: false,
  },
  fair: {
    id: abi.POLICY_FAIR,
    meaning: "no budget: shares what is left by its weight",
    paper: "Goyal, Guo & Vin, OSDI 1996",
    hosts: ["fp", "edf"],
    isBudgeted: false,
    repeats: false,
    hasDeadline: false,
    required: [],
    optional: ["weight", "clock", "latency.wake"],
    least: {},
    onlyGuestDeadline: false,
  },
  "sporadic-posix": {
    ...BUDGETED,
    id: abi.POLICY_SPORADIC_POSIX,
    meaning: "what an activation used returns one period after it began",
    paper: "IEEE 1003.1, SCHED_SPORADIC; Stanovich et al., RTAS 2010",
    hosts: ["fp"],
    repeats: true,
    hasDeadline: false,
    optional: ["max_replenishments", ...BACKGROUND, "clock"],
    onlyGuestDeadline: false,
  },
  rtds: {
    ...BUDGETED,
    id: abi.POLICY_RTDS,
    meaning: "full at the multiples of its period; with extra time it goes on, one level lower",
    paper: "Xi et al., EMSOFT 2014",
    hosts: ["edf"],
    repeats: true,
    hasDeadline: true,
    optional: ["extratime", "clock"],
    onlyGuestDeadline: false,
  },
  tbs: {
    ...UTILIZATION,
    id: abi.POLICY_TBS,
    meaning: "each job has the deadline at which its utilization would finish it",
    paper: "Spuri & Buttazzo, RTSJ 10(2), 1996",
  },
  cus: {
    ...UTILIZATION,
    id: abi.POLICY_CUS,
    meaning: "the same, and the next job waits for the deadline of the one before",
    paper: "Deng, Liu & Sun, Euromicro RTS 1997",
  },
  sedf: {
    ...BUDGETED,
    id: abi.POLICY_SEDF,
    meaning: "a slice in every period, and extra time",
    paper: "Leslie et al., IEEE JSAC 14(7), 1996; Cherkasova, Gupta & Vahdat, SIGMETRICS PER 35(2), 2007",
    hosts: ["sedf"],
    repeats: false,
    hasDeadline: true,
    optional: ["extratime", "extraweight", "clock"],
    least: {},
    onlyGuestDeadline: false,
  },
  credit: {
    id: abi.POLICY_CREDIT,
    meaning: "pays with credits, which it earns by its weight",
    paper: "Cherkasova, Gupta & Vahdat, SIGMETRICS PER 35(2), 2007",
    hosts: ["credit"],
    isBudgeted: false,
    repeats: false,
    hasDeadline: false,
    required: [],
    optional: ["weight", "cap", "realtime", "laxity", "clock"],
    least: {},
    onlyGuestDeadline: false,
  },
} as const satisfies Record<string, PolicyFacts>;

export type Policy = keyof typeof POLICY_FACTS;

/** The names, each at the index of its id. */
export const POLICIES = Object.keys(POLICY_FACTS) as readonly Policy[];

export function factsOf(policy: Policy): PolicyFacts {
  return POLICY_FACTS[policy];
}

/** The policies that a server may have under the host. */
export function policiesUnder(host: HostScheduler): Policy[] {
  return POLICIES.filter((policy) => factsOf(policy).hosts.includes(host));
}

/** The fields that only servers of some policies have: names of fields.ts, or what they begin with. */
export const POLICY_FIELDS: readonly string[] = [
  ...new Set(POLICIES.map(factsOf).flatMap(({ required, optional }) => [...required, ...optional])),
];

/** Whether a server of this policy may have the field, or one that begins with it. */
export function takes(policy: Policy, field: string): boolean {
  const { required, optional } = factsOf(policy);
  return required.includes(field) || optional.includes(field);
}

/** The policies whose servers may have the field. */
export function policiesWith(field: string): Policy[] {
  return POLICIES.filter((policy) => takes(policy, field));
}
