// Which host scheduler does what: the only file that knows every host scheduler. README.md says how to add one. What a
// host scheduler does not say refuses: it is unknown, or its runs do not leap.

import { HOST_CREDIT, HOST_EDF, HOST_FP, HOST_SEDF, HOST_TABLE } from "../abi";
import * as classes from "../classes/dispatch";
import { BANDWIDTH, FULL, GENERAL, Mode, PLAIN, POLICIES } from "../mode";
import * as policies from "../policies/dispatch";
import { core, machine, noServer, Server } from "../records";
import { Duration, Instant, NEVER } from "../time";
import * as credit from "./credit";
import * as edf from "./edf";
import * as fp from "./fp";
import * as sedf from "./sedf";
import * as hostState from "./state";
import * as table from "./table";

/** That of a machine whose host was left out. */
export const DEFAULT = HOST_FP;

/** Before the servers are loaded; the scenario has so many windows that are not a server's. */
export function start(windows: i32): void {
  hostState.clear();
  assert(windows == 0 || machine.host == HOST_TABLE, "windows of a table");
  switch (machine.host) {
    case HOST_FP:
    case HOST_EDF:
      return;
    case HOST_TABLE:
      return table.start(windows);
    case HOST_SEDF:
      return sedf.start();
    case HOST_CREDIT:
      return credit.start();
    default:
      assert(false, "unknown host scheduler");
  }
}

/** The least mode that can be this host; those from POLICIES on can be every host. */
export function leastMode(): Mode {
  if (machine.host == HOST_FP) return PLAIN;
  if (machine.host == HOST_EDF) return BANDWIDTH;
  return machine.host == HOST_TABLE ? GENERAL : POLICIES;
}

/** Servers stand in the order of this and their number. */
export function orderOf(priority: i64): i64 {
  return machine.host == HOST_FP ? priority : 0;
}

/** Once all servers are loaded: whether it can schedule these. */
export function check(): void {
  if (machine.host == HOST_TABLE) table.check();
  if (machine.host == HOST_SEDF) sedf.check();
  if (machine.host == HOST_CREDIT) credit.check();
}

/** Phase H: the server that gets the CPU, or noServer. @inline */
export function pickServer(eligible: u64, ran: Server, now: Instant, mode: Mode): Server {
  if (mode >= FULL && machine.host == HOST_FP && machine.boosts != 0) return fp.pickBoosted(eligible);
  if (mode == PLAIN || machine.host == HOST_FP) return fp.pick(eligible);
  if (mode == BANDWIDTH) return edf.pick(eligible, ran);
  if (machine.host == HOST_EDF)
    return mode >= POLICIES ? edf.pickByLevel(eligible, ran, now, mode) : edf.pick(eligible, ran);
  if (machine.host == HOST_TABLE) return table.pick(now);
  assert(false, "unknown host scheduler");
  return noServer;
}

/** Phase A from POLICIES on: the server had the CPU for `used` ticks up to now, whoever pays. @inline */
export function charge(server: Server, used: Duration, now: Instant, mode: Mode): void {
  if (core.serves) classes.charge(server, used);
  if (machine.host == HOST_CREDIT) credit.charge(server, used);
}

/** Phase D from POLICIES on, at machine.hostAt: what the host has to do of its own accord; `ran` had the CPU until now. */
export function due(ran: Server, now: Instant, mode: Mode): void {
  if (machine.host == HOST_CREDIT) credit.due(ran, now, mode);
}

/** Phase F from POLICIES on, once those servers have woken up, if any has. */
export function wake(woken: u64, now: Instant, mode: Mode): void {
  if (machine.host == HOST_SEDF) sedf.wake(woken, now, mode);
  if (machine.host == HOST_CREDIT) credit.wake(woken, now);
}

/** Phase H from POLICIES on: the server that gets the CPU, or noServer. Sets who pays, and who would go on if they could. @inline */
export function decide(ran: Server, now: Instant, mode: Mode): Server {
  core.serviceEnd = NEVER;
  switch (machine.host) {
    case HOST_FP:
    case HOST_EDF: {
      const payer = changetype<Server>(core.payer);
      const eligible = machine.budgeted & (machine.pending | machine.idles);
      return classes.decide(pickServer(eligible, payer != noServer ? payer : ran, now, mode), now, mode);
    }
    case HOST_TABLE: {
      const server = table.pick(now);
      core.payer = changetype<usize>(server);
      machine.runnable = machine.pending;
      return server;
    }
    case HOST_SEDF:
      return sedf.decide(ran, now, mode);
    case HOST_CREDIT:
      return credit.decide(now);
    default:
      assert(false, "unknown host scheduler");
      return noServer;
  }
}

/** Traced: whether the server that runs, and serves nobody's best effort, has more of the CPU than is reserved for it. */
export function isExtra(server: Server): bool {
  if (machine.host == HOST_SEDF) return sedf.isExtra(server);
  if (machine.host == HOST_CREDIT) return credit.isExtra(server);
  return policies.levelOf(server) > 0;
}

/** Traced: the level of the server that runs; -1: it has none. */
export function levelOf(server: Server): i64 {
  if (machine.host == HOST_SEDF) return sedf.levelOf(server);
  if (machine.host == HOST_CREDIT) return credit.levelOf(server);
  return policies.levelOf(server);
}

/** The host's own state repeats at multiples of this only; 0: it need not repeat at all, and the run does not leap. */
export function cycle(): Duration {
  switch (machine.host) {
    case HOST_FP:
    case HOST_EDF:
      return 1;
    case HOST_TABLE:
      return table.cycle();
    default:
      return 0;
  }
}

/** Keeps a copy of the host's state. */
export function keep(): void {
  hostState.keep();
}

/** Whether the host's state is the kept one, `by` later. */
export function repeats(by: Duration): bool {
  switch (machine.host) {
    case HOST_FP:
    case HOST_EDF:
      return true;
    case HOST_TABLE:
      return table.repeats(by);
    default:
      return false;
  }
}

/** Everything is that much later. */
export function shift(by: Duration): void {
  if (machine.host == HOST_TABLE) table.shift(by);
}
