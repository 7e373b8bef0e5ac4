// In which order the host, and a server that has servers in it, prefers those that it chooses from (semantics.md section
// 11.3): by priority and number, or by deadline, those first that ran in the interval before, and number.

import { HOST_EDF } from "../abi";
import * as boost from "../boost";
import { FULL, Mode } from "../mode";
import * as policies from "../policies/dispatch";
import { machine, Server, serverAt } from "../records";
import { Instant } from "../time";
import { highest, lowest, many } from "./state";

/** The first of some servers, of which there is one at least. @inline */
export function first(servers: u64, scheduler: i32, now: Instant, mode: Mode): u64 {
  if (scheduler != HOST_EDF && isPlain(scheduler, mode)) return lowest(servers); // they stand in this order
  if (isPlain(scheduler, mode)) return earliest(servers);
  return extreme(servers, scheduler, now, true);
}

/** The first of some servers, one at least, of which none runs. @inline */
export function firstWaiting(servers: u64, now: Instant, mode: Mode): u64 {
  if (machine.host == HOST_EDF && isPlain(HOST_EDF, mode)) return firstDue(servers);
  return first(servers, machine.host, now, mode);
}

/** The last of some servers, of which there is one at least. @inline */
export function last(servers: u64, scheduler: i32, now: Instant, mode: Mode): u64 {
  if (scheduler != HOST_EDF && isPlain(scheduler, mode)) return highest(servers);
  if (isPlain(scheduler, mode)) return latest(servers);
  return extreme(servers, scheduler, now, false);
}

/** Whether one server comes before the other. @inline */
export function isBefore(one: u64, other: u64, scheduler: i32, now: Instant, mode: Mode): bool {
  if (scheduler != HOST_EDF && isPlain(scheduler, mode)) return one < other;
  return precedes(serverAt(<i32>ctz(one)), serverAt(<i32>ctz(other)), scheduler, now);
}

/** Whether nothing but priorities, or deadlines, counts: no job changes a priority, and no policy has levels. @inline */
function isPlain(scheduler: i32, mode: Mode): bool {
  if (mode < FULL) return true;
  return scheduler == HOST_EDF ? !many.hasLevels : machine.boosts == 0;
}

/** By deadlines alone; who ran wins a tie. Servers of one parent stand in the order of their numbers. @inline */
function earliest(servers: u64): u64 {
  const waiting = servers & ~many.running;
  const running = servers ^ waiting;
  const best = waiting == 0 ? 0 : firstDue(waiting);
  if (running == 0) return best;
  const other = firstDue(running);
  return best == 0 || deadlineOf(other) <= deadlineOf(best) ? other : best;
}

/** Likewise. */
function latest(servers: u64): u64 {
  const waiting = servers & ~many.running;
  const running = servers ^ waiting;
  const worst = running == 0 ? 0 : lastDue(running);
  if (waiting == 0) return worst;
  const other = lastDue(waiting);
  return worst == 0 || deadlineOf(other) >= deadlineOf(worst) ? other : worst;
}

/** @inline */
function deadlineOf(server: u64): Instant {
  return serverAt(<i32>ctz(server)).deadline;
}

/** Of some servers, one at least, the first of those with the earliest deadline. @inline */
function firstDue(servers: u64): u64 {
  let best = servers;
  let least = deadlineOf(servers);
  for (servers &= servers - 1; servers != 0; servers &= servers - 1) {
    const deadline = deadlineOf(servers);
    best = deadline < least ? servers : best; // nobody can guess who is first: two moves are faster than a branch
    least = min(deadline, least);
  }
  return lowest(best);
}

/** Likewise the last of those with the latest deadline. @inline */
function lastDue(servers: u64): u64 {
  let worst = servers;
  let greatest = deadlineOf(servers);
  for (servers &= servers - 1; servers != 0; servers &= servers - 1) {
    const deadline = deadlineOf(servers);
    worst = deadline >= greatest ? servers : worst;
    greatest = max(deadline, greatest);
  }
  return lowest(worst);
}

function extreme(servers: u64, scheduler: i32, now: Instant, isFirst: bool): u64 {
  let best = serverAt(<i32>ctz(servers));
  for (servers &= servers - 1; servers != 0; servers &= servers - 1) {
    const server = serverAt(<i32>ctz(servers));
    if (precedes(server, best, scheduler, now) == isFirst) best = server;
  }
  return best.bit;
}

/** @inline */
function precedes(a: Server, b: Server, scheduler: i32, now: Instant): bool {
  if (scheduler == HOST_EDF) {
    if (a.level != b.level) return a.level < b.level;
    if (a.deadline != b.deadline) return a.deadline < b.deadline;
    const rankA = tieRank(a, now);
    const rankB = tieRank(b, now);
    if (rankA != rankB) return rankA < rankB;
  } else {
    const priorityA = boost.presentPriority(a);
    const priorityB = boost.presentPriority(b);
    if (priorityA != priorityB) return priorityA < priorityB;
  }
  return a.number < b.number;
}

/** Among equal deadlines: who ran goes on, but for one that came to its level at this instant, which is the last. */
function tieRank(server: Server, now: Instant): i32 {
  if (server.level != 0 && policies.hasRisen(server, now)) return 2;
  return (many.running & server.bit) != 0 ? 0 : 1;
}
