// Random chains, deferred interrupts and boosted handlers, added to the tasks of a random scenario.

import fc from "fast-check";
import { withoutMissing } from "../arbitraries.js";
import type { AnyScenario, AnyServer, AnyTask } from "../types.js";

export const LINKS = ["after", "defer", "boost"] as const;
export type Link = (typeof LINKS)[number];

export interface RawLink {
  /** Which links a task has: each from 0, never, to 2. */
  readonly wishes: Readonly<Record<Link, number>>;
  readonly target: number;
  readonly delay: number | undefined;
  readonly priority: number;
}

export interface RawLinks {
  readonly links: readonly RawLink[];
  /** Chains go from later tasks to earlier ones. */
  readonly isBackward: boolean;
  readonly deferTo: number;
}

const LINKS_MAX = 16;

export const rawLinks: fc.Arbitrary<RawLinks> = fc.record({
  links: fc.array(
    fc.record({
      wishes: fc.record({ after: fc.nat({ max: 2 }), defer: fc.nat({ max: 2 }), boost: fc.nat({ max: 2 }) }),
      target: fc.nat({ max: LINKS_MAX }),
      delay: fc.option(fc.nat({ max: 6 }), { nil: undefined, freq: 2 }),
      priority: fc.integer({ min: 1, max: 4 }),
    }),
    { minLength: LINKS_MAX, maxLength: LINKS_MAX },
  ),
  isBackward: fc.boolean(),
  deferTo: fc.nat({ max: LINKS_MAX }),
});

/** A task with where it is. */
interface Place {
  readonly server: AnyServer;
  readonly task: AnyTask;
  readonly number: number;
}

/** The scenario with links of the allowed kinds between its tasks. */
export function withLinks(scenario: AnyScenario, raw: RawLinks, allowed: readonly Link[]): AnyScenario {
  const leaves = leavesOf(scenario.servers);
  const places: Place[] = [];
  for (const server of leaves) {
    for (const task of server.tasks!) places.push({ server, task, number: places.length });
  }
  const busy = leaves.filter((server) => isDeferrableTo(server) && server.tasks!.length > 0);
  const mayDefer = scenario.host?.release_cost === undefined; // beside it, even 0, nothing is deferred
  const waitsFor = mayDefer ? busy[raw.deferTo % (busy.length || 1)] : undefined;
  const linked = places.map((place) => {
    const link = raw.links[place.number % LINKS_MAX]!;
    const others = places.filter(({ number }) => (raw.isBackward ? number > place.number : number < place.number));
    const has = (kind: Link) => allowed.includes(kind) && link.wishes[kind] === 2;
    const leader = has("after") ? others[link.target % (others.length || 1)] : undefined;
    const task = leader === undefined ? place.task : following(place, leader, link.delay);
    return withoutMissing({
      ...task,
      defer_while: has("defer") && mayWait(place, task) && waitsFor !== place.server ? waitsFor?.name : undefined,
      host_priority: has("boost") && place.server.assignment !== "global-aware" ? link.priority : undefined,
    });
  });
  return { ...scenario, servers: replaceTasks(scenario.servers, [...linked]) };
}

function leavesOf(servers: readonly AnyServer[]): AnyServer[] {
  return servers.flatMap((server) => (server.servers === undefined ? [server] : leavesOf(server.servers)));
}

const isDeferrableTo = (server: AnyServer): boolean =>
  server.vcpus === undefined && (server.policy ?? "dedicated") === "dedicated";

const hasHostClock = (server: AnyServer): boolean => (server.clock ?? "host") === "host";

const mayWait = ({ server }: Place, task: AnyTask): boolean =>
  task.parts === undefined && task.on_miss !== "shift" && hasHostClock(server);

/** The task as one that goes on with what the leader has handled, where that may be. */
function following({ server, task }: Place, leader: Place, delay: number | undefined): AnyTask {
  const { name, wcet, bcet, deadline, priority, on_miss, vcpu } = task;
  const mayFollow = hasHostClock(server) && hasHostClock(leader.server) && task.parts === undefined;
  if (!mayFollow || wcet === undefined || on_miss === "shift") return task;
  const after = withoutMissing({ server: leader.server.name, task: leader.task.name, delay });
  return withoutMissing({ name, wcet, bcet, deadline, priority, on_miss, vcpu, after });
}

/** The servers with these tasks, in order, in place of theirs. */
function replaceTasks(servers: readonly AnyServer[], tasks: AnyTask[]): AnyServer[] {
  return servers.map((server) => {
    if (server.servers !== undefined) return { ...server, servers: replaceTasks(server.servers, tasks) };
    return { ...server, tasks: tasks.splice(0, server.tasks!.length) };
  });
}
