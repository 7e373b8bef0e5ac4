// Random small systems for each feature of semantics.md section 10, and for mixtures of them: so that two simulators
// can be compared on thousands of systems a feature. All come from a seed, by fast-check, and shrink field by field.

import fc from "fast-check";
import { optional, optionalNat, seed, withoutMissing } from "../arbitraries.js";
import type { ScenarioOptions, Stop } from "../scenarios.js";
import type { AnyPolicy, AnyScenario, AnyServer } from "../types.js";
import { type Algorithm, type AnyRawHost, anyRawHost, buildAnyHost } from "./hosts.js";
import { type AnyRawServer, anyRawServer, buildAnyServer, traitsOf, WISH_MAX } from "./servers.js";
import { type HostScheduler, POLICIES_OF, TRAITS, type Trait } from "./traits.js";

/** What may occur in the systems of a feature; what is left out does not. */
export interface Feature {
  readonly name: string;
  readonly hosts: readonly HostScheduler[];
  /** Of the first server; those of its policies that the host does not have are passed over. */
  readonly policies: readonly AnyPolicy[];
  /** Of the others; default: `dedicated`, `deferrable` and `policies`. */
  readonly others?: readonly AnyPolicy[];
  readonly traits?: readonly Trait[];
  /** Traits are there at times only, so that many kinds of them meet; otherwise mostly. */
  readonly isMixed?: boolean;
  readonly algorithms?: readonly Algorithm[];
  readonly hasInterrupts?: boolean;
}

const CLASSES = ["fp", "edf"] as const;
const PERIODIC = ["idling", "polling", "deferrable"] as const;
const WITH_BACKGROUND = [...PERIODIC, "sporadic", "cbs", "sporadic-posix"] as const;
const ALL_ALGORITHMS = ["sfq", "cfs", "eevdf"] as const;
const ALL_POLICIES = [...new Set([...POLICIES_OF.fp, ...POLICIES_OF.edf])];

