// How times between two bounds are drawn (semantics.md section 13): one row a distribution.

/** The fields that a distribution has beside its name. */
export interface Distribution {
  readonly required: readonly string[];
  readonly optional: readonly string[];
}

const ROWS = {
  uniform: { required: [], optional: [] },
  constant: { required: [], optional: ["mean"] },
  "truncated-normal": { required: ["mean", "deviation"], optional: [] },
  exponential: { required: ["mean"], optional: [] },
  weibull: { required: ["shape", "scale"], optional: [] },
  bimodal: { required: ["share"], optional: ["short", "long"] },
} as const satisfies Readonly<Record<string, Distribution>>;

export type DistributionName = keyof typeof ROWS;

/** In the order of their ids in assembly/abi.ts. */
export const DISTRIBUTIONS = Object.keys(ROWS) as readonly DistributionName[];

const OF_SPORADIC = {
  uniform: { required: [], optional: [] },
  exponential: { required: ["mean"], optional: [] },
} as const satisfies Readonly<Record<string, Distribution>>;

/** Of the times between arrivals, likewise. */
export const SPORADIC_DISTRIBUTIONS = Object.keys(OF_SPORADIC) as readonly (keyof typeof OF_SPORADIC)[];

export function sporadicFacts(name: keyof typeof OF_SPORADIC): Distribution {
  return OF_SPORADIC[name];
}

export function distributionFacts(name: DistributionName): Distribution {
  return ROWS[name];
}
