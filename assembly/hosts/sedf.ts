// Xen's simple earliest deadline first, up to 4.5: Cherkasova, Gupta & Vahdat, ACM PER 35(2), 2007; with servers that come
// before all others PSEDF: Masrur, Droessler, Pfeuffer & Chakraborty, RTCSA 2010; semantics.md section 10.6. Slices come by
// their deadlines; what they leave goes as extra time, first to those who lost their slice in a short block, then by weights.

import { IN_HEADER_EXTRA_QUANTUM, IN_SERVER_PRIORITY, POLICY_DEDICATED, POLICY_SEDF, SERVERS_MAX } from "../abi";
import { field, fieldOr, header, serverInput } from "../input";
import { Mode } from "../mode";
import * as sedf from "../policies/sedf";
import { core, machine, noServer, Server, serverAt, serverIndex } from "../records";
import { Duration, Instant, NEVER } from "../time";

// The two lists of servers for extra time, by place: of those to be compensated, and of those with a weight.
const COMPENSATED: i32 = 0;
const WEIGHTED: i32 = 1;
const lists = memory.data(2 * SERVERS_MAX * 4, 64);
let compensatedCount: i32 = 0;
let weightedCount: i32 = 0;
let compensated: u64 = 0; // who is in them, one bit each
let weighted: u64 = 0;

/** Priorities of dedicated servers, by place. */
const priorities = memory.data(SERVERS_MAX * 8, 64);

let quantum: Duration = 0;
let dedicated: u64 = 0; // servers that come before all others, one bit each
let sliced: u64 = 0; // servers that have a slice
let woken: u64 = 0; // at this instant
let ready: u64 = 0; // may use their slices now
let earliest: Server = noServer; // of those the first
let served: Server = noServer; // has extra time now,
let servedList: i32 = COMPENSATED; // of that list,
let servedFrom: Instant = 0; // since then

export function start(): void {
  quantum = field(header(), IN_HEADER_EXTRA_QUANTUM);
  assert(quantum > 0, "a quantum of extra time");
  compensatedCount = 0;
  weightedCount = 0;
  compensated = 0;
  weighted = 0;
  dedicated = 0;
  sliced = 0;
  woken = 0;
  served = noServer;
}

/** Once all servers are loaded. */
export function check(): void {
  for (let place = 0; place < machine.serverCount; place++) {
    const server = serverAt(place);
    assert(
      server.policy == POLICY_DEDICATED || server.policy == POLICY_SEDF,
      "sedf has servers of its own, and dedicated ones",
    );
    if (server.policy == POLICY_DEDICATED) {
      dedicated |= server.bit;
      const priority = fieldOr(serverInput(server.number), IN_SERVER_PRIORITY, <i64>server.number + 1);
      store<i64>(priorities + ((<usize>place) << 3), priority);
    } else if (server.budgetFull > 0) sliced |= server.bit;
  }
}

/** Phase F. */
export function wake(servers: u64, now: Instant, mode: Mode): void {
  woken = servers & ~dedicated;
  for (let left = woken; left != 0; left &= left - 1) {
    const server = serverAt(<i32>ctz(left));
    sedf.wake(server, now, mode);
    if (sedf.wantsCompensation(server)) insert(COMPENSATED, server);
    if (sedf.hasExtraTime(server)) insert(WEIGHTED, server);
  }
}

/** Phase H. */
export function decide(ran: Server, now: Instant, mode: Mode): Server {
  lookAtSlices(ran, now, mode);
  const first = firstDedicated();
  if ((compensated & ~machine.pending) != 0) keepServers(COMPENSATED, machine.pending);
  if ((weighted & ~machine.pending) != 0) keepServers(WEIGHTED, machine.pending);
  if (served != noServer && (first != noServer || ready != 0 || isOver(now))) endService();
  woken = 0;
  machine.runnable = (machine.pending & dedicated) | ready | compensated | weighted;
  const server = first != noServer ? first : earliest;
  core.payer = changetype<usize>(server);
  return server != noServer ? server : extra(now);
}

