// The best-effort class: servers that share what is left by their weights (semantics.md section 10.3, class 3). Which
// algorithm does what: the only file that knows every algorithm. What an algorithm does not say refuses.

import { ABSENT, FAIR_CFS, FAIR_EEVDF, FAIR_SFQ, IN_HEADER_FAIR_ALGORITHM } from "../abi";
import { fieldOr, header } from "../input";
import { core, machine, noServer, Server, serverAt } from "../records";
import { Duration, Instant } from "../time";
import * as cfs from "./cfs";
import * as eevdf from "./eevdf";
import * as sfq from "./sfq";
import * as shares from "./shares";

let algorithm: i32 = ABSENT;
let members: u64 = 0; // those of the last dispatch

/** Before the servers are loaded. */
export function start(): void {
  algorithm = <i32>fieldOr(header(), IN_HEADER_FAIR_ALGORITHM, ABSENT);
  members = 0;
  core.serves = 0;
  switch (algorithm) {
    case ABSENT:
      return;
    case FAIR_SFQ:
      return sfq.start();
    case FAIR_CFS:
      return cfs.start();
    case FAIR_EEVDF:
      return eevdf.start();
    default:
      assert(false, "unknown best-effort algorithm");
  }
}

/** Once all servers are loaded. */
export function ready(): void {
  shares.ready();
  if (algorithm == FAIR_CFS) cfs.ready();
  assert(machine.weighted == 0 || isThere(), "a best-effort class has an algorithm");
}

/** Whether there is such a class. */
export function isThere(): bool {
  return algorithm != ABSENT;
}

/** Phase A: the server had the CPU of this class for `used` ticks. */
export function charge(server: Server, used: Duration): void {
  switch (algorithm) {
    case FAIR_SFQ:
      return sfq.charge(server, used);
    case FAIR_CFS:
      return cfs.charge(server, used);
    case FAIR_EEVDF:
      return eevdf.charge(server, used);
  }
}

/**
 * Phase H, at every instant: `present` are pending and have no budget, one bit each. Those who were so before and are not
 * any more leave, then the new ones join, each by number; then, if the class has the CPU, it serves one: sets
 * core.serviceEnd, and returns it. `core.serves` still says whether it had the CPU in the interval before.
 */
export function decide(present: u64, serves: bool, now: Instant): Server {
  const leaving = members & ~present;
  const joining = present & ~members;
  if ((leaving | joining) != 0) change(leaving, joining);
  if (!serves) return noServer;
  const hadCpu = core.serves != 0;
  switch (algorithm) {
    case FAIR_SFQ:
      return sfq.serve(members, now);
    case FAIR_CFS:
      return cfs.serve(members, joining, hadCpu, now);
    default:
      return eevdf.serve(members, joining, leaving != 0, hadCpu, now);
  }
}

function change(leaving: u64, joining: u64): void {
  if (algorithm == FAIR_CFS) cfs.catchUp(members);
  if (leaving != 0) leaveAll(leaving);
  if (joining != 0) joinAll(joining);
}

function leaveAll(leaving: u64): void {
  while (leaving != 0) {
    const server = firstByNumber(leaving);
    leaving &= ~server.bit;
    if (algorithm == FAIR_SFQ) sfq.leave(server);
    else if (algorithm == FAIR_CFS) cfs.leave(server);
    else eevdf.leave(server, members);
    members &= ~server.bit;
  }
  if (algorithm == FAIR_SFQ) sfq.settle(members);
  else if (algorithm == FAIR_CFS) cfs.settle(members);
}

function joinAll(joining: u64): void {
  while (joining != 0) {
    const server = firstByNumber(joining);
    joining &= ~server.bit;
    if (algorithm == FAIR_SFQ) sfq.join(server);
    else if (algorithm == FAIR_CFS) cfs.join(server);
    else eevdf.join(server, members);
    members |= server.bit;
  }
}

/** Places are in the order of priorities under fp. */
function firstByNumber(servers: u64): Server {
  let first = serverAt(<i32>ctz(servers));
  for (servers &= servers - 1; servers != 0; servers &= servers - 1) {
    const server = serverAt(<i32>ctz(servers));
    if (server.number < first.number) first = server;
  }
  return first;
}
