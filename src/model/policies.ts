// The server policies of semantics.md section 5, a row of facts each. What checks, completes, writes or analyses a server
// reads the row and names no policy. How a policy behaves stands in assembly/policies/NAME.ts.

import * as abi from "../../assembly/abi.js";
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
}

/** Replenished at fixed times; both its period and its budget may be drawn. */
const PERIODIC = {
  hosts: ["fp", "edf"],
  isBudgeted: true,
  repeats: true,
  hasDeadline: true,
  required: ["period", "budget"],
  optional: ["offset", "period_max", "budget_min"],
} as const;

const CONSTANT_BANDWIDTH = { ...PERIODIC, optional: [] } as const;

/** Every policy, in the order of the ids. */
export const POLICY_FACTS = {
  dedicated: {
    id: abi.POLICY_DEDICATED,
    meaning: "no budget: runs whenever it has a job",
    paper: "Liu & Layland, JACM 20(1), 1973",
    hosts: ["fp", "edf", "table"],
    isBudgeted: false,
    repeats: true,
    hasDeadline: false,
    required: [],
    optional: [],
  },
  idling: {
    ...PERIODIC,
    id: abi.POLICY_IDLING,
    meaning: "full at every period, used up with or without a job",
    paper: "Davis & Burns, RTSS 2005",
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
  },
  sporadic: {
    ...PERIODIC,
    id: abi.POLICY_SPORADIC,
    meaning: "each piece used returns one period after its own time",
    paper: "Sprunt, Sha & Lehoczky, RTSJ 1(1), 1989; Stanovich et al., RTAS 2010",
    optional: ["offset", "max_replenishments"],
  },
  cbs: {
    ...CONSTANT_BANDWIDTH,
    id: abi.POLICY_CBS,
    meaning: "constant bandwidth, throttled until its deadline",
    paper: "Abeni & Buttazzo, RTSS 1998",
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
    optional: [],
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

/** The fields that only servers of some policies have. */
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
