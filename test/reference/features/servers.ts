// Random servers of every policy, with the traits that they may have together.

import fc from "fast-check";
import { type Load, optional, optionally, optionalNat, share, withoutMissing, wrapped } from "../arbitraries.js";
import { buildGuest, buildSupply, type RawServer, rawServer, type ScenarioOptions } from "../scenarios.js";
import type { AnyPolicy, AnyServer, Policy } from "../types.js";
import { buildAnyTask, type MoreOfTask, moreOfTask } from "./tasks.js";
import { compatible, type HostScheduler, isAllowed, TRAITS, type Trait } from "./traits.js";

/** Small integers from which a server's fields are made; what each is for is said where it is used. */
export interface MoreOfServer {
  readonly policy: number;
  /** How much each trait wants to be there. */
  readonly wishes: Readonly<Record<Trait, number>>;
  readonly priority: number;
  readonly weight: number | undefined;
  readonly every: number;
  readonly phase: number | undefined;
  readonly overrun: "carry" | "forgive" | undefined;
  readonly cost: number;
  readonly deadline: number;
  readonly feedback: {
    readonly every: number;
    readonly x: number;
    readonly y: number;
    readonly low: number;
    readonly high: number;
  };
  readonly latency: { readonly low: number; readonly more: number };
  readonly utilization: { readonly x: number; readonly more: number };
  readonly extraweight: number;
  readonly isZero: boolean;
  readonly cap: number;
  readonly laxity: number;
  readonly tasks: readonly MoreOfTask[];
}

export type AnyRawServer = Omit<RawServer, "policy"> & { readonly more: MoreOfServer };

const WEIGHTS = [1024, 2048, 512, 820, 335, 1];
const TASKS_MAX = 4;

/** The greatest wish: a trait that is wanted rarely is there only with this. */
export const WISH_MAX = 3;

const moreOfServer: fc.Arbitrary<MoreOfServer> = fc.record({
  policy: fc.nat({ max: 9 }),
  wishes: fc.record(Object.fromEntries(TRAITS.map((trait) => [trait, fc.nat({ max: WISH_MAX })]))) as fc.Arbitrary<
    MoreOfServer["wishes"]
  >,
  priority: fc.integer({ min: 1, max: 3 }),
  weight: optional(fc.constantFrom(...WEIGHTS)),
  every: fc.integer({ min: 1, max: 7 }),
  phase: optionalNat(6),
  overrun: optional(fc.constantFrom("carry", "forgive")),
  cost: fc.nat({ max: 2 }),
  deadline: fc.nat({ max: 30 }),
  feedback: fc.record({
    every: fc.integer({ min: 1, max: 3 }),
    x: fc.integer({ min: 1, max: 4 }),
    y: fc.integer({ min: 1, max: 4 }),
    low: fc.nat({ max: 30 }),
    high: fc.nat({ max: 30 }),
  }),
  latency: fc.record({ low: fc.nat({ max: 4 }), more: fc.nat({ max: 4 }) }),
  utilization: fc.record({ x: fc.integer({ min: 1, max: 4 }), more: fc.nat({ max: 8 }) }),
  extraweight: fc.integer({ min: 1, max: 5 }),
  isZero: fc.boolean(),
  cap: fc.nat({ max: 100 }),
  laxity: fc.nat({ max: 30 }),
  tasks: fc.array(moreOfTask, { minLength: TASKS_MAX, maxLength: TASKS_MAX }),
});

export function anyRawServer(options: ScenarioOptions): fc.Arbitrary<AnyRawServer> {
  return fc.record({ raw: rawServer(options), more: moreOfServer }).map(({ raw, more }) => ({ ...raw, more }));
}

/** The traits, of those that may occur, that a server has. */
export function traitsOf(
  { more }: AnyRawServer,
  policy: AnyPolicy,
  host: HostScheduler,
  allowed: readonly Trait[],
  least: number,
): Set<Trait> {
  const wanted = allowed.filter((trait) => more.wishes[trait] >= least && isAllowed(trait, policy, host));
  return compatible(new Set(wanted));
}

/** What all servers of a system have to respect. */
export interface Surroundings {
  readonly host: HostScheduler;
  readonly load: Load;
  /** The tenths of the CPU that the constant bandwidth servers may have, each; null: no bandwidth is reclaimed. */
  readonly bandwidth: number | null;
}

