// Linux' completely fair scheduler, 2.6.23 to 6.5. Molnar, 2007 (kernel/sched/fair.c); semantics.md section 10.3: who has the
// least virtual time runs for a slice of a latency that all share.

import {
  ABSENT,
  IN_HEADER_FAIR_LATENCY,
  IN_HEADER_FAIR_MIN_GRANULARITY,
  IN_HEADER_FAIR_SLEEPER_CREDIT,
  IN_HEADER_FAIR_TICK,
  IN_HEADER_FAIR_WAKEUP_GRANULARITY,
  SERVERS_MAX,
} from "../abi";
import { field, fieldOr, header } from "../input";
import { core, noServer, Server, serverAt, serverIndex } from "../records";
import { Duration, Instant } from "../time";
import { over, productExceeds, quotient, restOf } from "../wide";
import { scale, shareOf, totalWeight, WEIGHT, weightOf } from "./shares";

/** The virtual time of each server, by place. */
const column = memory.data(SERVERS_MAX * 8, 64);

let latency: Duration = 0;
let minGranularity: Duration = 0;
let crowd: i64 = 0; // so many members share the latency; more of them wait longer
let wakeupGranularity: Duration = 0;
let sleeperCredit: Duration = 0;
let tick: Duration = ABSENT; // slices end at its multiples only; ABSENT: at any time
let least: i64 = 0; // m: that of the class, which never falls, as it was when the members were last others
let isBehind: bool = false; // they have been served since
let current: Server = noServer; // whom the class served last, if it has not left since
let ran: Duration = 0; // of its slice
let slice: Duration = 0; // its share of the period, by weight, rounded down,
let isWhole: bool = false; // or exact,
let sliceOf: Server = noServer; // for it
let sliceAmong: u64 = 0; // among these

/** @inline */
function virtualTime(server: Server): i64 {
  return load<i64>(column + ((<usize>serverIndex(server)) << 3));
}

function setVirtualTime(server: Server, value: i64): void {
  store<i64>(column + ((<usize>serverIndex(server)) << 3), value);
}

export function start(): void {
  latency = field(header(), IN_HEADER_FAIR_LATENCY);
  minGranularity = field(header(), IN_HEADER_FAIR_MIN_GRANULARITY);
  wakeupGranularity = field(header(), IN_HEADER_FAIR_WAKEUP_GRANULARITY);
  sleeperCredit = fieldOr(header(), IN_HEADER_FAIR_SLEEPER_CREDIT, latency);
  tick = field(header(), IN_HEADER_FAIR_TICK);
  assert(latency > 0 && minGranularity > 0 && wakeupGranularity >= 0 && tick != 0, "the best-effort class");
  crowd = over(latency + minGranularity - 1, minGranularity);
  memory.fill(column, 0, SERVERS_MAX * 8);
  least = 0;
  isBehind = false;
  current = noServer;
  sliceOf = noServer;
}

/** Phase A. */
export function charge(server: Server, ticks: Duration): void {
  setVirtualTime(server, virtualTime(server) + ticks * shareOf(server));
  ran += ticks;
  isBehind = true;
}

/** Phase H, before the members change: where the class is. While it is served only, the last of them only comes nearer. */
export function catchUp(members: u64): void {
  if (isBehind) settle(members);
  isBehind = false;
}

export function leave(server: Server): void {
  if (server == current) current = noServer;
}

/** The class is as far as the last of its members. */
export function settle(members: u64): void {
  if (members == 0) return;
  let time = i64.MAX_VALUE;
  for (; members != 0; members &= members - 1) time = min(time, virtualTime(serverAt(<i32>ctz(members))));
  least = max(least, time);
}

/** Who slept is set to where the class is, less a credit. */
export function join(server: Server): void {
  const perTick = scale() / WEIGHT;
  if (productExceeds(sleeperCredit, perTick, least, 1)) return; // it would begin before 0, and stays where it is
  setVirtualTime(server, max(virtualTime(server), least - sleeperCredit * perTick));
}

export function serve(members: u64, joined: u64, hadCpu: bool, now: Instant): Server {
  const isShared = (members & (members - 1)) != 0;
  if (isShared) cut(members);
  const goesOn = hadCpu && current != noServer && !(isShared && isOver(now)) && !isPreempted(joined);
  if (!goesOn) {
    current = first(members);
    ran = 0;
    if (isShared) cut(members);
  }
  if (isShared) core.serviceEnd = sliceEnd(now);
  return current;
}

/** p: how long it takes until each member had its slice. */
function periodOf(members: u64): Duration {
  const count = <i64>popcnt(members);
  return count <= crowd ? latency : count * minGranularity;
}

/** The slice of who is served, if anybody is, among these. */
function cut(members: u64): void {
  if ((sliceOf == current && sliceAmong == members) || current == noServer) return;
  const period = periodOf(members);
  const weight = weightOf(current);
  const total = totalWeight(members);
  slice = quotient(period, weight, total);
  isWhole = !productExceeds(period, weight, slice, total);
  sliceOf = current;
  sliceAmong = members;
}

/** Whether the slice of who is served is over. */
function isOver(now: Instant): bool {
  if (tick == ABSENT) return ran > slice || (isWhole && ran == slice);
  return ran > slice && restOf(now, tick) == 0;
}

/** The first instant after now at which it can be over. */
function sliceEnd(now: Instant): Instant {
  if (tick == ABSENT) return now + max<i64>(1, (isWhole ? slice : slice + 1) - ran);
  const end = now + max<i64>(1, slice + 1 - ran);
  return end + (tick - 1 - restOf(end - 1, tick));
}

/** Whether one that joined now is so far behind that it does not wait for the end of the slice. */
function isPreempted(joined: u64): bool {
  for (; joined != 0; joined &= joined - 1) {
    const server = serverAt(<i32>ctz(joined));
    const lead = virtualTime(current) - virtualTime(server);
    if (lead > 0 && !productExceeds(wakeupGranularity, shareOf(server), lead - 1, 1)) return true;
  }
  return false;
}

/** The member with the least virtual time; among equals who was served last comes last, then by number. */
function first(members: u64): Server {
  let best = noServer;
  for (; members != 0; members &= members - 1) {
    const server = serverAt(<i32>ctz(members));
    const lead = best == noServer ? -1 : virtualTime(server) - virtualTime(best);
    const isBefore = server != current && (best == current || server.number < best.number);
    if (lead < 0 || (lead == 0 && isBefore)) best = server;
  }
  return best;
}
