// The least budget with which a guest passes (analysis.md section 4).

import type { GuestScheduler } from "../model/guests.js";
import type { Server, System } from "../model/system.js";
import { DeadlineDemand, type Demand, FixedPriorityDemand } from "./demand.js";
import { unlessExceeded } from "./effort.js";
import { mayDrop, meetsDeadlines, meetsFixedPriorities } from "./guest.js";
import { switchCost } from "./interference.js";
import { hasSupply, reservationOf } from "./policies.js";
import { reservationSupply } from "./server-supply.js";
import type { Staircase } from "./staircase.js";
import type { Supply } from "./supply.js";

type Demanding = new (server: Server, guestSwitch: number, switches: Staircase) => Demand;

/** The demand of each guest scheduler; null: it has no test. */
const DEMANDS: Readonly<Record<GuestScheduler, Demanding | null>> = {
  fp: FixedPriorityDemand,
  edf: DeadlineDemand,
  fifo: null,
};

/** The demand of server i's guest with its switches; null for a scheduler that has no test. */
export function guestDemand(system: System, index: number): Demand | null {
  const server = system.servers[index];
  const Demanded = DEMANDS[server.scheduler] ?? null;
  return Demanded === null ? null : new Demanded(server, system.host.guestSwitch, switchCost(system, index));
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
  const server = system.servers[index];
  if (!hasSupply(system.host, server) || server.tasks.length === 0) return null;
  // Where each tick of a budget may come back by itself, its switches cost at least what it supplies.
  if (reservationOf(system.host, server)?.splits && system.host.hostSwitch > 0) return null;
  const demand = guestDemand(system, index);
  if (demand === null) return null;
  const suffices = (budget: number) => passes(demand, reservationSupply(system, index, budget)!);
  if (!suffices(server.period)) return null;
  let [tooLittle, enough] = [0, server.period];
  while (enough - tooLittle > 1) {
    const budget = tooLittle + Math.floor((enough - tooLittle) / 2);
    if (suffices(budget)) enough = budget;
    else tooLittle = budget;
  }
  return enough;
}
