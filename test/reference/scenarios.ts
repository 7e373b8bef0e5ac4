// Random valid scenarios for property tests: small systems with short periods, so that many things happen at the same
// instant. All is built from small independent integers by mapping: it shrinks field by field, and what one field
// demands of another (semantics.md section 2) is derived, never filtered.

import fc from "fast-check";
import {
  choice,
  type Load,
  optional,
  optionally,
  optionalNat,
  PERIOD_MAX,
  period,
  seed,
  share,
  withoutMissing,
  wrapped,
} from "./arbitraries.js";
import type {
  Policy,
  RecordedWindow,
  ReferenceHost,
  ReferenceScenario,
  ReferenceServer,
  ReferenceTask,
  ReferenceWindow,
} from "./types.js";

export type HostScheduler = "fp" | "edf" | "table";
/** The guest scheduler; for guest `fp` the name of its priority order. */
export type Guest = "rm" | "dm" | "explicit" | "edf" | "fifo";
export type OnMiss = "continue" | "abort" | "skip";
export type Stop = "horizon" | "first-miss";

/** What may occur; each defaults to everything. The first item of a list is the simplest, to which cases shrink. */
export interface ScenarioOptions {
  readonly policies?: readonly Policy[];
  /** With `table` all servers are `dedicated`, so it only occurs where `policies` has that. */
  readonly hosts?: readonly HostScheduler[];
  readonly guests?: readonly Guest[];
  readonly onMiss?: readonly OnMiss[];
  readonly stops?: readonly Stop[];
  /** Whether anything is drawn at random: jitter, sporadic arrivals, execution times, varying supply. Default true. */
  readonly draws?: boolean;
  /** Whether host_switch and guest_switch may be above 0. Default true. */
  readonly switchCosts?: boolean;
  /** The longest horizon, in ticks. Default 400. */
  readonly horizonMax?: number;
}

const POLICIES: readonly Policy[] = [
  "dedicated",
  "idling",
  "polling",
  "deferrable",
  "sporadic",
  "cbs",
  "cbs-soft",
  "recorded",
];
// --- tasks -----------------------------------------------------------------------------------------------------------

export interface RawTask {
  readonly period: number;
  readonly wcet: number;
  readonly overrun: boolean;
  readonly deadline: number | undefined;
  readonly offset: number | undefined;
  readonly priority: number;
  readonly bcet: number | undefined;
  readonly jitter: number | undefined;
  readonly extraPeriod: number | undefined;
  readonly onMiss: OnMiss | undefined;
}

function rawTask(options: ScenarioOptions): fc.Arbitrary<RawTask> {
  const draws = options.draws ?? true;
  const drawn = (max: number) => (draws ? optionalNat(max) : fc.constant(undefined));
  return fc.record({
    period,
    wcet: fc.nat({ max: PERIOD_MAX }),
    overrun: fc.boolean(),
    deadline: optionalNat(3 * PERIOD_MAX),
    offset: optionalNat(PERIOD_MAX),
    priority: fc.integer({ min: 1, max: 3 }),
    bcet: drawn(PERIOD_MAX),
    jitter: drawn(PERIOD_MAX),
    extraPeriod: drawn(PERIOD_MAX / 2),
    onMiss: choice<OnMiss>(options.onMiss ?? ["continue", "abort", "skip"], "continue"),
  });
}

export function buildTask(raw: RawTask, number: number, load: Load, explicit: boolean): ReferenceTask {
  const { period } = raw;
  // A heavy task may even need more than its period.
  const wcet = wrapped(raw.wcet, share(load, period, load.tasks) + (load.heavy && raw.overrun ? 2 : 0));
  const deadline = optionally(raw.deadline, (value) => value + 1);
  const sporadic = (raw.extraPeriod ?? 0) > 0;
  const jitterMax = sporadic ? 0 : Math.min(period, (deadline ?? period) - 1);
  return withoutMissing({
    name: `t${number}`,
    period,
    wcet,
    deadline,
    offset: raw.offset,
    priority: explicit ? raw.priority : undefined,
    bcet: optionally(raw.bcet, (value) => wrapped(value, wcet)),
    jitter: optionally(raw.jitter, (value) => value % (jitterMax + 1)),
    period_max: optionally(raw.extraPeriod, (value) => period + value),
    on_miss: raw.onMiss,
  });
}

