// In which order the host, and a server that has servers in it, prefers those that it chooses from (semantics.md section
// 11.3): by priority and number, or by deadline, those first that ran in the interval before, and number.

import { HOST_EDF } from "../abi";
import * as boost from "../boost";
import * as policies from "../policies/dispatch";
import { machine, Server, serverAt } from "../records";
import { Instant } from "../time";
import { highest, lowest, many } from "./state";

/** The first of some servers, of which there is one at least. @inline */
export function first(servers: u64, scheduler: i32, now: Instant): u64 {
  if (scheduler != HOST_EDF && machine.boosts == 0) return lowest(servers); // they stand in this order
  if (scheduler == HOST_EDF && !many.hasLevels) return earliest(servers);
  return extreme(servers, scheduler, now, true);
}

/** The last of some servers, of which there is one at least. @inline */
export function last(servers: u64, scheduler: i32, now: Instant): u64 {
  if (scheduler != HOST_EDF && machine.boosts == 0) return highest(servers);
  if (scheduler == HOST_EDF && !many.hasLevels) return latest(servers);
  return extreme(servers, scheduler, now, false);
}

/** Whether one server comes before the other. @inline */
export function isBefore(one: u64, other: u64, scheduler: i32, now: Instant): bool {
  if (scheduler != HOST_EDF && machine.boosts == 0) return one < other;
  return precedes(serverAt(<i32>ctz(one)), serverAt(<i32>ctz(other)), scheduler, now);
}

/** By deadlines alone, where no policy has levels: servers of one parent stand in the order of their numbers. */
function earliest(servers: u64): u64 {
  let best: u64 = 0;
  let least = i64.MAX_VALUE;
  for (; servers != 0; servers &= servers - 1) {
    const bit = lowest(servers);
    const deadline = serverAt(<i32>ctz(servers)).deadline;
    // Nobody can guess who is first: arithmetic is faster than branches.
    const winsTie = (many.running & bit) != 0 && (many.running & best) == 0 ? 1 : 0;
    const wins = (deadline < least ? 1 : 0) | ((deadline == least ? 1 : 0) & winsTie);
    best = wins ? bit : best;
    least = wins ? deadline : least;
  }
  return best;
}

/** Likewise. */
function latest(servers: u64): u64 {
  let worst: u64 = 0;
  let greatest = i64.MIN_VALUE;
  for (; servers != 0; servers &= servers - 1) {
    const bit = lowest(servers);
    const deadline = serverAt(<i32>ctz(servers)).deadline;
    const losesTie = (many.running & bit) != 0 && (many.running & worst) == 0 ? 1 : 0;
    const wins = (deadline > greatest ? 1 : 0) | ((deadline == greatest ? 1 : 0) & (1 - losesTie));
    worst = wins ? bit : worst;
    greatest = wins ? deadline : greatest;
  }
  return worst;
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
