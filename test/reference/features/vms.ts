// Random servers of hosts with several CPUs: plain ones, VMs with several VCPUs, and trees.

import fc from "fast-check";
import { choice, type Load, optional, share, withoutMissing, wrapped } from "../arbitraries.js";
import { buildGuest, buildSupply, buildTask, type RawServer, type RawTask, rawServer } from "../scenarios.js";
import type { AnyPolicy, AnyServer, AnyTask, AnyVcpu, Assignment, Policy } from "../types.js";

export type Shape = "plain" | "vm" | "tree";

export interface RawTop {
  readonly shape: number;
  /** The server, its VCPUs, or the nodes of its tree; the tasks are those of the first one, or of each leaf. */
  readonly nodes: readonly RawNode[];
  readonly assignment: number;
  readonly separation: "none" | "us" | undefined;
  readonly parts: readonly RawPart[];
}

interface RawNode extends RawServer {
  readonly choice: number;
  readonly cluster: number;
  /** In a tree: below which of the inner nodes before it; and whether it is one itself. */
  readonly parent: number;
  readonly isInner: boolean;
  readonly scheduler: "fp" | "edf" | undefined;
  readonly every: number | undefined;
  readonly overrun: "carry" | "forgive" | undefined;
  readonly deadline: number;
}

interface RawPart {
  readonly isThere: boolean;
  readonly first: number;
  readonly cuts: readonly number[];
}

const NODES_MAX = 6;

const rawNode: fc.Arbitrary<RawNode> = fc
  .record({
    raw: rawServer({}),
    choice: fc.nat({ max: 11 }),
    cluster: fc.nat({ max: 3 }),
    parent: fc.nat({ max: NODES_MAX }),
    isInner: fc.boolean(),
    scheduler: choice<"fp" | "edf">(["fp", "edf"], "fp"),
    every: optional(fc.integer({ min: 1, max: 6 })),
    overrun: optional(fc.constantFrom("carry" as const, "forgive" as const)),
    deadline: fc.nat({ max: 30 }),
  })
  .map(({ raw, ...more }) => ({ ...raw, ...more }));

export const rawTop: fc.Arbitrary<RawTop> = fc.record({
  shape: fc.nat({ max: 5 }),
  nodes: fc.array(rawNode, { minLength: 1, maxLength: NODES_MAX }),
  assignment: fc.nat({ max: 5 }),
  separation: choice<"none" | "us">(["none", "us"], "none"),
  parts: fc.array(
    fc.record({
      isThere: fc.boolean(),
      first: fc.nat({ max: 3 }),
      cuts: fc.array(fc.nat({ max: 10 }), { minLength: 2, maxLength: 2 }),
    }),
    { minLength: 4, maxLength: 4 },
  ),
});

/** What a system allows, and what all its servers have to respect. */
export interface Bounds {
  readonly shapes: readonly Shape[];
  readonly assignments: readonly Assignment[];
  readonly policies: readonly AnyPolicy[];
  readonly hasParts: boolean;
  readonly isEnforced: boolean;
  readonly load: Load;
  readonly isTable: boolean;
  /** The affinities to choose from; empty: none may be given. */
  readonly clusters: readonly (readonly number[])[];
}

const VCPUS_MAX = 3;
const AWARE: readonly AnyPolicy[] = ["dedicated", "polling", "deferrable"];

export function buildTop(raw: RawTop, number: number, bounds: Bounds): AnyServer {
  const shape = bounds.shapes[raw.shape % bounds.shapes.length]!;
  if (shape === "tree") return buildTree(raw, number, bounds);
  if (shape === "vm") return buildVm(raw, number, bounds);
  const node = raw.nodes[0]!;
  return {
    ...buildVcpu(node, `s${number}`, bounds.isTable ? ["dedicated"] : bounds.policies, bounds),
    ...leaf(node, bounds),
  };
}

/** The tasks and the guest scheduler of a server. */
function leaf(node: RawNode, { load }: Bounds): Pick<AnyServer, "scheduler" | "priorities" | "tasks"> {
  const tasks = node.tasks.map((task, i) => buildTask(task, i, load, node.guest === "explicit"));
  return { ...buildGuest(node.guest), tasks };
}

/** A VCPU, or a server that is one, without what runs on it. */
function buildVcpu(
  raw: RawNode,
  name: string,
  policies: readonly AnyPolicy[],
  bounds: Bounds,
): AnyVcpu & { name: string } {
  const policy = policies[raw.choice % policies.length]!;
  const { load, clusters } = bounds;
  const budget = wrapped(raw.budget, share(load, raw.period, load.servers));
  const supply =
    policy === "rtds"
      ? { period: raw.period, budget }
      : buildSupply({ ...raw, policy: policy as Policy }, policy as Policy, load);
  const affinity = clusters[raw.cluster % (clusters.length || 1)];
  return withoutMissing({
    name,
    policy,
    ...supply,
    priority: raw.priority,
    affinity,
    ...(bounds.isEnforced ? enforcement(raw, policy, supply) : {}),
  });
}

