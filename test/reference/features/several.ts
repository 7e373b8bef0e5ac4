// Random small systems with several CPUs, VCPUs, trees, parts and chains, for each of these and mixed; and chains in
// the systems of features.ts.

import fc from "fast-check";
import { optional, optionalNat, seed, withoutMissing } from "../arbitraries.js";
import type { Stop } from "../scenarios.js";
import type { AnyHost, AnyPolicy, AnyScenario, AnyServer, AnyWindow, Assignment } from "../types.js";
import { FEATURES, featureArbitrary } from "./features.js";
import { type Link, rawLinks, withLinks } from "./links.js";
import { buildTop, type RawTop, rawTop, type Shape } from "./vms.js";

/** What may occur in the systems of a feature; what is left out does not. */
export interface FeatureOfSeveral {
  readonly name: string;
  readonly hosts: readonly ("fp" | "edf" | "table")[];
  readonly shapes: readonly Shape[];
  readonly assignments?: readonly Assignment[];
  readonly policies?: readonly AnyPolicy[];
  readonly hasParts?: boolean;
  readonly isEnforced?: boolean;
  /** Default: up to 4. */
  readonly cpusMax?: number;
  readonly links?: readonly Link[];
}

const V1 = ["dedicated", "idling", "polling", "deferrable", "sporadic", "cbs", "cbs-soft"] as const;
const CLASSES = ["fp", "edf"] as const;
const ANY = ["fp", "edf", "table"] as const;
const GLOBAL = ["global-blind", "global-aware"] as const;
const ALL_LINKS = ["after", "defer", "boost"] as const;

export const FEATURES_OF_SEVERAL: readonly FeatureOfSeveral[] = [
  { name: "several CPUs", hosts: CLASSES, shapes: ["plain"] },
  { name: "table of several CPUs", hosts: ["table"], shapes: ["plain", "vm"], assignments: [...GLOBAL, "partitioned"] },
  { name: "partitioned VMs", hosts: CLASSES, shapes: ["vm", "vm", "plain"], assignments: ["partitioned"] },
  { name: "parts", hosts: CLASSES, shapes: ["vm"], assignments: ["partitioned"], hasParts: true },
  { name: "blind VMs", hosts: CLASSES, shapes: ["vm", "vm", "plain"], assignments: ["global-blind"] },
  { name: "aware VMs", hosts: CLASSES, shapes: ["vm", "vm", "plain"], assignments: ["global-aware"] },
  { name: "VMs on one CPU", hosts: ANY, shapes: ["vm"], assignments: [...GLOBAL, "partitioned"], cpusMax: 1 },
  { name: "trees", hosts: ANY, shapes: ["tree", "tree", "plain"], cpusMax: 1 },
  { name: "trees on several CPUs", hosts: ANY, shapes: ["tree", "plain"] },
  { name: "chains", hosts: CLASSES, shapes: ["plain"], cpusMax: 1, links: ["after"] },
  {
    name: "deferred interrupts",
    hosts: CLASSES,
    shapes: ["plain"],
    policies: ["dedicated", ...V1],
    links: ["defer", "after"],
  },
  {
    name: "boosted handlers",
    hosts: ["fp"],
    shapes: ["plain", "tree", "vm"],
    assignments: ["partitioned", "global-blind"],
    links: ["boost"],
  },
  {
    name: "rtds on several CPUs",
    hosts: ["edf"],
    shapes: ["plain", "vm"],
    assignments: ["partitioned"],
    policies: ["rtds"],
  },
  {
    name: "enforcement on several CPUs",
    hosts: CLASSES,
    shapes: ["plain", "vm"],
    assignments: ["partitioned", "global-blind"],
    policies: ["idling", "polling", "deferrable", "cbs"],
    isEnforced: true,
  },
  {
    name: "enforcement in trees",
    hosts: CLASSES,
    shapes: ["tree", "tree", "plain"],
    policies: ["idling", "polling", "deferrable", "cbs"],
    isEnforced: true,
  },
  {
    name: "several, mixed",
    hosts: ANY,
    shapes: ["plain", "vm", "tree"],
    assignments: [...GLOBAL, "partitioned"],
    hasParts: true,
    links: ALL_LINKS,
  },
];

interface RawSeveral {
  readonly host: number;
  readonly cpus: number;
  readonly saysCpus: boolean;
  readonly clusters: readonly number[];
  readonly saysAffinity: boolean;
  readonly costs: Pick<AnyHost, "host_switch" | "guest_switch" | "host_migration" | "guest_migration">;
  readonly windows: readonly {
    readonly cpu: number;
    readonly gap: number;
    readonly duration: number;
    readonly who: number;
  }[];
  readonly lastGap: number;
  readonly isHeavy: boolean;
  readonly servers: readonly RawTop[];
}

const CPUS_MAX = 4;
const cost = optionalNat(2);