/** Finds who may use their slices, which of them comes first, and the first begin or end of a slice after now. @inline */
function lookAtSlices(ran: Server, now: Instant, mode: Mode): void {
  let next = NEVER;
  let least = NEVER;
  earliest = noServer;
  ready = 0;
  for (let left = machine.pending & sliced; left != 0; left &= left - 1) {
    const server = serverAt(<i32>ctz(left));
    const begin = sedf.beginOf(server);
    if (begin > now) {
      next = min(next, begin);
      continue;
    }
    if (server.deadline <= now) sedf.catchUp(server, now, mode);
    const deadline = server.deadline;
    next = min(next, deadline);
    ready |= server.bit;
    if (deadline < least || (deadline == least && server == ran)) earliest = server; // of equals who ran goes on
    least = min(least, deadline);
  }
  machine.hostAt = next;
}

/** The pending dedicated server with the smallest (priority, number). */
function firstDedicated(): Server {
  let best = noServer;
  let least: i64 = 0;
  for (let left = machine.pending & dedicated; left != 0; left &= left - 1) {
    const place = <i32>ctz(left);
    const priority = load<i64>(priorities + ((<usize>place) << 3));
    if (best != noServer && priority >= least) continue;
    best = serverAt(place);
    least = priority;
  }
  return best;
}

/** Whether the extra time of who is served is over, though nobody has a better claim than extra time. */
function isOver(now: Instant): bool {
  if (now >= servedFrom + quantum || (machine.pending & served.bit) == 0) return true;
  for (let left = woken; left != 0; left &= left - 1) {
    const server = serverAt(<i32>ctz(left));
    if (sedf.beginOf(server) < servedFrom + quantum) return true;
    if ((compensated & server.bit) == 0) continue;
    if (servedList == WEIGHTED || sedf.scoreOf(server, true) < sedf.scoreOf(served, true)) return true;
  }
  return false;
}

/** Traced: whether what the server that runs has is extra time, at nobody's cost. */
export function isExtra(server: Server): bool {
  return core.payer != changetype<usize>(server);
}

/** Traced: the list by which it has extra time. */
export function levelOf(server: Server): i64 {
  return isExtra(server) ? servedList : -1;
}

function endService(): void {
  remove(servedList, served);
  if (servedList == COMPENSATED) sedf.compensate(served);
  else {
    const score = sedf.scoreOf(served, false);
    sedf.requeue(served);
    if ((machine.pending & served.bit) != 0) {
      for (let i = 0; i < weightedCount; i++) sedf.advance(serverIn(WEIGHTED, i), score);
      insert(WEIGHTED, served);
    }
  }
  served = noServer;
}

/** Who has extra time from now on, if nobody may use a slice: where a whole quantum fits before the next one begins. */
function extra(now: Instant): Server {
  if (served == noServer && compensatedCount + weightedCount > 0 && machine.hostAt - now >= quantum) {
    servedList = compensatedCount > 0 ? COMPENSATED : WEIGHTED;
    served = serverIn(servedList, 0);
    servedFrom = now;
  }
  if (served != noServer) core.serviceEnd = servedFrom + quantum;
  return served;
}

/** @inline */
function countOf(list: i32): i32 {
  return list == COMPENSATED ? compensatedCount : weightedCount;
}

/** @inline */
function setCount(list: i32, count: i32): void {
  if (list == COMPENSATED) compensatedCount = count;
  else weightedCount = count;
}

/** @inline */
function serverIn(list: i32, index: i32): Server {
  return serverAt(load<i32>(lists + ((<usize>(list * SERVERS_MAX + index)) << 2)));
}

/** @inline */
function put(list: i32, index: i32, server: Server): void {
  store<i32>(lists + ((<usize>(list * SERVERS_MAX + index)) << 2), serverIndex(server));
}

/** Before the first with a greater score. */
function insert(list: i32, server: Server): void {
  let index = countOf(list);
  const score = sedf.scoreOf(server, list == COMPENSATED);
  let at = 0;
  while (at < index && sedf.scoreOf(serverIn(list, at), list == COMPENSATED) <= score) at++;
  for (; index > at; index--) put(list, index, serverIn(list, index - 1));
  put(list, at, server);
  setCount(list, countOf(list) + 1);
  if (list == COMPENSATED) compensated |= server.bit;
  else weighted |= server.bit;
}

function remove(list: i32, server: Server): void {
  keepServers(list, ~server.bit);
}

function keepServers(list: i32, servers: u64): void {
  let kept = 0;
  for (let i = 0; i < countOf(list); i++) {
    const server = serverIn(list, i);
    if ((servers & server.bit) != 0) put(list, kept++, server);
  }
  setCount(list, kept);
  if (list == COMPENSATED) compensated &= servers;
  else weighted &= servers;
}