function enforcement(
  raw: RawNode,
  policy: AnyPolicy,
  { period = 1, budget = 1 }: Partial<AnyServer>,
): Partial<AnyVcpu> {
  if (!["idling", "polling", "deferrable", "cbs"].includes(policy)) return {};
  return {
    enforce_every: raw.every,
    overrun: raw.every === undefined ? undefined : raw.overrun,
    deadline: policy === "cbs" ? budget + (raw.deadline % (period - budget + 1)) : undefined,
  };
}

function buildVm(raw: RawTop, number: number, bounds: Bounds): AnyServer {
  const assignment = bounds.assignments[raw.assignment % bounds.assignments.length]!;
  const nodes = raw.nodes.slice(0, VCPUS_MAX);
  const policies = policiesOf(assignment, raw, bounds);
  const { load } = bounds;
  const node = raw.nodes[0]!;
  const guest = assignment === "partitioned" || raw.separation !== "us" || !isOdd(node.guest) ? node.guest : "rm";
  const vcpus = nodes.map((each, i) => buildVcpu(each, `v${i}`, policies, bounds));
  const tasks = node.tasks.map((task, i) => {
    const built = buildTask(task, i, load, guest === "explicit");
    if (assignment !== "partitioned") return built;
    return assign(built, task, raw.parts[i]!, vcpus, guest === "edf", bounds.hasParts && guest !== "fifo");
  });
  return withoutMissing({
    name: `s${number}`,
    assignment,
    separation: assignment === "partitioned" ? undefined : raw.separation,
    ...buildGuest(guest),
    vcpus,
    tasks,
  });
}

/** Guests that do not go with `separation: us`. */
const isOdd = (guest: RawServer["guest"]): boolean => guest === "explicit" || guest === "fifo";

function policiesOf(assignment: Assignment, raw: RawTop, { policies, isTable }: Bounds): readonly AnyPolicy[] {
  if (isTable) return ["dedicated"];
  if (assignment !== "global-aware") return policies;
  return raw.nodes[0]!.isInner ? ["idling"] : AWARE;
}

/** A task of a partitioned VM: on one VCPU, or in parts on two or three. */
function assign(
  task: AnyTask,
  raw: RawTask,
  { isThere, first, cuts }: RawPart,
  vcpus: readonly AnyVcpu[],
  isEdf: boolean,
  mayHaveParts: boolean,
): AnyTask {
  const vcpu = vcpus[raw.priority % vcpus.length]!.name;
  const { wcet, period, jitter: _, ...rest } = task;
  const deadline = task.deadline ?? period!;
  const count = Math.min(vcpus.length, wcet!, isEdf ? deadline : wcet!, cuts[0]! % 2 === 0 ? 3 : 2);
  if (!mayHaveParts || !isThere || count < 2) return { ...task, vcpu };
  const budgets = cut(wcet!, count, cuts);
  const ends = cut(deadline, count, cuts);
  const parts = budgets.map((budget, i) => ({
    vcpu: vcpus[(first + i) % vcpus.length]!.name,
    budget,
    deadline: isEdf ? ends.slice(0, i + 1).reduce((a, b) => a + b) : undefined,
  }));
  return { ...rest, wcet: wcet!, period: period!, parts: parts.map(withoutMissing) } as AnyTask;
}

/** A number as a sum of so many positive ones. */
function cut(total: number, count: number, cuts: readonly number[]): number[] {
  let left = total;
  return Array.from({ length: count }, (_, i) => {
    const rest = count - i - 1;
    const piece = rest === 0 ? left : 1 + (cuts[i]! % (left - rest));
    left -= piece;
    return piece;
  });
}

/** A tree of the nodes: the first one is its root. */
function buildTree(raw: RawTop, number: number, bounds: Bounds): AnyServer {
  const inner = raw.nodes.map((node, i) => i === 0 || node.isInner);
  const children = raw.nodes.map((): number[] => []);
  raw.nodes.forEach((node, i) => {
    if (i === 0) return;
    const above = raw.nodes.map((_, j) => j).filter((j) => j < i && inner[j]);
    children[above[node.parent % above.length]!]!.push(i);
  });
  const build = (i: number): AnyServer => {
    const node = raw.nodes[i]!;
    const isTop = i === 0;
    const policies = isTop && bounds.isTable ? (["dedicated"] as const) : bounds.policies;
    const own = buildVcpu(node, `s${number}n${i}`, policies, { ...bounds, clusters: isTop ? bounds.clusters : [] });
    if (!inner[i]) return { ...own, ...leaf(node, bounds) };
    return withoutMissing({ ...own, scheduler: node.scheduler, servers: children[i]!.map(build) });
  };
  return build(0);
}
