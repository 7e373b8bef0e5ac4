// The algorithms of the best-effort class (semantics.md section 10.3), a row of facts each. How one shares stands in
// assembly/classes/NAME.ts.

import * as abi from "../../assembly/abi.js";

export interface FairFacts {
  /** Its number in assembly/abi.ts. */
  readonly id: number;
  readonly meaning: string;
  /** Where it comes from; its file in assembly/classes says it in full. */
  readonly paper: string;
  /** The fields of the host's `fair` that it must have. */
  readonly required: readonly string[];
  /** Those that it may have. */
  readonly optional: readonly string[];
}

/** Every algorithm, in the order of the ids. */
export const FAIR_FACTS = {
  sfq: {
    id: abi.FAIR_SFQ,
    meaning: "start-time fair queueing, a quantum at a time",
    paper: "Goyal, Guo & Vin, OSDI 1996",
    required: ["quantum"],
    optional: [],
  },
  cfs: {
    id: abi.FAIR_CFS,
    meaning: "least virtual time first, slices by weight",
    paper: "Linux 2.6.23 to 6.5",
    required: ["latency", "min_granularity", "wakeup_granularity"],
    optional: ["sleeper_credit", "tick"],
  },
  eevdf: {
    id: abi.FAIR_EEVDF,
    meaning: "earliest eligible virtual deadline first",
    paper: "Stoica & Abdel-Wahab, TR 95-22, Old Dominion University, 1995; Linux 6.6",
    required: ["slice"],
    optional: ["tick"],
  },
} as const satisfies Record<string, FairFacts>;

export type FairAlgorithm = keyof typeof FAIR_FACTS;

/** The names, each at the index of its id. */
export const FAIR_ALGORITHMS = Object.keys(FAIR_FACTS) as readonly FairAlgorithm[];

export function fairFacts(algorithm: FairAlgorithm): FairFacts {
  return FAIR_FACTS[algorithm];
}
