// A scenario, with every default filled in, as a system at time 0.

import { Bandwidth } from "./bandwidth.js";
import { CompletelyFair } from "./fair/cfs.js";
import { EarliestEntitled } from "./fair/eevdf.js";
import type { Fair } from "./fair/fair.js";
import { StartTimeFair } from "./fair/sfq.js";
import { Classes } from "./hosts/classes.js";
import { Credit } from "./hosts/credit.js";
import type { Host } from "./hosts/host.js";
import { SedfHost } from "./hosts/sedf.js";
import { Table } from "./hosts/table.js";
import { firstJob } from "./jobs.js";
import type { Stream } from "./philox.js";
import { ConstantBandwidth } from "./policies/cbs.js";
import { SoftBandwidth } from "./policies/cbs-soft.js";
import { BestEffort, Dedicated } from "./policies/dedicated.js";
import { Periodic } from "./policies/periodic.js";
import type { Policy } from "./policies/policy.js";
import { Recorded } from "./policies/recorded.js";
import { Rtds } from "./policies/rtds.js";
import { Sedf } from "./policies/sedf.js";
import { Sporadic } from "./policies/sporadic.js";
import { SporadicPosix } from "./policies/sporadic-posix.js";
import { Utilization } from "./policies/utilization.js";
import type { Server, Source, Task, World } from "./state.js";
import type { AnyScenario, AnyServer, AnyTask } from "./types.js";

/** The system at time 0, before anything has happened. */
export function openWorld(scenario: AnyScenario): World {
  const given = scenario.host ?? {};
  const servers: Server[] = [];
  const tasks: Task[] = [];
  const reclaims = scenario.servers.some((server) => server.reclaim === true);
  const world = {
    horizon: scenario.horizon,
    stopsAtFirstMiss: scenario.stop === "first-miss",
    hostSwitch: given.host_switch ?? 0,
    guestSwitch: given.guest_switch ?? 0,
    releaseCost: given.release_cost ?? 0,
    replenishCost: given.replenish_cost ?? 0,
    bandwidth: reclaims ? new Bandwidth(scenario) : null,
    servers,
    tasks,
    before: null,
    pieces: [],
    lastServer: null,
    overhead: 0,
    instant: { releases: 0, replenishments: 0 },
  };
  const seed = BigInt(scenario.seed ?? 0);
  const stream = (entity: number): Stream => ({ seed, replicate: scenario.replicate ?? 0, entity });
  for (const givenServer of scenario.servers) {
    const server = openServer(world as unknown as World, givenServer, stream);
    servers.push(server);
    for (const givenTask of givenServer.tasks) {
      const task = openTask(givenTask, server, stream(tasks.length));
      server.tasks.push(task);
      tasks.push(task);
    }
  }
  return Object.assign(world, { host: openHost(world as unknown as World, scenario) });
}

function openServer(world: World, given: AnyServer, stream: (entity: number) => Stream): Server {
  const number = world.servers.length;
  const background = given.background ?? null;
  const isWeighted = background !== null && "weight" in background;
  const server = {
    number,
    name: given.name,
    world,
    given,
    priority: given.priority ?? number + 1,
    scheduler: given.scheduler ?? "fp",
    stream: stream(2 ** 31 + number),
    latencyStream: stream(3 * 2 ** 30 + number),
    tasks: [],
    background,
    isFairMember: given.policy === "fair" || isWeighted,
    weight: isWeighted ? background.weight : (given.weight ?? (given.policy === "credit" ? 256 : 1024)),
    lends: given.lend ?? false,
    guestDeadline: given.deadline === "guest",
    clock: given.clock ?? "host",
    guestTime: 0,
    wakeLatency: given.latency?.wake ?? null,
    wasPending: false,
    wakesAt: null,
    lastJob: null,
    happened: {
      wakeUps: 0,
      replenishments: 0,
      depletions: 0,
      preemptions: 0,
      switches: 0,
      guestSwitches: 0,
      adaptations: 0,
      lateness: [],
    },
  };
  return Object.assign(server, { policy: openPolicy(server as unknown as Server, given) });
}

function openPolicy(server: Server, given: AnyServer): Policy {
  const policy = given.policy ?? "dedicated";
  switch (policy) {
    case "dedicated":
    case "credit":
      return new Dedicated(server);
    case "fair":
      return new BestEffort(server);
    case "idling":
    case "polling":
    case "deferrable":
      return new Periodic(server, policy, given);
    case "sporadic":
      return new Sporadic(server, given);
    case "cbs":
      return new ConstantBandwidth(server, given);
    case "cbs-soft":
      return new SoftBandwidth(server, given);
    case "recorded":
      return new Recorded(server, given);
    case "sporadic-posix":
      return new SporadicPosix(server, given);
    case "rtds":
      return new Rtds(server, given);
    case "tbs":
    case "cus":
      return new Utilization(server, policy, given);
    case "sedf":
      return new Sedf(server, given);
  }
}

function openHost(world: World, scenario: AnyScenario): Host {
  const given = scenario.host ?? {};
  switch (given.scheduler) {
    case "table":
      return new Table(world, given);
    case "sedf":
      return new SedfHost(world, given.extra_quantum!);
    case "credit":
      return new Credit(world, given, scenario.servers);
    default:
      return new Classes(world, given.scheduler ?? "fp", openFair(world, scenario));
  }
}

function openFair(world: World, scenario: AnyScenario): Fair | null {
  const given = scenario.host?.fair;
  const servers = world.servers.filter((server) => server.isFairMember);
  switch (given?.algorithm) {
    case undefined:
      return null;
    case "sfq":
      return new StartTimeFair(servers, given.quantum);
    case "cfs":
      return new CompletelyFair(servers, given);
    case "eevdf":
      return new EarliestEntitled(servers, given);
  }
}

function openTask(given: AnyTask, server: Server, stream: Stream): Task {
  const period = given.period ?? Number.POSITIVE_INFINITY;
  const deadline = given.deadline ?? period;
  const priorities = { rm: period, dm: deadline, explicit: given.priority! };
  const wcet = given.wcet ?? 0; // jobs as given say it themselves
  const task = {
    number: stream.entity,
    name: given.name,
    server,
    source: sourceOf(given),
    wcet,
    bcet: given.bcet ?? wcet,
    deadline,
    onMiss: given.on_miss ?? "continue",
    priority: priorities[server.given.priorities ?? "rm"],
    stream,
    queue: [],
    happened: {
      released: 0,
      missed: 0,
      skipped: 0,
      preemptions: 0,
      responses: [],
      guestResponses: [],
      completionTimes: [],
      latenesses: [],
      startDelays: [],
    },
  };
  // The task and its first job refer to each other: the job is drawn for the very object that then holds it.
  return Object.assign(task, { upcoming: firstJob(task, given.offset ?? 0) });
}

function sourceOf(given: AnyTask): Source {
  if (given.jobs !== undefined) return { kind: "jobs", jobs: given.jobs };
  if (given.think !== undefined) {
    return { kind: "think", think: given.think, thinkMax: given.think_max ?? given.think };
  }
  const period = given.period!;
  return { kind: "period", period, periodMax: given.period_max ?? period, jitter: given.jitter ?? 0 };
}
