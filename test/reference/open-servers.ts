// The servers of a scenario: VCPUs, VMs and trees of servers, numbered in its order.

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
import type { Server, Vm, World } from "./state.js";
import type { AnyScenario, AnyServer, AnyVcpu } from "./types.js";

/** A VM that has tasks, as the scenario has it. */
export type OpenedVm = readonly [vm: Vm, given: AnyServer];

interface Opening {
  readonly world: World;
  readonly servers: Server[];
  readonly listed: (Vm | Server)[];
  readonly vms: OpenedVm[];
  readonly stream: (entity: number) => Stream;
  readonly cluster: (affinity: readonly number[] | undefined) => readonly number[];
}

/** Opens all servers of the world; returns those that have tasks, in order. */
export function openServers(world: World, scenario: AnyScenario): OpenedVm[] {
  const stream = streamsOf(scenario);
  const cluster = clustersOf(world.cpus);
  const opening: Opening = { world, servers: [], listed: [], vms: [], stream, cluster };
  Object.assign(world, { servers: opening.servers, listed: opening.listed });
  for (const given of scenario.servers) openServer(opening, given, null);
  return opening.vms;
}

/** The random numbers of an entity. */
export function streamsOf({ seed = 0, replicate = 0 }: AnyScenario): (entity: number) => Stream {
  return (entity) => ({ seed: BigInt(seed), replicate, entity });
}

/** One list of CPUs, in order, for all VCPUs with the same affinity. */
function clustersOf(cpus: number): Opening["cluster"] {
  const all = Array.from({ length: cpus }, (_, cpu) => cpu);
  const known = new Map<string, readonly number[]>();
  return (affinity = all) => {
    const sorted = [...affinity].sort((a, b) => a - b);
    const key = sorted.join();
    if (!known.has(key)) known.set(key, sorted);
    return known.get(key)!;
  };
}

function openServer(opening: Opening, given: AnyServer, parent: Server | null): void {
  const { listed, vms } = opening;
  if (given.servers !== undefined) {
    const server = openVcpu(opening, given, parent, null, given.scheduler);
    listed.push(server);
    for (const child of given.servers) openServer(opening, child, server);
    return;
  }
  const vm: Vm = {
    name: given.name,
    scheduler: given.scheduler ?? "fp",
    assignment: given.assignment ?? "partitioned",
    vcpus: [],
    tasks: [],
    hasVcpus: given.vcpus !== undefined,
  };
  for (const vcpu of given.vcpus ?? [given]) vm.vcpus.push(openVcpu(opening, vcpu, parent, vm, undefined));
  vms.push([vm, given]);
  listed.push(vm.hasVcpus ? vm : vm.vcpus[0]!);
}

function openVcpu(
  { world, servers, stream, cluster }: Opening,
  given: AnyVcpu,
  parent: Server | null,
  vm: Vm | null,
  scheduler: AnyServer["scheduler"],
): Server {
  const number = servers.length;
  const { policy, background = null, clock = "host" } = given;
  const isWeighted = background !== null && "weight" in background;
  const server = {
    ...{ number, name: given.name, world, given, vm, parent, children: [] },
    priority: given.priority ?? number + 1,
    scheduler: scheduler ?? "fp",
    cluster: parent?.cluster ?? cluster(given.affinity),
    stream: stream(2 ** 31 + number),
    latencyStream: stream(3 * 2 ** 30 + number),
    tasks: vm?.hasVcpus === false ? vm.tasks : [],
    background,
    isFairMember: policy === "fair" || isWeighted,
    weight: isWeighted ? background.weight : (given.weight ?? (policy === "credit" ? 256 : 1024)),
    lends: given.lend ?? false,
    guestDeadline: given.deadline === "guest",
    ...{ clock, guestTime: 0 },
    wakeLatency: given.latency?.wake ?? null,
    ...{ wasPending: false, wakesAt: null },
    ...{ lastJob: null, memory: null, put: null, lastCpu: null, lastChild: null },
    happened: {
      ...{ wakeUps: 0, replenishments: 0, depletions: 0, preemptions: 0, switches: 0 },
      ...{ guestSwitches: 0, adaptations: 0, migrations: 0, lateness: [] },
    },
  } as unknown as Server;
  servers.push(Object.assign(server, { policy: openPolicy(server, given) }));
  parent?.children.push(server);
  return server;
}

function openPolicy(server: Server, given: AnyVcpu): Policy {
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
