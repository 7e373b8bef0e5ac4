// What a mechanism is and gives: the text to paste, and what the reader has to know about it.

import type { Fraction } from "fraction.js";
import { analyze } from "../../analysis/analyze.js";
import { isReservation } from "../../analysis/policies.js";
import { factsOf, takes } from "../../model/policies.js";
import type { BudgetedServer, Server, System } from "../../model/system.js";
import { type DeployUnit, DoesNotFit } from "./units.js";

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
   * @param pins of a host with several CPUs; without, all servers are on one
   * @throws DoesNotFit where the mechanism cannot express it
   */
  readonly settingsOf: (system: System, pins?: Pins) => Settings;
}

/** The machine that a server is, or is a virtual CPU of, and the number of that virtual CPU. */
export function machineOf({ name, vm, vcpu }: Server): { readonly name: string; readonly vcpu: number } {
  return vm === undefined ? { name, vcpu: 0 } : { name: vm, vcpu: vcpu! };
}

/** The servers that are virtual CPUs of the same machine; without a VM only the server itself. */
export function virtualCpusOf<Each extends Server>(servers: readonly Each[], { name, vm }: Server): Each[] {
  return servers.filter((other) => (vm === undefined ? other.name === name : other.vm === vm));
}

/** The CPU of each server, by its name, in the order of the servers. */
export type Pins = ReadonlyMap<string, number>;

/**
 * The settings of each CPU, one after the other; warnings say of which.
 * @param settingsOf of the servers of one CPU, whose number it is told if there are several
 */
export function onEachCpu(
  system: System,
  pins: Pins | undefined,
  settingsOf: (part: System, cpu?: number) => Settings,
): Settings {
  if (pins === undefined) return settingsOf(system);
  const cpus = [...new Set(pins.values())].sort((a, b) => a - b);
  const parts = cpus.map((cpu) => {
    const servers = system.servers.filter(({ name }) => pins.get(name) === cpu);
    try {
      const { settings, warnings } = settingsOf({ ...system, servers }, cpu);
      return { settings, warnings: warnings.map((warning) => `CPU ${cpu}: ${warning}`) };
    } catch (error) {
      throw error instanceof DoesNotFit ? new DoesNotFit(`CPU ${cpu}: ${error.message}`) : error;
    }
  });
  return {
    settings: parts.flatMap(({ settings }) => settings),
    warnings: parts.flatMap(({ warnings }) => warnings),
  };
}

/** A system whose servers have the periods and budgets that were chosen. */
export interface ChosenSystem {
  readonly system: System;
  /** Length of one time unit of the system, in nanoseconds. */
  readonly step: Fraction;
  /** Of a host with several CPUs. */
  readonly pins?: Pins | undefined;
}

/** What a mechanism can set beside periods and budgets. */
interface Expressible {
  /** Fields of semantics.md section 10. */
  readonly fields?: readonly string[];
  /** Whether it can set the weights of servers that share what is left. */
  readonly weights?: boolean;
}

/** Servers with settings, and what cannot be set of them. */
export interface Reservations {
  readonly reserved: BudgetedServer[];
  /** Those without a budget, that share by their weights: only of a mechanism that can set them. */
  readonly shared: Server[];
  readonly warnings: string[];
}

/** Whether there is a budget to set, be it guaranteed by a proof or not. */
export function hasBudget(server: Server): server is BudgetedServer {
  return factsOf(server.policy).isBudgeted && server.budget !== null && server.budget > 0;
}

/** No server has anything that the mechanism could set. */
export class NothingToSet extends Error {
  constructor(servers: readonly Server[]) {
    const policies = [...new Set(servers.map(({ policy }) => policy))];
    super(
      `nothing can be set with this mechanism: no server has a guaranteed budget, all are ${policies.join(" or ")}`,
    );
    this.name = "NothingToSet";
  }
}

/**
 * The servers that have a budget to set, and a warning for each of the others and for all that cannot be set.
 * @throws NothingToSet
 */
export function reservations({ host, servers }: System, { fields = [], weights }: Expressible = {}): Reservations {
  const reserved: BudgetedServer[] = [];
  const shared: Server[] = [];
  const warnings: string[] = [];
  for (const server of servers) {
    const more = Object.keys(server.more ?? {}).filter((field) => !fields.includes(field) && field !== "weight");
    const isShared = weights === true && factsOf(server.policy).pays === "nothing" && takes(server.policy, "weight");
    if (isReservation(host, server) || hasBudget(server)) reserved.push(server);
    else if (isShared) shared.push(server);
    else warnings.push(`${server.name} is ${server.policy}: it has no guaranteed budget that could be set`);
    if (more.length > 0) warnings.push(`${server.name}: ${more.join(", ")} cannot be set here`);
  }
  if (reserved.length + shared.length === 0) throw new NothingToSet(servers);
  return { reserved, shared, warnings };
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
  if (host.schedulable === "unknown") return warnings;
  for (const { server, name, schedulable, theorem } of tasks) {
    if (schedulable === false && host.schedulable === true)
      warnings.push(`${server}/${name}: nothing shows that it keeps its deadlines under ${mechanism}`);
    if (schedulable === "unknown")
      warnings.push(`${server}/${name}: nothing is known of it under ${mechanism}, ${theorem}`);
  }
  return warnings;
}
