// Who has a CPU, from when to when, and what a switch costs (semantics.md section 7). There is one CPU today.

import { STATUS_OVERFLOW } from "./abi";
import * as notes from "./cycle-notes";
import { fail } from "./failure";
import { FULL, Mode, PLAIN, POLICIES } from "./mode";
import { core, machine, noServer, noTask, Server, Task } from "./records";
import { Duration, Instant, SUM_MAX } from "./time";

/** Whose budget is used while that server runs. @inline */
export function payerOf(server: Server, mode: Mode): Server {
  return mode >= POLICIES ? changetype<Server>(core.payer) : server;
}

/** Phase H, of a server that had the CPU until now; the runnable ones among all would go on if they could. @inline */
export function loseCpu(server: Server, runnable: u64, now: Instant): void {
  server.supply += now - server.gotCpuAt;
  server.lostCpuAt = now;
  if ((runnable & server.bit) != 0) server.preemptions++;
}

/** Phase H, of a server that has the CPU from now on. Returns the cost of the switch. Idling in between does not make it one. @inline */
export function gainCpu(server: Server, now: Instant, mode: Mode): Duration {
  const blackout = now - server.lostCpuAt;
  if (blackout > server.blackoutMax) server.blackoutMax = blackout;
  server.gotCpuAt = now;
  if (core.lastServer == changetype<usize>(server)) return 0;
  core.lastServer = changetype<usize>(server);
  server.switches++;
  return mode == PLAIN ? 0 : machine.hostSwitch;
}

/** Phase H: a job that did not run in the interval before is dispatched, for the first time or again. @inline */
export function begin(server: Server, task: Task, cost: Duration, now: Instant, mode: Mode): void {
  if (server.lastJob != changetype<usize>(task)) {
    server.lastJob = changetype<usize>(task);
    server.guestSwitches++;
    if (mode != PLAIN) cost += machine.guestSwitch;
  }
  if (!task.started) {
    task.started = 1;
    const wait = now - (mode >= FULL ? task.arrivedAt : task.headArrival);
    if (wait > task.startMax) task.startMax = wait;
    if (task.emptiedAt < machine.notingSince) notes.addStart(task, wait);
  }
  if (mode != PLAIN && cost != 0) addCost(task, cost);
}

/** Switch costs are work of the job that is switched to. */
function addCost(task: Task, cost: Duration): void {
  task.remaining += cost;
  core.overhead += cost;
  if (core.overhead > SUM_MAX) fail(STATUS_OVERFLOW);
}

/** Phase H: what the interrupts of this instant cost is work of the job that runs; it is lost where there is none. */
export function interrupt(task: Task): void {
  if (task != noTask) addCost(task, machine.interrupts);
  machine.interrupts = 0;
}

/** The supply of the server that has the CPU, up to now. */
export function closeSupply(now: Instant): void {
  const server = changetype<Server>(core.server);
  if (server == noServer) return;
  server.supply += now - server.gotCpuAt;
  server.gotCpuAt = now;
}
