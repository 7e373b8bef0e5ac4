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
function withoutDeadline({ host, servers }: System, { flat }: Scenario): string[] {
  const hasDeadline = ({ policy }: Server, number: number) =>
    factsOf(policy).hasDeadline || flat[serverAt(number) + abi.IN_SERVER_DEADLINE_GUEST] === 1;
  if (host.scheduler !== "edf" || !servers.some(hasDeadline)) return [];
  return servers
    .filter((server, number) => !hasDeadline(server, number) && !isBestEffort(server) && server.tasks.length > 0)
    .map(
      ({ name, policy }) =>
        `server ${name}: ${policy} has no deadline at host edf, which serves it only when no server with a deadline can run, whatever the deadlines of its tasks; "deadline: guest" gives it that of its jobs, and a cbs with the period and the work of its task has one`,
    );
}

/** Servers are ranked by their place where none says a priority, and people expect the shorter period to come first. */
function slowerFirst({ host, servers }: System, { flat }: Scenario): string[] {
  const saysNone = servers.every((_, number) => flat[serverAt(number) + abi.IN_SERVER_PRIORITY] === abi.ABSENT);
  if (host.scheduler !== "fp" || !saysNone) return [];
  const ranked = servers.filter(({ period }) => period !== null);
  const at = ranked.findIndex(({ period }, place) => place > 0 && period! < ranked[place - 1].period!);
  if (at < 0) return [];
  const [slow, fast] = [ranked[at - 1].name, ranked[at].name];
  return [
    `server ${slow} stands before ${fast} and so has the higher priority at host fp, though its period is the longer; "priority: 1" and so on say another order`,
  ];
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
