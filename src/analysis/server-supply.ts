/** The supply bound of each server policy (analysis.md section 1). */

import { type BudgetedServer, isReservation, type System } from "../model/system.js";
import { competitors, interference } from "./interference.js";
import { RemainingSupply, ReservationSupply, type Supply, TableSupply } from "./supply.js";

/**
 * The supply of server i, valid if the host gives it its budget in time: `within` ticks of each period's start, its
 * period_max unless a shorter w is known. Null where no bound exists.
 */
export function serverSupply(system: System, index: number, within?: number): Supply | null {
  const { host, servers } = system;
  const server = servers[index]!;
  if (host.scheduler === "table") {
    const windows = host.windows!.filter((window) => window.server === index);
    return new TableSupply(host.frame!, windows);
  }
  if (isReservation(host, server)) return reservationSupply(server, server.budgetMin, within ?? server.periodMax);
  if (host.scheduler === "edf" && isWithoutBound(system, index)) return null;
  return new RemainingSupply(interference(system, competitors(system, index)));
}

/**
 * The supply of a server with a least budget per period, complete `within` ticks of each period's start: A(t - lead).
 * Null for `cbs-soft`, whose deadline runs ahead while the CPU is idle, so that its guest may have to wait for it.
 */
export function reservationSupply(server: BudgetedServer, budget: number, within: number): Supply | null {
  if (server.policy === "cbs-soft") return null;
  return new ReservationSupply(server.periodMax, budget, lead(server, budget), within);
}

/** The longest time before the period from which on the server's budget is sure to be there for its guest. */
function lead({ policy, periodMax, offset, tasks }: BudgetedServer, budget: number): number {
  // Polling: a job that arrives one tick after the discard waits for the next period. Sporadic: when the list of
  // refills overflows, a whole budget can move to the latest refill, and under edf its pieces differ in deadline.
  const steady = policy === "polling" || policy === "sporadic" ? periodMax - 1 : periodMax - budget;
  if (policy === "cbs" || tasks.length === 0) return steady;
  const earliest = tasks.reduce((least, task) => Math.min(least, task.offset), Number.MAX_SAFE_INTEGER);
  return Math.max(steady, offset! - earliest);
}

/** Whether another server may keep the CPU from a dedicated one under edf for as long as it likes. */
function isWithoutBound({ servers }: System, index: number): boolean {
  return servers.some(({ policy }, other) => other !== index && (policy === "dedicated" || policy === "cbs-soft"));
}
