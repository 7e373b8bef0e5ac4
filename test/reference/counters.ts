// The counters of semantics.md section 7 and, for what has them, of section 10.8, computed at the end from what
// happened.

import type { Before, Piece, Server, Task, Vm, World } from "./state.js";
import type { HostCounters, ReferenceResult, ServerCounters, TaskCounters } from "./types.js";

/** What servers and CPUs have counted by now, pieces apart. */
export function countedBy(world: World): Before {
  const servers = world.servers.map((server) => {
    return [server, { happened: { ...server.happened }, guestTime: server.guestTime }] as const;
  });
  return { servers: new Map(servers), switches: [...world.switches], overhead: world.overhead };
}

/** The result of a run that ended at `end`, the effective horizon. */
export function closeWorld(world: World, end: number): ReferenceResult {
  const span = { world, pieces: world.pieces.flatMap((piece) => since(world.warmup, piece)), end };
  return {
    host: hostCounters(span),
    servers: world.listed.map((each) => ("vcpus" in each ? vmCounters(each, span) : serverCounters(each, span))),
    tasks: world.tasks.map((task) => taskCounters(task, world.countsCpus)),
  };
}

/** What counts: from the end of the warm-up to that of the run. */
interface Span {
  readonly world: World;
  readonly pieces: readonly Piece[];
  readonly end: number;
}

/** What of the piece lies after that instant. */
function since(start: number, { from, to, run }: Piece): Piece[] {
  return to <= start ? [] : [{ from: Math.max(from, start), to, run }];
}

function hostCounters({ world, pieces, end }: Span): HostCounters {
  const { before, cpus, countsCpus } = world;
  const length = end - world.warmup;
  const busy = lengthOf(pieces);
  const list = world.switches.map((switches, cpu) => {
    const busyThere = lengthOf(pieces.filter(({ run }) => run.cpu === cpu));
    return { cpu, busy: busyThere, idle: length - busyThere, switches: switches - before.switches[cpu]! };
  });
  const switches = total(list.map((each) => each.switches));
  const overhead = world.overhead - before.overhead;
  const counters = { busy, idle: cpus * length - busy, switches, overhead, end };
  if (!countsCpus) return counters;
  const migrations = total(world.servers.map((server) => happenedTo(server).migrations));
  return { ...counters, migrations, cpus: list };
}

/** How often each of these happened to the server since the end of the warm-up. */
function happenedTo(server: Server) {
  const { happened: before } = server.world.before.servers.get(server)!;
  const { happened: now } = server;
  return {
    replenishments: now.replenishments - before.replenishments,
    depletions: now.depletions - before.depletions,
    preemptions: now.preemptions - before.preemptions,
    switches: now.switches - before.switches,
    guest_switches: now.guestSwitches - before.guestSwitches,
    adaptations: now.adaptations - before.adaptations,
    migrations: now.migrations - before.migrations,
  };
}

/** The sums over the VCPUs of a VM; the longest time without a CPU is that of all of them. */
function vmCounters({ name, vcpus: servers }: Vm, span: Span): ServerCounters {
  const vcpus = servers.map((server) => serverCounters(server, span));
  const sumOf = (counter: keyof ServerCounters) => total(vcpus.map((vcpu) => (vcpu[counter] ?? 0) as number));
  const own = span.pieces.filter(({ run }) => servers.includes(run.path[0]!));
  const hasBackground = vcpus.some((vcpu) => vcpu.supply_background !== undefined);
  return {
    name,
    supply: sumOf("supply"),
    idled: sumOf("idled"),
    replenishments: sumOf("replenishments"),
    depletions: sumOf("depletions"),
    preemptions: sumOf("preemptions"),
    switches: sumOf("switches"),
    guest_switches: sumOf("guest_switches"),
    blackout_max: longestGap(own, span),
    ...(hasBackground && { supply_background: sumOf("supply_background") }),
    migrations: sumOf("migrations"),
    vcpus,
  };
}

