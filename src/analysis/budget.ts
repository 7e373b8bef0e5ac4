// The least budget with which a guest passes (analysis.md section 4).

import type { System } from "../model/system.js";
import { backlog } from "./backlog.js";
import { DeadlineDemand, type Demand } from "./demand.js";
import { unlessExceeded } from "./effort.js";
import { mayDrop, meetsDeadlines, meetsFixedPriorities } from "./guest.js";
import { guestBounds } from "./guests.js";
import { switchCost } from "./interference.js";
import { ownReservation } from "./own-reservation.js";
import { hasSupply, isReservation, reservationOf } from "./policies.js";
import { reservationSupply } from "./server-supply.js";
import type { Supply } from "./supply.js";

/** The demand of server i's guest with its switches; null for a scheduler without such a test. */
export function guestDemand(system: System, index: number): Demand | null {
  const server = system.servers[index];
  const demand = guestBounds(server.scheduler)?.demand ?? null;
  return demand === null ? null : new demand(server, system.host.guestSwitch, switchCost(system, index));
}

/** Whether every task of server i, which has tasks, is sure to be in time on the supply; what stays unknown does not pass. */
function passes(system: System, index: number, demand: Demand | null, supply: Supply): boolean {
  if (demand !== null && meetsDemand(demand, supply)) return true;
  const span = unlessExceeded(() => backlog(system, index, supply)?.span ?? null, null);
  if (span === null) return false;
  // What comes too late by the backlog may be shown in time by the demand bound, which is of all tasks at once.
  const rest = system.servers[index].tasks.filter(({ jitter, deadline }) => jitter + span > deadline);
  if (rest.length === 0) return true;
  return demand instanceof DeadlineDemand && !rest.some(mayDrop) && isDeadlineMet(demand, supply);
}

function meetsDemand(demand: Demand, supply: Supply): boolean {
  if (demand instanceof DeadlineDemand) return !demand.tasks.some(mayDrop) && isDeadlineMet(demand, supply);
  return unlessExceeded(() => meetsFixedPriorities(demand, supply), false);
}

function isDeadlineMet(demand: DeadlineDemand, supply: Supply): boolean {
  return unlessExceeded(() => meetsDeadlines(demand, supply), false);
}

/**
 * The smallest whole budget up to the server's period with which each of its tasks passes: on the supply of the server's
 * policy, each budget given by the end of its period (period_max, offset and switch costs as given, no variation of the
 * budget), or alone in its reservation. The other servers are as they are, the host's verdict is left out. Null without
 * one, without a task, or where a budget guarantees nothing.
 * @param demand of its guest, where it is known
 */
export function leastBudget(system: System, index: number, demand?: Demand | null): number | null {
  const { host, servers } = system;
  if (!isReservation(host, servers[index]) || servers[index].tasks.length === 0) return null;
  const own = unlessExceeded(() => ownReservation(system, index)?.leastBudget ?? null, null);
  return leastOnSupply(system, index, own ?? undefined, demand) ?? own;
}

/**
 * That by its supply alone, null if none of at most `limit`, by default the server's period, is enough. More budget never
 * hurts, so it is found by bisection.
 */
export function leastOnSupply(system: System, index: number, limit?: number, known?: Demand | null): number | null {
  const server = system.servers[index];
  if (!hasSupply(system.host, server) || server.tasks.length === 0) return null;
  const most = limit ?? server.period;
  // Where each tick of a budget may come back by itself, its switches cost at least what it supplies.
  if (reservationOf(system.host, server)?.splits && system.host.hostSwitch > 0) return null;
  const demand = known === undefined ? guestDemand(system, index) : known;
  const suffices = (budget: number) => passes(system, index, demand, reservationSupply(system, index, budget)!);
  if (!suffices(most)) return null;
  let [tooLittle, enough] = [0, most];
  while (enough - tooLittle > 1) {
    const budget = tooLittle + Math.floor((enough - tooLittle) / 2);
    if (suffices(budget)) enough = budget;
    else tooLittle = budget;
  }
  return enough;
}
