// A system that says something of several CPUs, as servers to place: a VCPU of a partitioned VM is a server of its own, with
// the tasks that are on it (semantics.md section 11.4), and an affinity names the CPUs that it may be placed on.

import { isGlobal, partOf, tasksOf } from "../analysis/part.js";
import type { Several, System } from "../model/system.js";

/** Why no budget of a single server can be chosen where servers, tasks or VMs depend on others; nothing: it can. */
export function whyNotPlaced({ servers, host }: System, several: Several): string[] {
  const ofServers = servers.flatMap(({ name, vm }, number) => {
    const own = several.servers[number];
    if (own.isInTree)
      return [
        `${name} is in a tree of servers: nothing is proved of what a budget gives to servers in it; list its leaves as topmost servers`,
      ];
    if (own.vcpus > 1 && isGlobal(several, number))
      return [
        `${vm} is ${own.assignment}, so its jobs run on any of its VCPUs: no proof gives the least budget of one of them; say assignment: partitioned with assign: first-fit, or ask replenish analyze about the budgets that it has`,
      ];
    return [];
  });
  const tasks = servers.flatMap((server) => server.tasks.map(({ name }) => `${server.vm ?? server.name}/${name}`));
  const ofTasks = several.tasks.flatMap(({ after, hasParts, isDeferred, isBoosted }, number) => [
    ...(after === null
      ? []
      : [
          `${tasks[number]} follows ${tasks[after]}, so what it needs depends on the budget of another server: give it a period, and as jitter the response that ${tasks[after]} is to have`,
        ]),
    ...(hasParts
      ? [`${tasks[number]} runs in parts: nothing is proved of its VCPUs; assign: first-fit keeps tasks whole`]
      : []),
    ...(isDeferred ? [`${tasks[number]} has defer_while: nothing is proved of how long it is held`] : []),
    ...(isBoosted && host.scheduler === "fp"
      ? [`${tasks[number]} has host_priority: nothing is proved of who waits for its server`]
      : []),
  ]);
  return [...ofServers, ...ofTasks];
}

/** The servers and VCPUs of a system of which `whyNotPlaced` says nothing, as if all were on one CPU. */
export function asServers(system: System, several: Several): System {
  const all = system.servers.flatMap(({ tasks }) => tasks);
  const members = [...system.servers.keys()];
  const guests = members.map((server) => tasksOf(several, server).map((task) => all[task]));
  return partOf(system, several, members, guests);
}

/** Of the first so many CPUs those that each server or VCPU may have; undefined where nothing is said of CPUs. */
export function affinities({ cpus, servers }: Several, count: number): number[][] | undefined {
  return cpus === null ? undefined : servers.map((own) => own.cpus.filter((cpu) => cpu < count));
}
