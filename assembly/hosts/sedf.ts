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

let quantum: Duration = 0;
let dedicated: u64 = 0; // servers that come before all others, one bit each
let woken: u64 = 0; // at this instant
let served: Server = noServer; // has extra time now,
let servedList: i32 = COMPENSATED; // of that list,
let servedFrom: Instant = 0; // since then

export function start(): void {
  quantum = field(header(), IN_HEADER_EXTRA_QUANTUM);
  assert(quantum > 0, "a quantum of extra time");
  compensatedCount = 0;
  weightedCount = 0;
  dedicated = 0;
  woken = 0;
  served = noServer;
}

/** Once all servers are loaded. */
export function check(): void {
  for (let place = 0; place < machine.serverCount; place++) {
    const server = serverAt(place);
    if (server.policy == POLICY_DEDICATED) dedicated |= server.bit;
    else assert(server.policy == POLICY_SEDF, "sedf has servers of its own, and dedicated ones");
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
  const ready = readyAt(now, mode);
  const first = firstDedicated();
  keepPending(COMPENSATED);
  keepPending(WEIGHTED);
  if (served != noServer && (first != noServer || ready != 0 || isOver(now))) endService();
  woken = 0;
  machine.hostAt = nextAt(now);
  let server = first != noServer ? first : earliest(ready, ran);
  if (server != noServer) core.payer = changetype<usize>(server);
  else {
    server = extra(now);
    core.payer = changetype<usize>(noServer);
  }
  machine.runnable = (machine.pending & dedicated) | ready | inLists();
  return server;
}

/** The servers that may use their slices, one bit each. */
function readyAt(now: Instant, mode: Mode): u64 {
  let ready: u64 = 0;
  for (let left = machine.pending & ~dedicated; left != 0; left &= left - 1) {
    const server = serverAt(<i32>ctz(left));
    if (!sedf.isReady(server, now)) continue;
    sedf.catchUp(server, now, mode);
    ready |= server.bit;
  }
  return ready;
}

/** The pending dedicated server with the smallest (priority, number). */
function firstDedicated(): Server {
  let best = noServer;
  let least: i64 = 0;
  for (let left = machine.pending & dedicated; left != 0; left &= left - 1) {
    const server = serverAt(<i32>ctz(left));
    const priority = fieldOr(serverInput(server.number), IN_SERVER_PRIORITY, <i64>server.number + 1);
    if (best != noServer && priority >= least) continue;
    best = server;
    least = priority;
  }
  return best;
}

/** The ready one with the earliest deadline; among equals who ran goes on, then by number. */
function earliest(ready: u64, ran: Server): Server {
  let best = noServer;
  for (; ready != 0; ready &= ready - 1) {
    const server = serverAt(<i32>ctz(ready));
    const lead = best == noServer ? -1 : server.deadline - best.deadline;
    if (lead < 0 || (lead == 0 && server == ran)) best = server;
  }
  return best;
}

/** Whether the extra time of who is served is over, though nobody has a better claim than extra time. */
function isOver(now: Instant): bool {
  if (now >= servedFrom + quantum || (machine.pending & served.bit) == 0) return true;
  for (let left = woken; left != 0; left &= left - 1) {
    const server = serverAt(<i32>ctz(left));
    if (sedf.beginOf(server) < servedFrom + quantum) return true;
    if (!isIn(COMPENSATED, server)) continue;
    if (servedList == WEIGHTED || sedf.scoreOf(server, true) < sedf.scoreOf(served, true)) return true;
  }
  return false;
}

/** The list by which the server that is served has extra time. */
export function listOfExtraTime(): i32 {
  return servedList;
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

/** Who has extra time from now on: only where a whole quantum fits before the next slice begins. */
function extra(now: Instant): Server {
  if (served == noServer && compensatedCount + weightedCount > 0 && nextBegin() - now >= quantum) {
    servedList = compensatedCount > 0 ? COMPENSATED : WEIGHTED;
    served = serverIn(servedList, 0);
    servedFrom = now;
  }
  if (served != noServer) core.serviceEnd = servedFrom + quantum;
  return served;
}

/** When the next slice of a pending server begins. */
function nextBegin(): Instant {
  let next = NEVER;
  for (let left = machine.pending & ~dedicated; left != 0; left &= left - 1) {
    const server = serverAt(<i32>ctz(left));
    if (server.budgetFull > 0) next = min(next, sedf.beginOf(server));
  }
  return next;
}

/** The first begin or end of a pending server's slice after now. */
function nextAt(now: Instant): Instant {
  let next = NEVER;
  for (let left = machine.pending & ~dedicated; left != 0; left &= left - 1) {
    const server = serverAt(<i32>ctz(left));
    if (server.budgetFull > 0) next = min(next, sedf.beginOf(server) > now ? sedf.beginOf(server) : server.deadline);
  }
  return next;
}

function countOf(list: i32): i32 {
  return list == COMPENSATED ? compensatedCount : weightedCount;
}

function setCount(list: i32, count: i32): void {
  if (list == COMPENSATED) compensatedCount = count;
  else weightedCount = count;
}

function serverIn(list: i32, index: i32): Server {
  return serverAt(load<i32>(lists + ((<usize>(list * SERVERS_MAX + index)) << 2)));
}

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
}

function remove(list: i32, server: Server): void {
  keepServers(list, ~server.bit);
}

/** Who has nothing to do is in no list. */
function keepPending(list: i32): void {
  keepServers(list, machine.pending);
}

function keepServers(list: i32, servers: u64): void {
  let kept = 0;
  for (let i = 0; i < countOf(list); i++) {
    const server = serverIn(list, i);
    if ((servers & server.bit) != 0) put(list, kept++, server);
  }
  setCount(list, kept);
}

function isIn(list: i32, server: Server): bool {
  for (let i = 0; i < countOf(list); i++) if (serverIn(list, i) == server) return true;
  return false;
}

/** The servers in the lists, one bit each. */
function inLists(): u64 {
  let servers: u64 = 0;
  for (let i = 0; i < compensatedCount; i++) servers |= serverIn(COMPENSATED, i).bit;
  for (let i = 0; i < weightedCount; i++) servers |= serverIn(WEIGHTED, i).bit;
  return servers;
}
