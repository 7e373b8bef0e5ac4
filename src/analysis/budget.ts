/** The least budget with which a guest passes (analysis.md section 4). */

import { isReservation, type System } from "../model/system.js";
import { DeadlineDemand, type Demand, FixedPriorityDemand } from "./demand.js";
import { unlessExceeded } from "./effort.js";
import { mayDrop, meetsDeadlines, meetsFixedPriorities } from "./guest.js";
import { switchCost } from "./interference.js";
import { reservationSupply } from "./server-supply.js";
import type { Supply } from "./supply.js";

/** The demand of server i's guest with its switches; null for `fifo`, which has no test. */
export function guestDemand(system: System, index: number): Demand | null {
  const server = system.servers[index]!;
  if (server.scheduler === "fifo") return null;
  const switches = switchCost(system, index);
  const { guestSwitch } = system.host;
  return server.scheduler === "edf"
    ? new DeadlineDemand(server, guestSwitch, switches)
    : new FixedPriorityDemand(server, guestSwitch, switches);
}

/** Whether every task of the guest is sure to be in time on the supply; what stays unknown does not pass. */
export function passes(demand: Demand, supply: Supply): boolean {
  return unlessExceeded(() => {
    if (!(demand instanceof DeadlineDemand)) return meetsFixedPriorities(demand, supply);
    return !demand.tasks.some(mayDrop) && meetsDeadlines(demand, supply);
  }, false);
}

/**
 * The smallest whole budget up to the server's period with which its guest passes on the supply of the server's policy,
 * each budget given by the end of its period (period_max, offset and switch costs as given, no variation of the budget).
 * More budget never hurts, so it is found by bisection. Null without one, without a test, without a task, or where a
 * budget guarantees nothing.
 */
export function leastBudget(system: System, index: number): number | null {
  const server = system.servers[index]!;
  const isBounded = isReservation(system.host, server) && server.policy !== "cbs-soft";
  if (!isBounded || server.tasks.length === 0) return null;
  // Each tick of a sporadic budget may come back by itself, so its switches cost at least what it supplies.
  if (server.policy === "sporadic" && system.host.hostSwitch > 0) return null;
  const demand = guestDemand(system, index);
  if (demand === null) return null;
  const suffices = (budget: number) => passes(demand, reservationSupply(server, budget, server.periodMax)!);
  if (!suffices(server.period)) return null;
  let [tooLittle, enough] = [0, server.period];
  while (enough - tooLittle > 1) {
    const budget = tooLittle + Math.floor((enough - tooLittle) / 2);
    if (suffices(budget)) enough = budget;
    else tooLittle = budget;
  }
  return enough;
}