/** Each feature by itself, and mixtures. */
export const FEATURES: readonly Feature[] = [
  { name: "background priority", hosts: CLASSES, policies: WITH_BACKGROUND, traits: ["background-priority"] },
  {
    name: "background weight",
    hosts: CLASSES,
    policies: WITH_BACKGROUND,
    traits: ["background-weight"],
    algorithms: ALL_ALGORITHMS,
  },
  {
    name: "lend",
    hosts: CLASSES,
    policies: ["idling"],
    others: ["fair", "deferrable", "cbs", "idling", "dedicated"],
    traits: ["lend", "background-priority", "background-weight"],
    algorithms: ALL_ALGORITHMS,
  },
  ...ALL_ALGORITHMS.map(
    (algorithm): Feature => ({
      name: algorithm,
      hosts: CLASSES,
      policies: ["fair"],
      others: ["fair", "fair", "deferrable", "dedicated"],
      traits: ["background-weight"],
      algorithms: [algorithm],
    }),
  ),
  ...[...PERIODIC, "cbs" as const].map(
    (policy): Feature => ({
      name: `enforced ${policy}`,
      hosts: CLASSES,
      policies: [policy],
      traits: ["enforce", "enforce-cost"],
    }),
  ),
  { name: "cbs with a deadline", hosts: CLASSES, policies: ["cbs"], traits: ["deadline"] },
  { name: "cbs in full", hosts: CLASSES, policies: ["cbs"], traits: ["deadline", "enforce"] },
  { name: "reclaim", hosts: CLASSES, policies: ["cbs"], others: ["cbs", "cbs", "dedicated"], traits: ["reclaim"] },
  {
    name: "reclaim, enforced, with a deadline",
    hosts: CLASSES,
    policies: ["cbs"],
    others: ["cbs", "cbs", "dedicated"],
    traits: ["reclaim", "enforce", "deadline", "enforce-cost"],
  },
  { name: "feedback", hosts: CLASSES, policies: ["cbs", "cbs-soft"], traits: ["feedback", "deadline"] },
  {
    name: "deadline of the guest",
    hosts: ["edf"],
    policies: ["dedicated", ...PERIODIC, "sporadic"],
    traits: ["deadline-guest"],
  },
  { name: "sporadic-posix", hosts: ["fp"], policies: ["sporadic-posix"], traits: ["background-priority"] },
  { name: "rtds", hosts: ["edf"], policies: ["rtds"] },
  { name: "rtds with extra time", hosts: ["edf"], policies: ["rtds"], traits: ["extratime"] },
  { name: "tbs", hosts: ["edf"], policies: ["tbs"] },
  { name: "cus", hosts: ["edf"], policies: ["cus"] },
  { name: "recorded", hosts: CLASSES, policies: ["recorded"] },
  {
    name: "clock virtual",
    hosts: ["fp", "edf", "table", "sedf", "credit"],
    policies: [...ALL_POLICIES, "sedf", "credit"],
    traits: ["clock-virtual"],
    algorithms: ALL_ALGORITHMS,
  },
  {
    name: "clock execution",
    hosts: ["fp", "edf", "table"],
    policies: ["idling", "recorded", "dedicated"],
    traits: ["clock-execution", "clock-virtual"],
  },
  { name: "shift", hosts: CLASSES, policies: ["dedicated", "deferrable", "cbs"], traits: ["shift"] },
  { name: "jobs", hosts: CLASSES, policies: ["dedicated", "polling", "cbs"], traits: ["jobs"] },
  {
    name: "execution times",
    hosts: CLASSES,
    policies: ["dedicated", "deferrable", "cbs", "tbs"],
    traits: ["distributions", "jobs", "think"],
  },
  { name: "think", hosts: CLASSES, policies: ["dedicated", "deferrable", "sporadic"], traits: ["think"] },
  {
    name: "costs of interrupts",
    hosts: ["fp", "edf", "table", "sedf", "credit"],
    policies: [...ALL_POLICIES, "sedf", "credit"],
    algorithms: ALL_ALGORITHMS,
    hasInterrupts: true,
  },
  {
    name: "costs of enforcement",
    hosts: CLASSES,
    policies: [...PERIODIC, "cbs"],
    others: ["dedicated", ...PERIODIC, "cbs", "sporadic-posix"],
    traits: ["enforce", "enforce-cost", "lend", "background-priority"],
    hasInterrupts: true,
  },
  {
    name: "latency of wake-ups",
    hosts: CLASSES,
    policies: ["dedicated", "deferrable", "sporadic", "cbs", "cbs-soft", "fair"],
    traits: ["latency-wake"],
    algorithms: ALL_ALGORITHMS,
  },
  {
    name: "latency of replenishments",
    hosts: CLASSES,
    policies: [...PERIODIC, "cbs"],
    traits: ["latency-replenish", "enforce", "deadline"],
  },
  { name: "sedf", hosts: ["sedf"], policies: ["sedf"], others: ["sedf"] },
  { name: "sedf below dedicated servers", hosts: ["sedf"], policies: ["sedf"], others: ["sedf", "dedicated"] },
  {
    name: "sedf with extra time",
    hosts: ["sedf"],
    policies: ["sedf"],
    others: ["sedf", "sedf", "dedicated"],
    traits: ["extratime"],
  },
  {
    name: "sedf with extra time by weight",
    hosts: ["sedf"],
    policies: ["sedf"],
    others: ["sedf", "sedf", "dedicated"],
    traits: ["extratime", "extraweight"],
  },
  { name: "credit", hosts: ["credit"], policies: ["credit"] },
  { name: "credit with caps", hosts: ["credit"], policies: ["credit"], traits: ["cap"] },
  { name: "credit, realtime", hosts: ["credit"], policies: ["credit"], traits: ["realtime"] },
  { name: "credit with laxity", hosts: ["credit"], policies: ["credit"], traits: ["laxity"] },
  {
    name: "any host, mixed",
    hosts: ["fp", "edf", "table", "sedf", "credit"],
    policies: [...ALL_POLICIES, "sedf", "credit"],
    others: [...ALL_POLICIES, "sedf", "credit"],
    traits: TRAITS,
    isMixed: true,
    algorithms: ALL_ALGORITHMS,
    hasInterrupts: true,
  },
  {
    name: "classes, mixed",
    hosts: CLASSES,
    policies: ALL_POLICIES,
    others: ALL_POLICIES,
    traits: TRAITS,
    isMixed: true,
    algorithms: ALL_ALGORITHMS,
    hasInterrupts: true,
  },
  {
    name: "cbs with feedback and all that goes with it",
    hosts: CLASSES,
    policies: ["cbs"],
    others: ["cbs", "fair", "idling"],
    traits: ["feedback", "enforce", "deadline", "background-weight", "latency-wake", "latency-replenish", "jobs"],
    algorithms: ALL_ALGORITHMS,
    hasInterrupts: true,
  },
  {
    name: "reclaiming cbs with all that goes with it",
    hosts: CLASSES,
    policies: ["cbs"],
    others: ["cbs", "fair", "idling"],
    traits: ["reclaim", "enforce", "deadline", "background-weight", "latency-wake", "latency-replenish", "think"],
    algorithms: ALL_ALGORITHMS,
    hasInterrupts: true,
  },
];

