// The server policies of semantics.md section 5, a row of facts each. What checks, completes, writes or analyses a server
// reads the row and names no policy. How a policy behaves stands in assembly/policies/NAME.ts.

import * as abi from "../../assembly/abi.js";
import type { GuestScheduler } from "./guests.js";
import type { HostScheduler } from "./hosts.js";

/** What the events of a trace mean of a server of some policy; what is left out does not happen. */
export interface EventMeanings {
  readonly replenish?: string;
  readonly deplete?: string;
  readonly discard?: string;
  /** The level as which it has the CPU: the smaller, the sooner it is picked. */
  readonly level?: string;
}

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
  /** What it pays with for the CPU. */
  readonly pays: "budget" | "credits" | "nothing";
  readonly events: EventMeanings;
}

/** Of a policy that is replenished with all of its budget. */
const FULL_EVENTS = {
  replenish: "a period begins: the budget is full, less what is owed",
  deplete: "the budget is found to be used up; what is below 0 is owed",
} as const;

const BUDGETED = { pays: "budget", isBudgeted: true, required: ["period", "budget"], least: { budget: 1 } } as const;

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
  events: FULL_EVENTS,
} as const;

const CONSTANT_BANDWIDTH_FIELDS = [...FEEDBACK, "clock", "latency.wake"] as const;
const CONSTANT_BANDWIDTH = {
  ...PERIODIC,
  optional: CONSTANT_BANDWIDTH_FIELDS,
  onlyGuestDeadline: false,
  events: {
    replenish: "budget and deadline are renewed: at a wake-up, or where throttling ends, less what is owed",
    deplete: "the budget is found to be used up: it is throttled; what is below 0 is owed",
  },
} as const;

/** Its deadlines follow the work of its jobs. */
const UTILIZATION = {
  pays: "budget",
  hosts: ["edf"],
  isBudgeted: false,
  repeats: false,
  hasDeadline: true,
  required: ["utilization"],
  optional: ["clock"],
  least: {},
  guest: "fifo",
  onlyGuestDeadline: false,
  events: {
    replenish: "a job gets as budget what it needs, and a deadline",
    deplete: "what the job was given is used up",
  },
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
    pays: "nothing",
    events: {},
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
    events: { ...FULL_EVENTS, discard: "without a job it loses what was left" },
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
    events: {
      replenish: "a refill has come to the head of the list; what wakes up may find more of them merged",
      deplete: "no refill is left whose time has come",
    },
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
    events: {
      replenish: "budget and deadline are renewed at a wake-up",
      deplete: "the budget is used up, and full again at once with a later deadline: a replenishment, too",
    },
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
    pays: "budget",
    events: {
      replenish: "a window begins",
      deplete: "the window is used up",
      discard: "the window ends; it did not have the CPU in all of it",
    },
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
    pays: "nothing",
    events: {},
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
    events: {
      replenish: "a refill: what an activation used, as far as it is not more than the full budget",
      deplete: "the budget is used up: the activation ends",
    },
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
    events: {
      replenish: "a period begins: the budget is full, the level 0",
      deplete: "the budget is used up; with extra time it is full again at once, one level lower",
      level: "how often the budget was filled as extra time in this period",
    },
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
    events: {
      replenish: "a slice for a new period: at a wake-up, or where it comes too late for the one that it had",
      deplete: "the slice is used up, and the next one, of a later period, is there at once: a replenishment, too",
      level: "of extra time: 0 to make up for a slice lost in a short block, 1 by its weight",
    },
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
    pays: "credits",
    events: {
      replenish: "accounting: what it has earned is added to its credits",
      deplete: "accounting finds it in debt, which it was not before",
      level: "0 in real time, 1 after a wake-up, 2 with credits, 3 in debt",
    },
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
