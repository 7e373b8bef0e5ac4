// The host schedulers of semantics.md section 6, a row of facts each. How one picks stands in assembly/hosts/NAME.ts.

import * as abi from "../../assembly/abi.js";

export interface HostFacts {
  /** Its number in assembly/abi.ts. */
  readonly id: number;
  readonly meaning: string;
  /** Where it comes from; its file in assembly/hosts says it in full. */
  readonly paper: string;
  /** Whether all its servers are of one policy, which then need not be said. */
  readonly impliesPolicy: boolean;
  /** The host fields that it must have, besides those of every host. */
  readonly required: readonly string[];
  /** Those that it may have. */
  readonly optional: readonly string[];
}

/** Every host scheduler, in the order of the ids. */
export const HOST_FACTS = {
  fp: {
    id: abi.HOST_FP,
    meaning: "fixed priorities",
    paper: "Lehoczky, Sha & Ding, RTSS 1989",
    impliesPolicy: false,
    required: [],
    optional: ["fair", "bandwidth"],
  },
  edf: {
    id: abi.HOST_EDF,
    meaning: "earliest server deadline first",
    paper: "Liu & Layland, JACM 20(1), 1973; Deng & Liu, RTSS 1997",
    impliesPolicy: false,
    required: [],
    optional: ["fair", "bandwidth"],
  },
  table: {
    id: abi.HOST_TABLE,
    meaning: "a table of windows that repeats",
    paper: "ARINC 653",
    impliesPolicy: true,
    required: ["frame", "windows"],
    optional: [],
  },
  sedf: {
    id: abi.HOST_SEDF,
    meaning: "slices by deadline, and extra time: Xen up to 4.5",
    paper: "Leslie et al., IEEE JSAC 14(7), 1996; Cherkasova, Gupta & Vahdat, SIGMETRICS PER 35(2), 2007",
    impliesPolicy: false,
    required: ["extra_quantum"],
    optional: [],
  },
  credit: {
    id: abi.HOST_CREDIT,
    meaning: "credits by weight, earned at every accounting: Xen 3 and 4",
    paper: "Cherkasova, Gupta & Vahdat, SIGMETRICS PER 35(2), 2007",
    impliesPolicy: false,
    required: ["slice", "tick"],
    optional: ["ratelimit", "credits", "accounting"],
  },
} as const satisfies Record<string, HostFacts>;

export type HostScheduler = keyof typeof HOST_FACTS;

/** The names, each at the index of its id. */
export const HOSTS = Object.keys(HOST_FACTS) as readonly HostScheduler[];

export const HOST_DEFAULT: HostScheduler = "fp";

export function hostFacts(scheduler: HostScheduler): HostFacts {
  return HOST_FACTS[scheduler];
}

/** The fields that only some hosts have: names of fields.ts, or what they begin with. */
export const OWN_HOST_FIELDS: readonly string[] = [
  ...new Set(HOSTS.map(hostFacts).flatMap(({ required, optional }) => [...required, ...optional])),
];

/** The hosts that have the field. */
export function hostsWith(field: string): HostScheduler[] {
  return HOSTS.filter((host) => [...hostFacts(host).required, ...hostFacts(host).optional].includes(field));
}
