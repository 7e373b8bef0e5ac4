// What a valid scenario says that may not be what was meant.

import * as abi from "../../assembly/abi.js";
import { serverAt } from "../model/fields.js";
import { factsOf } from "../model/policies.js";
import type { Server, System } from "../model/system.js";
import { resolveScenario } from "./resolve.js";
import { type Scenario, topmost } from "./scenario.js";

/** A sentence for each; none for most scenarios. */
export function notesOn(scenario: Scenario): string[] {
  const system = resolveScenario(scenario);
  return [...withoutDeadline(system, scenario), ...withoutWindow(system, scenario), ...slowerFirst(system, scenario)];
}

/** Host `edf` puts what has no deadline after all that has one. */
function withoutDeadline(system: System, { flat }: Scenario): string[] {
  if (system.host.scheduler !== "edf") return [];
  const has = (number: number) =>
    factsOf(system.servers[number].policy).hasDeadline || flat[serverAt(number) + abi.IN_SERVER_DEADLINE_GUEST] === 1;
  const guest = isOnePlain(system) ? '"deadline: guest" gives it that of its jobs, and ' : "";
  return rivals(system).flatMap((group) => {
    if (!group.some(has)) return [];
    return group
      .filter((number) => !has(number))
      .map((number) => system.servers[number])
      .filter((server) => !isBestEffort(server) && server.tasks.length > 0)
      .map(
        ({ name, policy }) =>
          `server ${name}: ${policy} has no deadline at host edf, which serves it only when no server with a deadline can run, whatever the deadlines of its tasks; ${guest}a cbs with the period and the work of its task has one`,
      );
  });
}

/** Servers are ranked by their place where none says a priority, and people expect the shorter period to come first. */
function slowerFirst(system: System, { flat }: Scenario): string[] {
  const { host, servers } = system;
  const saysNone = servers.every((_, number) => flat[serverAt(number) + abi.IN_SERVER_PRIORITY] === abi.ABSENT);
  if (host.scheduler !== "fp" || !saysNone) return [];
  for (const group of rivals(system)) {
    const ranked = group.map((number) => servers[number]).filter(({ period }) => period !== null);
    const at = ranked.findIndex(({ period }, place) => place > 0 && period! < ranked[place - 1].period!);
    if (at < 0) continue;
    const [slow, fast] = [ranked[at - 1].name, ranked[at].name];
    return [
      `server ${slow} stands before ${fast} and so has the higher priority at host fp, though its period is the longer; "priority: 1" and so on say another order`,
    ];
  }
  return [];
}

/** The numbers of servers that compete for CPUs, the topmost of each cluster; those of which each may always have one do not. */
function rivals({ several, servers }: System): number[][] {
  if (several === undefined) return [servers.map((_, number) => number)];
  const clusters = new Map<string, number[]>();
  several.servers.forEach(({ isTop, cpus }, number) => {
    if (isTop) clusters.set(cpus.join(), [...(clusters.get(cpus.join()) ?? []), number]);
  });
  return [...clusters.values()].filter((group) => group.length > several.servers[group[0]].cpus.length);
}

/** Whether it has one CPU, and neither VCPUs nor servers in servers: others take no `deadline: guest`. */
function isOnePlain({ several }: System): boolean {
  if (several === undefined) return true;
  return (several.cpus ?? 1) === 1 && several.servers.every(({ vm, isInTree }) => vm === null && !isInTree);
}

/** What shares the time that is left is meant to come last. */
function isBestEffort({ policy }: Server): boolean {
  return factsOf(policy).optional.includes("weight");
}

/** A partition without a window never runs. */
function withoutWindow({ host, servers }: System, { names }: Scenario): string[] {
  const { windows } = host;
  if (windows === undefined) return [];
  const named = new Set(windows.map(({ server }) => topmost(names, server)));
  return servers
    .filter(({ tasks }, number) => tasks.length > 0 && !named.has(topmost(names, number)))
    .map(({ name }) => `server ${name}: it has tasks and no window in the table, so it never runs`);
}