// --- windows ---------------------------------------------------------------------------------------------------------

interface RawWindow {
  readonly gap: number;
  readonly duration: number;
  readonly server: number;
}

const rawWindow = { gap: fc.nat({ max: 5 }), duration: fc.integer({ min: 1, max: 10 }) };

// --- servers ---------------------------------------------------------------------------------------------------------

export interface RawServer {
  readonly policy: Policy;
  readonly namePolicy: boolean;
  readonly period: number;
  readonly budget: number;
  readonly offset: number | undefined;
  readonly priority: number | undefined;
  readonly guest: Guest | undefined;
  readonly extraPeriod: number | undefined;
  readonly budgetMin: number | undefined;
  readonly extraReplenishments: number | undefined;
  readonly windows: readonly Omit<RawWindow, "server">[];
  readonly tasks: readonly RawTask[];
}

export function rawServer(options: ScenarioOptions): fc.Arbitrary<RawServer> {
  const drawn = (max: number) => ((options.draws ?? true) ? optionalNat(max) : fc.constant(undefined));
  return fc.record({
    policy: fc.constantFrom(...(options.policies ?? POLICIES)),
    namePolicy: fc.boolean(),
    period,
    budget: fc.nat({ max: PERIOD_MAX }),
    offset: optionalNat(PERIOD_MAX),
    priority: optional(fc.integer({ min: 1, max: 4 })),
    guest: choice<Guest>(options.guests ?? ["rm", "dm", "explicit", "edf", "fifo"], "rm"),
    extraPeriod: drawn(PERIOD_MAX / 2),
    budgetMin: drawn(PERIOD_MAX),
    extraReplenishments: optionalNat(3),
    windows: fc.array(fc.record(rawWindow), { minLength: 1, maxLength: 16 }),
    tasks: fc.array(rawTask(options), { maxLength: 4 }),
  });
}

function buildServer(raw: RawServer, number: number, load: Load, underTable: boolean): ReferenceServer {
  const policy = underTable ? "dedicated" : raw.policy;
  return withoutMissing({
    name: `s${number}`,
    policy: underTable && !raw.namePolicy ? undefined : policy,
    ...buildSupply(raw, policy, load),
    priority: raw.priority,
    ...buildGuest(raw.guest),
    tasks: raw.tasks.map((task, i) => buildTask(task, i, load, raw.guest === "explicit")),
  });
}

/** The fields that the policy uses, and no others. */
export function buildSupply(raw: RawServer, policy: Policy, load: Load): Partial<ReferenceServer> {
  const { period, offset } = raw;
  const budget = wrapped(raw.budget, share(load, period, load.servers));
  switch (policy) {
    case "dedicated":
      return {};
    case "idling":
    case "polling":
    case "deferrable":
      return {
        period,
        budget,
        offset,
        period_max: optionally(raw.extraPeriod, (value) => period + value),
        budget_min: optionally(raw.budgetMin, (value) => wrapped(value, budget)),
      };
    case "sporadic":
      return { period, budget, offset, max_replenishments: optionally(raw.extraReplenishments, (value) => 2 + value) };
    case "cbs":
    case "cbs-soft":
      return { period, budget };
    case "recorded":
      return { windows: recordedWindows(raw, load) };
  }
}

/** Windows one after another, each after its gap; where the load is moderate the gaps leave room for the other servers. */
function recordedWindows({ windows }: RawServer, load: Load): RecordedWindow[] {
  let end = 0;
  return windows.map(({ gap, duration }) => {
    const start = end + gap + (load.heavy ? 0 : duration * (load.servers - 1));
    end = start + duration;
    return { start, duration };
  });
}

export function buildGuest(guest: Guest | undefined): Pick<ReferenceServer, "scheduler" | "priorities"> {
  if (guest === undefined) return {};
  if (guest === "edf" || guest === "fifo") return { scheduler: guest };
  return { scheduler: "fp", priorities: guest };
}

