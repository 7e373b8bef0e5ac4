// The supply bound of each server (analysis.md section 1).

import type { System } from "../model/system.js";
import { competitors, interference } from "./interference.js";
import { isReservation, reservationOf } from "./policies.js";
import { RemainingSupply, ReservationSupply, type Supply, TableSupply } from "./supply.js";

/**
 * The supply of server i, valid if the host gives it its budget in time: `within` ticks of each period's start, its
 * period_max unless a shorter w is known. Null where no bound exists.
 */
export function serverSupply(system: System, index: number, within?: number): Supply | null {
  const { host, servers } = system;
  const server = servers[index];
  if (host.scheduler === "table") {
    const windows = host.windows!.filter((window) => window.server === index);
    return new TableSupply(host.frame!, windows);
  }
  if (isReservation(host, server)) return reservationSupply(system, index, server.budgetMin, within);
  if (isWithoutBound(system, index)) return null;
  return new RemainingSupply(interference(system, competitors(system, index)));
}

/**
 * The supply of server i with a least budget per period, complete `within` ticks of each period's start, its period_max
 * unless said otherwise: A(t - lead). Null where its guest is sure of none.
 */
export function reservationSupply(
  { host, servers }: System,
  index: number,
  budget: number,
  within?: number,
): Supply | null {
  const server = servers[index];
  if (!isReservation(host, server)) return null;
  const lead = reservationOf(host, server)?.lead ?? null;
  if (lead === null) return null;
  return new ReservationSupply(server.periodMax, budget, lead(server, budget), within ?? server.periodMax);
}

/** Whether another server may keep the CPU from an unreserved one under edf for as long as it likes. */
function isWithoutBound({ host, servers }: System, index: number): boolean {
  if (host.scheduler !== "edf") return false;
  return servers.some((server, other) => other !== index && !reservationOf(host, server)?.interference);
}
