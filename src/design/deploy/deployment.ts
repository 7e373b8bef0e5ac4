// What a mechanism is and gives: the text to paste, and what the reader has to know about it.

import type { Fraction } from "fraction.js";
import { analyze } from "../../analysis/analyze.js";
import { isReservation } from "../../analysis/policies.js";
import type { BudgetedServer, Server, System } from "../../model/system.js";
import type { DeployUnit } from "./units.js";

export interface Settings {
  /** Lines to paste; a line that begins with # or is an XML comment explains the next ones. */
  readonly settings: readonly string[];
  /** What keeps the settings from being what was designed. */
  readonly warnings: readonly string[];
}

/** A way to give servers their budgets on a real system. */
export interface Mechanism {
  readonly title: string;
  /** The unit of the numbers in its settings. */
  readonly unit: DeployUnit;
  /**
   * @param system in that unit
   * @throws DoesNotFit where the mechanism cannot express it
   */
  readonly settingsOf: (system: System) => Settings;
}

/** A system whose servers have the periods and budgets that were chosen. */
export interface ChosenSystem {
  readonly system: System;
  /** Length of one time unit of the system, in nanoseconds. */
  readonly step: Fraction;
}

/** The servers that have a budget to set, and a warning for each of the others. */
export function reservations({ host, servers }: System): { reserved: BudgetedServer[]; warnings: string[] } {
  const reserved: BudgetedServer[] = [];
  const warnings: string[] = [];
  for (const server of servers) {
    if (isReservation(host, server)) reserved.push(server);
    else warnings.push(`${server.name} is ${server.policy}: it has no guaranteed budget that could be set`);
  }
  return { reserved, warnings };
}

/** A mechanism's own policy in place of the one that was designed with. */
export function withPolicy(server: BudgetedServer, policy: "cbs" | "deferrable"): Server {
  return { ...server, policy, offset: policy === "cbs" ? null : 0, maxReplenishments: null };
}

/**
 * Whether the rounded settings hold under the scheduler of the mechanism, as the design did under its own: a warning for
 * all that the analysis does not show to be schedulable.
 */
export function settingsHold(system: System, mechanism: string): string[] {
  const { host, tasks } = analyze(system, { details: false });
  const warnings =
    host.schedulable === true
      ? []
      : [`nothing shows that ${mechanism} gives every server its budget in time: ${host.reason}`];
  for (const { server, name, schedulable, theorem } of tasks) {
    if (schedulable === false && host.schedulable === true)
      warnings.push(`${server}/${name}: nothing shows that it keeps its deadlines under ${mechanism}`);
    if (schedulable === "unknown")
      warnings.push(`${server}/${name}: nothing is known of it under ${mechanism}, ${theorem}`);
  }
  return warnings;
}