const rawSeveral: fc.Arbitrary<RawSeveral> = fc.record({
  host: fc.nat({ max: 5 }),
  cpus: fc.integer({ min: 1, max: CPUS_MAX }),
  saysCpus: fc.boolean(),
  clusters: fc.array(fc.nat({ max: 2 }), { minLength: CPUS_MAX, maxLength: CPUS_MAX }),
  saysAffinity: fc.boolean(),
  costs: fc
    .record({ host_switch: cost, guest_switch: cost, host_migration: cost, guest_migration: cost })
    .map(withoutMissing),
  windows: fc.array(
    fc.record({
      cpu: fc.nat({ max: CPUS_MAX - 1 }),
      gap: fc.nat({ max: 4 }),
      duration: fc.integer({ min: 1, max: 8 }),
      who: fc.nat({ max: 20 }),
    }),
    { minLength: 1, maxLength: 10 },
  ),
  lastGap: fc.nat({ max: 4 }),
  isHeavy: fc.boolean(),
  servers: fc.array(rawTop, { minLength: 1, maxLength: 4 }),
});

/** The valid scenarios of a feature: 1 to 4 topmost servers on 1 to 4 CPUs, a few hundred ticks at most. */
export function severalArbitrary(feature: FeatureOfSeveral, horizonMax = 200): fc.Arbitrary<AnyScenario> {
  return fc
    .record({
      horizon: fc.integer({ min: 1, max: horizonMax }),
      seed: optional(seed),
      replicate: optionalNat(3),
      stop: fc.constantFrom<(Stop | undefined)[]>(undefined, undefined, "horizon", "first-miss"),
      raw: rawSeveral,
      links: rawLinks,
    })
    .map(({ raw, links, ...run }) => {
      const scenario = withoutMissing({ ...run, ...build(feature, raw) });
      return withLinks(scenario, links, feature.links ?? []);
    });
}

/** The systems of features.ts, with chains, deferred interrupts and boosted handlers in them. */
export function linkedArbitrary(horizonMax = 200): fc.Arbitrary<AnyScenario> {
  const unlinked = fc.oneof(...FEATURES.map((feature) => featureArbitrary(feature, { horizonMax })));
  return fc.tuple(unlinked, rawLinks).map(([scenario, links]) => withLinks(scenario, links, ALL_LINKS));
}

function build(feature: FeatureOfSeveral, raw: RawSeveral): Pick<AnyScenario, "host" | "servers"> {
  const scheduler = feature.hosts[raw.host % feature.hosts.length]!;
  const cpus = Math.min(raw.cpus, feature.cpusMax ?? CPUS_MAX);
  const tasks = raw.servers.reduce((count, { nodes }) => count + nodes[0]!.tasks.length, 0);
  const bounds = {
    shapes: feature.shapes,
    assignments: feature.assignments ?? [],
    policies: feature.policies ?? V1,
    hasParts: feature.hasParts ?? false,
    isEnforced: feature.isEnforced ?? false,
    load: { heavy: raw.isHeavy, tasks, servers: raw.servers.length },
    isTable: scheduler === "table",
    clusters: scheduler === "table" ? [] : clustersOf(raw, cpus),
  };
  const servers = raw.servers.map((top, i) => buildTop(top, i, bounds));
  const host = withoutMissing({
    scheduler,
    cpus: cpus > 1 || raw.saysCpus ? cpus : undefined,
    ...raw.costs,
    ...(scheduler === "table" && buildTable(raw, cpus, servers)),
  });
  return { host, servers };
}

/** The CPUs, grouped; a single group need not be said. */
function clustersOf({ clusters, saysAffinity }: RawSeveral, cpus: number): number[][] {
  const all = Array.from({ length: cpus }, (_, cpu) => cpu);
  const groups = [0, 1, 2].map((group) => all.filter((cpu) => clusters[cpu] === group)).filter(({ length }) => length);
  return groups.length > 1 || saysAffinity ? groups : [];
}

/** Windows one after another on each CPU; those are left out that would give a VCPU two CPUs at once. */
function buildTable(raw: RawSeveral, cpus: number, servers: readonly AnyServer[]): Pick<AnyHost, "frame" | "windows"> {
  const vcpus = servers.flatMap(({ name, vcpus }) =>
    (vcpus ?? [undefined]).map((vcpu) => withoutMissing({ server: name, vcpu: vcpu?.name })),
  );
  const ends = Array.from({ length: cpus }, () => 0);
  const windows: AnyWindow[] = [];
  for (const { cpu: rawCpu, gap, duration, who } of raw.windows) {
    const cpu = rawCpu % cpus;
    const { server, vcpu } = vcpus[who % vcpus.length]!;
    const start = ends[cpu]! + gap;
    ends[cpu] = start + duration;
    const meets = windows.some(
      (other) =>
        other.server === server &&
        other.vcpu === vcpu &&
        other.start < start + duration &&
        start < other.start + other.duration,
    );
    if (!meets) windows.push(withoutMissing({ server, vcpu, cpu: cpu > 0 ? cpu : undefined, start, duration }));
  }
  return { frame: Math.max(...ends) + raw.lastGap, windows };
}
