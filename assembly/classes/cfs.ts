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
import { core, machine, noServer, Server, serverAt, serverIndex } from "../records";
import { Duration, Instant } from "../time";
import { over, productExceeds, quotient, restOf } from "../wide";
import { scale, shareOf, WEIGHT, weightOf } from "./shares";

/** By place: the virtual time of each server, and how far it may be behind whom it does not preempt. */
const column = memory.data(SERVERS_MAX * 8, 64);
const graces = memory.data(SERVERS_MAX * 8, 64);

let latency: Duration = 0;
let minGranularity: Duration = 0;
let crowd: i64 = 0; // so many members share the latency; more of them wait longer
let sleeperCredit: i64 = 0; // in virtual time
let tick: Duration = ABSENT; // slices end at its multiples only; ABSENT: at any time
let least: i64 = 0; // m: that of the class, which never falls, as it was when the members were last others
let isBehind: bool = false; // they have been served since
let current: Server = noServer; // whom the class served last, if it has not left since
let ran: Duration = 0; // of its slice
let slice: Duration = 0; // its share of the period, by weight, rounded down,
let isWhole: bool = false; // or exact,
let sliceOf: Server = noServer; // for it
let sliceAmong: u64 = 0; // among these
let total: i64 = 0; // the weight of all members
let servedFrom: Instant = 0; // when a slice would have begun that was not interrupted;
let sliceEnd: Instant = 0; // then it can be over from here on

/** @inline */
function at(values: usize, place: i32): i64 {
  return load<i64>(values + ((<usize>place) << 3));
}

/** @inline */
function setVirtualTime(place: i32, value: i64): void {
  store<i64>(column + ((<usize>place) << 3), value);
}

export function start(): void {
  latency = field(header(), IN_HEADER_FAIR_LATENCY);
  minGranularity = field(header(), IN_HEADER_FAIR_MIN_GRANULARITY);
  tick = field(header(), IN_HEADER_FAIR_TICK);
  assert(latency > 0 && minGranularity > 0 && tick != 0, "the best-effort class");
  crowd = over(latency + minGranularity - 1, minGranularity);
  memory.fill(column, 0, SERVERS_MAX * 8);
  least = 0;
  isBehind = false;
  current = noServer;
  sliceOf = noServer;
  total = 0;
}

/** Once all servers are loaded. */
export function ready(): void {
  const granularity = field(header(), IN_HEADER_FAIR_WAKEUP_GRANULARITY);
  const credit = fieldOr(header(), IN_HEADER_FAIR_SLEEPER_CREDIT, latency);
  assert(granularity >= 0, "the best-effort class");
  sleeperCredit = quotient(credit, scale() / WEIGHT, 1);
  for (let left = machine.weighted; left != 0; left &= left - 1) {
    const server = serverAt(<i32>ctz(left));
    store<i64>(graces + ((<usize>serverIndex(server)) << 3), quotient(granularity, shareOf(server), 1));
  }
}

/** Phase A. */
export function charge(server: Server, ticks: Duration): void {
  const place = serverIndex(server);
  setVirtualTime(place, at(column, place) + ticks * shareOf(server));
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
  total -= weightOf(server);
}

/** The class is as far as the last of its members. */
export function settle(members: u64): void {
  if (members == 0) return;
  let time = i64.MAX_VALUE;
  for (; members != 0; members &= members - 1) time = min(time, at(column, <i32>ctz(members)));
  least = max(least, time);
}

/** Who slept is set to where the class is, less a credit; who would begin before 0 stays where it is. */
export function join(server: Server): void {
  const place = serverIndex(server);
  setVirtualTime(place, max(at(column, place), least - sleeperCredit));
  total += weightOf(server);
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
  if (isShared) core.serviceEnd = endOf(now);
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
  slice = quotient(period, weight, total);
  isWhole = tick == ABSENT && !productExceeds(period, weight, slice, total);
  sliceOf = current;
  sliceAmong = members;
  servedFrom = -1;
}

/** Whether the slice of who is served is over. */
function isOver(now: Instant): bool {
  if (tick == ABSENT) return ran > slice || (isWhole && ran == slice);
  return ran > slice && restOf(now, tick) == 0;
}

/** The first instant after now at which it can be over. */
function endOf(now: Instant): Instant {
  if (tick == ABSENT) return now + max<i64>(1, (isWhole ? slice : slice + 1) - ran);
  const isOut = ran > slice;
  if (now - ran == servedFrom && !isOut) return sliceEnd;
  const end = isOut ? now + 1 : now - ran + slice + 1;
  servedFrom = isOut ? -1 : now - ran;
  sliceEnd = end + (tick - 1 - restOf(end - 1, tick));
  return sliceEnd;
}

/** Whether one that joined now is so far behind that it does not wait for the end of the slice. */
function isPreempted(joined: u64): bool {
  if (joined == 0) return false;
  const time = at(column, serverIndex(current));
  for (; joined != 0; joined &= joined - 1) {
    const place = <i32>ctz(joined);
    if (time - at(column, place) > at(graces, place)) return true;
  }
  return false;
}

/** The member with the least virtual time; among equals who was served last comes last, then by number. */
function first(members: u64): Server {
  let best = <i32>ctz(members);
  let time = at(column, best);
  for (members &= members - 1; members != 0; members &= members - 1) {
    const place = <i32>ctz(members);
    const other = at(column, place);
    if (other > time || (other == time && !isBefore(serverAt(place), serverAt(best)))) continue;
    best = place;
    time = other;
  }
  return serverAt(best);
}

/** @inline */
function isBefore(server: Server, other: Server): bool {
  return server != current && (other == current || server.number < other.number);
}