/** The valid scenarios of a feature: 1 to 4 servers with 0 to 4 tasks each, a few hundred ticks at most. */
export function featureArbitrary(feature: Feature, options: ScenarioOptions = {}): fc.Arbitrary<AnyScenario> {
  return fc
    .record({
      horizon: fc.integer({ min: 1, max: options.horizonMax ?? 250 }),
      seed: optional(seed),
      replicate: optionalNat(3),
      stop: fc.constantFrom<(Stop | undefined)[]>(undefined, undefined, "horizon", "first-miss"),
      isHeavy: fc.boolean(),
      host: anyRawHost(options),
      servers: fc.array(anyRawServer(options), { minLength: 1, maxLength: 4 }),
    })
    .map((raw) => {
      const { horizon, replicate, stop, isHeavy, host, servers } = raw;
      return withoutMissing({ horizon, seed: raw.seed, replicate, stop, ...build(feature, isHeavy, host, servers) });
    });
}

function build(
  feature: Feature,
  heavy: boolean,
  rawHost: AnyRawHost,
  raw: readonly AnyRawServer[],
): Pick<AnyScenario, "host" | "servers"> {
  const host = feature.hosts[rawHost.scheduler % feature.hosts.length]!;
  const policies = raw.map(({ more }, number) => choosePolicy(feature, host, number, more.policy));
  const least = feature.isMixed ? WISH_MAX : 1;
  const traits = raw.map((server, i) => traitsOf(server, policies[i]!, host, feature.traits ?? [], least));
  if (feature.algorithms === undefined) for (const each of traits) each.delete("background-weight");
  const reclaims = traits.some((each) => each.has("reclaim"));
  if (reclaims) for (const [i, each] of traits.entries()) if (policies[i] === "cbs") each.delete("feedback");
  const constant = policies.filter((policy) => policy === "cbs").length;
  const tasks = raw.reduce((count, server) => count + server.tasks.length, 0);
  const surroundings = {
    host,
    load: { heavy, tasks, servers: raw.length },
    bandwidth: reclaims ? 8 / constant : null,
  };
  const servers = raw.map((server, i) => buildAnyServer(server, i, policies[i]!, traits[i]!, surroundings));
  const needs = {
    scheduler: host,
    servers: servers.length,
    algorithms: feature.algorithms ?? [],
    hasMembers: servers.some(isMember),
    hasReclaiming: reclaims,
    hasInterrupts: feature.hasInterrupts ?? false,
  };
  return { host: buildAnyHost(rawHost, needs), servers };
}

function choosePolicy(feature: Feature, host: HostScheduler, number: number, raw: number): AnyPolicy {
  const others = feature.others ?? ["dedicated", "deferrable", ...feature.policies];
  const wanted = (number === 0 ? feature.policies : others).filter((policy) => {
    const needsClass = policy === "fair" && feature.algorithms === undefined;
    return POLICIES_OF[host].includes(policy) && !needsClass;
  });
  return wanted[raw % wanted.length] ?? POLICIES_OF[host][0]!;
}

function isMember(server: AnyServer): boolean {
  return server.policy === "fair" || (server.background !== undefined && "weight" in server.background);
}