function serverCounters(server: Server, span: Span): ServerCounters {
  const own = span.pieces.filter(({ run }) => run.path.includes(server));
  const { adaptations, migrations, ...happened } = happenedTo(server);
  return {
    name: server.name,
    supply: lengthOf(own),
    idled: lengthOf(own.filter(({ run }) => run.job === null)),
    ...happened,
    blackout_max: longestGap(own, span),
    ...addedServerCounters(server, own, adaptations),
    ...(span.world.countsCpus && { migrations }),
  };
}

/** What version 2 counts for servers that have it. */
function addedServerCounters(server: Server, own: readonly Piece[], adaptations: number): Partial<ServerCounters> {
  const { given, world } = server;
  const hasBackground = given.background !== undefined || given.policy === "rtds" || given.policy === "sedf";
  return {
    ...(hasBackground && { supply_background: lengthOf(own.filter(({ run }) => run.isBackground)) }),
    ...(given.feedback && { budget_last: server.policy.fullBudget(), adaptations }),
    ...(server.clock !== "host" && { guest_time: server.guestTime - world.before.servers.get(server)!.guestTime }),
  };
}

function taskCounters(task: Task, countsMigrations: boolean): TaskCounters {
  const { released, missed, skipped, preemptions, responses, guestResponses } = task.happened;
  const { completionTimes, latenesses, startDelays } = task.happened;
  const gaps = completionTimes.slice(1).map((time, i) => time - completionTimes[i]!);
  return {
    server: task.vm.name,
    name: task.name,
    released,
    completed: responses.length,
    missed,
    skipped,
    response_min: least(responses),
    response_max: greatest(responses),
    response_sum: total(responses),
    response_p50: percentile(responses, 500),
    response_p90: percentile(responses, 900),
    response_p99: percentile(responses, 990),
    response_p999: percentile(responses, 999),
    start_max: greatest(startDelays),
    gap_max: greatest(gaps),
    preemptions,
    tardiness_max: Math.max(0, greatest(latenesses) ?? 0),
    ...(task.server.clock !== "host" && {
      guest_response_max: greatest(guestResponses),
      guest_response_sum: total(guestResponses),
    }),
    ...(countsMigrations && { migrations: task.happened.migrations }),
    ...(task.windowLength !== null && { misses_in_window: mostMissesIn(task.windowLength, task) }),
  };
}

/** The most misses in any so many consecutive jobs, by their numbers; in all of them where they are fewer. */
function mostMissesIn(length: number, { happened }: Task): number {
  const jobs = [...happened.jobs].sort((a, b) => a.number - b.number);
  const missesFrom = jobs.map((_, first) => jobs.slice(first, first + length).filter(({ missed }) => missed).length);
  return greatest(missesFrom) ?? 0;
}

/** The percentile of `thousandths` / 1000 by the bucket rule of section 7; null without a response. */
export function percentile(responses: readonly number[], thousandths: number): number | null {
  const wanted = Math.ceil((responses.length * thousandths) / 1000);
  const buckets = responses.map(bucketLowerBound).sort((a, b) => a - b);
  // The buckets, sorted, one entry a response: the cumulative count reaches n at the n-th entry.
  return buckets[wanted - 1] ?? null;
}

/** The lower bound of the bucket that holds v: exact below 64, above that 32 buckets for every power of two. */
export function bucketLowerBound(v: number): number {
  if (v < 64) return v;
  let width = 1; // 2^(e - 5), where e = floor(log2 v)
  while (64 * width <= v) width *= 2;
  return Math.floor(v / width) * width;
}

function lengthOf(pieces: readonly Piece[]): number {
  return total(pieces.map(({ from, to }) => to - from));
}

/** The longest stretch of the span that none of the pieces, which are in order, covers. */
function longestGap(pieces: readonly Piece[], { world, end }: Span): number {
  let longest = 0;
  let covered = world.warmup;
  for (const { from, to } of [...pieces, { from: end, to: end }]) {
    longest = Math.max(longest, from - covered);
    covered = Math.max(covered, to);
  }
  return longest;
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function least(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((a, b) => Math.min(a, b));
}

function greatest(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((a, b) => Math.max(a, b));
}
