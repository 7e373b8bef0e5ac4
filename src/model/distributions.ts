// How times between two bounds are drawn (semantics.md section 13): one row a distribution.

/** The fields of `execution` that a distribution has. */
interface Distribution {
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

export function distributionFacts(name: DistributionName): Distribution {
  return ROWS[name];
}
