// The guest schedulers of semantics.md section 6, a row of facts each. How one picks stands in assembly/guests/NAME.ts.

import * as abi from "../../assembly/abi.js";

export interface GuestFacts {
  /** Its number in assembly/abi.ts. */
  readonly id: number;
  readonly meaning: string;
  /** Where it comes from; its file in assembly/guests says it in full. */
  readonly paper: string;
  /** Whether its tasks have priorities. */
  readonly hasPriorities: boolean;
}

/** Every guest scheduler, in the order of the ids. */
export const GUEST_FACTS = {
  fp: {
    id: abi.GUEST_FP,
    meaning: "fixed priorities",
    paper: "Liu & Layland, JACM 20(1), 1973; Leung & Whitehead, Performance Evaluation 2(4), 1982",
    hasPriorities: true,
  },
  edf: {
    id: abi.GUEST_EDF,
    meaning: "earliest deadline first",
    paper: "Liu & Layland, JACM 20(1), 1973",
    hasPriorities: false,
  },
  fifo: { id: abi.GUEST_FIFO, meaning: "first come, first served", paper: "no paper to cite", hasPriorities: false },
} as const satisfies Record<string, GuestFacts>;

export type GuestScheduler = keyof typeof GUEST_FACTS;

/** The names, each at the index of its id. */
export const GUESTS = Object.keys(GUEST_FACTS) as readonly GuestScheduler[];

export const GUEST_DEFAULT: GuestScheduler = "fp";

export function guestFacts(scheduler: GuestScheduler): GuestFacts {
  return GUEST_FACTS[scheduler];
}