export function buildAnyServer(
  raw: AnyRawServer,
  number: number,
  policy: AnyPolicy,
  traits: ReadonlySet<Trait>,
  surroundings: Surroundings,
): AnyServer {
  const isFifo = policy === "tbs" || policy === "cus";
  const guest = isFifo ? "fifo" : raw.guest;
  const supply = supplyOf(raw, policy, traits, surroundings);
  return withoutMissing({
    name: `s${number}`,
    policy: surroundings.host === "table" && !raw.namePolicy ? undefined : policy,
    ...supply,
    priority: raw.priority,
    ...buildGuest(guest),
    ...classFields(raw, policy, traits),
    ...enforcementFields(raw, traits),
    ...bandwidthFields(raw, policy, traits, supply),
    ...clockFields(raw, traits, supply),
    tasks: raw.tasks.map((task, i) =>
      buildAnyTask(task, raw.more.tasks[i]!, i, surroundings.load, guest === "explicit", traits),
    ),
  });
}

/** Period, budget and what else says how much a server gets. */
function supplyOf(
  raw: AnyRawServer,
  policy: AnyPolicy,
  traits: ReadonlySet<Trait>,
  { load, bandwidth }: Surroundings,
): Partial<AnyServer> {
  const { more, extraReplenishments } = raw;
  const budget = wrapped(raw.budget, share(load, raw.period, load.servers));
  switch (policy) {
    case "fair":
      return { weight: more.weight };
    case "credit":
      return { weight: optionally(more.weight, (weight) => Math.ceil(weight / 4)) };
    case "tbs":
    case "cus":
      return { utilization: [more.utilization.x, more.utilization.x + more.utilization.more] };
    case "sporadic-posix":
      return { period: raw.period, budget, max_replenishments: optionally(extraReplenishments, (more) => 1 + more) };
    case "rtds":
      return { period: raw.period, budget };
    case "sedf":
      return { period: raw.period, budget: more.isZero && traits.has("extraweight") ? 0 : budget };
    case "cbs": {
      if (bandwidth === null) return { period: raw.period, budget };
      const period = Math.max(10, raw.period);
      return { period, budget: wrapped(raw.budget, Math.max(1, Math.floor((period * bandwidth) / 10))) };
    }
    default:
      return buildSupply({ ...raw, policy }, policy as Policy, load);
  }
}

/** Where it stands in the host's classes, or in its queue. */
function classFields({ more }: AnyRawServer, policy: AnyPolicy, traits: ReadonlySet<Trait>): Partial<AnyServer> {
  const weight = { weight: more.weight ?? 1024 };
  return {
    background: traits.has("background-priority")
      ? { priority: more.priority }
      : traits.has("background-weight")
        ? weight
        : undefined,
    lend: traits.has("lend") ? true : undefined,
    extratime: traits.has("extratime") ? true : undefined,
    extraweight: traits.has("extraweight") && policy === "sedf" ? more.extraweight : undefined,
    cap: traits.has("cap") ? more.cap : undefined,
    realtime: traits.has("realtime") ? true : undefined,
    laxity: traits.has("laxity") ? more.laxity : undefined,
  };
}

function enforcementFields({ more }: AnyRawServer, traits: ReadonlySet<Trait>): Partial<AnyServer> {
  if (!traits.has("enforce") && !traits.has("reclaim")) return {};
  const every = traits.has("enforce") ? more.every : undefined;
  return {
    enforce_every: every,
    enforce_phase: optionally(more.phase, (phase) => phase % (every ?? 1)),
    overrun: more.overrun,
    enforce_cost: traits.has("enforce-cost") ? more.cost : undefined,
  };
}

/** What constant bandwidth servers have: a deadline, reclaiming, feedback. And the guest's deadline. */
function bandwidthFields(
  { more }: AnyRawServer,
  policy: AnyPolicy,
  traits: ReadonlySet<Trait>,
  { period = 1, budget = 1 }: Partial<AnyServer>,
): Partial<AnyServer> {
  const deadline = traits.has("deadline") ? budget + (more.deadline % (period - budget + 1)) : undefined;
  const { every, x, y, low, high } = more.feedback;
  const most = policy === "cbs" ? (deadline ?? period) : period;
  const highest = budget + (high % (most - budget + 1));
  return {
    deadline: traits.has("deadline-guest") ? "guest" : deadline,
    reclaim: traits.has("reclaim") ? true : undefined,
    feedback: traits.has("feedback") ? { every, gain: [x, y], lowest: wrapped(low, budget), highest } : undefined,
  };
}

function clockFields(
  { more }: AnyRawServer,
  traits: ReadonlySet<Trait>,
  { period = 1 }: Partial<AnyServer>,
): Partial<AnyServer> {
  const { low, more: above } = more.latency;
  const most = Math.min(low + above, period - 1); // a replenishment comes before the next one is due
  const wake = traits.has("latency-wake") ? ([low, low + above] as const) : undefined;
  const replenish = traits.has("latency-replenish") ? ([Math.min(low, most), most] as const) : undefined;
  return {
    clock: traits.has("clock-virtual") ? "virtual" : traits.has("clock-execution") ? "execution" : undefined,
    latency: wake === undefined && replenish === undefined ? undefined : withoutMissing({ wake, replenish }),
  };
}
