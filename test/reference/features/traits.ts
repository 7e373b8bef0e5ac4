// What random systems may have beside version 1, and where each of it may be: semantics.md section 10.8.

import type { AnyHost, AnyPolicy } from "../types.js";

export type HostScheduler = NonNullable<AnyHost["scheduler"]>;

export const TRAITS = [
  "background-priority",
  "background-weight",
  "lend",
  "enforce",
  "enforce-cost",
  "deadline",
  "reclaim",
  "feedback",
  "deadline-guest",
  "clock-virtual",
  "clock-execution",
  "latency-wake",
  "latency-replenish",
  "extratime",
  "extraweight",
  "cap",
  "realtime",
  "laxity",
  "shift",
  "jobs",
  "think",
  "distributions",
] as const;

export type Trait = (typeof TRAITS)[number];

const PERIODIC: readonly AnyPolicy[] = ["idling", "polling", "deferrable"];
const EVERY_V1: readonly AnyPolicy[] = ["dedicated", ...PERIODIC, "sporadic", "cbs", "cbs-soft", "recorded"];

/** The policies that a host has. */
export const POLICIES_OF: Readonly<Record<HostScheduler, readonly AnyPolicy[]>> = {
  fp: [...EVERY_V1, "fair", "sporadic-posix"],
  edf: [...EVERY_V1, "fair", "rtds", "tbs", "cus"],
  table: ["dedicated"],
  sedf: ["sedf", "dedicated"],
  credit: ["credit"],
};

const BACKGROUND: readonly AnyPolicy[] = [...PERIODIC, "sporadic", "cbs", "sporadic-posix"];
const ENFORCED: readonly AnyPolicy[] = [...PERIODIC, "cbs"];

/** The policies that a trait may be added to; traits that are not here go with every one. */
const POLICIES_WITH: Partial<Record<Trait, readonly AnyPolicy[]>> = {
  "background-priority": BACKGROUND,
  "background-weight": BACKGROUND,
  lend: ["idling"],
  enforce: ENFORCED,
  "enforce-cost": ENFORCED,
  deadline: ["cbs"],
  reclaim: ["cbs"],
  feedback: ["cbs", "cbs-soft"],
  "deadline-guest": ["dedicated", ...PERIODIC, "sporadic"],
  "latency-wake": ["dedicated", "deferrable", "sporadic", "cbs", "cbs-soft", "fair"],
  "latency-replenish": ENFORCED,
  extratime: ["rtds", "sedf"],
  extraweight: ["sedf"],
  cap: ["credit"],
  realtime: ["credit"],
  laxity: ["credit"],
};

/** Whether a server of this policy under this host may have the trait at all. */
export function isAllowed(trait: Trait, policy: AnyPolicy, host: HostScheduler): boolean {
  if (POLICIES_WITH[trait]?.includes(policy) === false) return false;
  if (trait === "deadline-guest") return host === "edf";
  if (trait === "clock-execution") return host === "table" || policy === "idling" || policy === "recorded";
  if (trait === "latency-wake") return host === "fp" || host === "edf";
  return true;
}

/** Which of two traits that exclude each other a server keeps: the first of each pair. */
const EXCLUSIVE: readonly (readonly [Trait, readonly Trait[]])[] = [
  ["background-priority", ["background-weight"]],
  ["clock-virtual", ["clock-execution"]],
  ["realtime", ["laxity"]],
  ["reclaim", ["feedback"]],
];

const NEED_HOST_CLOCK: readonly Trait[] = [
  "deadline-guest",
  "feedback",
  "latency-wake",
  "latency-replenish",
  "shift",
  "jobs",
  "think",
];

/** The wanted traits without those that do not go together. */
export function compatible(wanted: ReadonlySet<Trait>): Set<Trait> {
  const traits = new Set(wanted);
  for (const [kept, others] of EXCLUSIVE) if (traits.has(kept)) for (const other of others) traits.delete(other);
  const hasClock = traits.has("clock-virtual") || traits.has("clock-execution");
  if (hasClock) for (const trait of NEED_HOST_CLOCK) traits.delete(trait);
  if (!traits.has("extratime")) traits.delete("extraweight");
  if (!traits.has("enforce") && !traits.has("reclaim")) traits.delete("enforce-cost");
  return traits;
}