// --- host and scenario -----------------------------------------------------------------------------------------------

export interface RawHost {
  readonly scheduler: HostScheduler;
  readonly terse: boolean;
  readonly hostSwitch: number | undefined;
  readonly guestSwitch: number | undefined;
  readonly windows: readonly RawWindow[];
  readonly lastGap: number;
  readonly reversed: boolean;
}

export function rawHost(options: ScenarioOptions): fc.Arbitrary<RawHost> {
  const dedicated = (options.policies ?? POLICIES).includes("dedicated");
  const schedulers = (options.hosts ?? ["fp", "edf", "table"]).filter((host) => host !== "table" || dedicated);
  if (schedulers.length === 0) throw new Error("scenarioArbitrary: host table needs the policy dedicated");
  const cost = (options.switchCosts ?? true) ? optionalNat(3) : fc.constant(undefined);
  return fc.record({
    scheduler: fc.constantFrom(...schedulers),
    terse: fc.boolean(),
    hostSwitch: cost,
    guestSwitch: cost,
    windows: fc.array(fc.record({ ...rawWindow, server: fc.nat({ max: 3 }) }), { minLength: 1, maxLength: 6 }),
    lastGap: fc.nat({ max: 5 }),
    reversed: fc.boolean(),
  });
}

/** The host's fields; nothing at all, at times, where everything is at its default. */
function buildHost(raw: RawHost, servers: number): ReferenceHost | undefined {
  const costs = { host_switch: raw.hostSwitch, guest_switch: raw.guestSwitch };
  if (raw.scheduler === "table")
    return withoutMissing({ scheduler: "table" as const, ...costs, ...buildTable(raw, servers) });
  const terse = raw.terse && raw.scheduler === "fp";
  if (terse && raw.hostSwitch === undefined && raw.guestSwitch === undefined) return undefined;
  return withoutMissing({ scheduler: terse ? undefined : raw.scheduler, ...costs });
}

/** Windows one after another, each after its gap: so they never overlap, and the frame ends after the last gap. */
export function buildTable(
  raw: Pick<RawHost, "windows" | "lastGap" | "reversed">,
  servers: number,
): { frame: number; windows: ReferenceWindow[] } {
  const windows: ReferenceWindow[] = [];
  let end = 0;
  for (const { gap, duration, server } of raw.windows) {
    windows.push({ server: `s${server % servers}`, start: end + gap, duration });
    end += gap + duration;
  }
  return { frame: end + raw.lastGap, windows: raw.reversed ? windows.reverse() : windows };
}

/**
 * Valid scenarios in normal form (semantics.md section 8): 1 to 4 servers with 0 to 4 tasks each, periods of 1 to 30
 * ticks, deadlines of up to 91, horizons up to `horizonMax`. `options` says what may occur. Throws when the options
 * leave no host.
 */
export function scenarioArbitrary(options: ScenarioOptions = {}): fc.Arbitrary<ReferenceScenario> {
  return fc
    .record({
      horizon: fc.integer({ min: 1, max: options.horizonMax ?? 400 }),
      seed: optional(seed),
      replicate: optionalNat(2 ** 32 - 1),
      stop: choice<Stop>(options.stops ?? ["horizon", "first-miss"], "horizon"),
      heavy: fc.boolean(),
      host: rawHost(options),
      servers: fc.array(rawServer(options), { minLength: 1, maxLength: 4 }),
    })
    .map((raw) => {
      const tasks = raw.servers.reduce((count, server) => count + server.tasks.length, 0);
      const load = { heavy: raw.heavy, tasks, servers: raw.servers.length };
      const underTable = raw.host.scheduler === "table";
      return withoutMissing({
        horizon: raw.horizon,
        seed: raw.seed,
        replicate: raw.replicate,
        stop: raw.stop,
        host: buildHost(raw.host, raw.servers.length),
        servers: raw.servers.map((server, number) => buildServer(server, number, load, underTable)),
      });
    });
}
