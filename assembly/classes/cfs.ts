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
import { productExceeds, quotient } from "../wide";
import { scale, shareOf, totalWeight, WEIGHT, weightOf } from "./shares";

/** The virtual time of each server, by place. */
const column = memory.data(SERVERS_MAX * 8, 64);

let latency: Duration = 0;
let minGranularity: Duration = 0;
let wakeupGranularity: Duration = 0;
let sleeperCredit: Duration = 0;
let tick: Duration = ABSENT; // slices end at its multiples only; ABSENT: at any time
let least: i64 = 0; // m: that of the class, which never falls
let current: Server = noServer; // whom the class served last, if it has not left since
let ran: Duration = 0; // of its slice

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
  memory.fill(column, 0, SERVERS_MAX * 8);
  least = 0;
  current = noServer;
}

/** Phase A; the members are those of the last dispatch. */
export function charge(server: Server, ticks: Duration, members: u64): void {
  setVirtualTime(server, virtualTime(server) + ticks * shareOf(server));
  ran += ticks;
  settle(members);
}

export function leave(server: Server): void {
  if (server == current) current = noServer;
}

/** The class is as far as the last of its members. */
export function settle(members: u64): void {
  if (members != 0) least = max(least, virtualTime(first(members)));
}

/** Who slept is set to where the class is, less a credit. */
export function join(server: Server): void {
  const perTick = scale() / WEIGHT;
  if (productExceeds(sleeperCredit, perTick, least, 1)) return; // it would begin before 0, and stays where it is
  setVirtualTime(server, max(virtualTime(server), least - sleeperCredit * perTick));
}

export function serve(members: u64, joined: u64, hadCpu: bool, now: Instant): Server {
  const goesOn = hadCpu && current != noServer && !isOver(members, now) && !isPreempted(joined);
  if (!goesOn) {
    current = first(members);
    ran = 0;
  }
  if ((members & (members - 1)) != 0) core.serviceEnd = sliceEnd(members, now);
  return current;
}

/** p: how long it takes until each member had its slice. */
function periodOf(members: u64): Duration {
  const count = <i64>popcnt(members);
  return count <= (latency + minGranularity - 1) / minGranularity ? latency : count * minGranularity;
}

/** Whether the slice of who is served is over: its share of the period, by weight. */
function isOver(members: u64, now: Instant): bool {
  if ((members & (members - 1)) == 0) return false;
  const period = periodOf(members);
  const weight = weightOf(current);
  const total = totalWeight(members);
  if (tick == ABSENT) return !productExceeds(period, weight, ran, total);
  return now % tick == 0 && productExceeds(ran, total, period, weight);
}

/** The first instant after now at which it can be over. */
function sliceEnd(members: u64, now: Instant): Instant {
  const period = periodOf(members);
  const weight = weightOf(current);
  const total = totalWeight(members);
  const whole = quotient(period, weight, total);
  if (tick == ABSENT) {
    const isExact = !productExceeds(period, weight, whole, total);
    return now + max<i64>(1, (isExact ? whole : whole + 1) - ran);
  }
  const over = now + max<i64>(1, whole + 1 - ran);
  return over + (tick - 1 - ((over - 1) % tick));
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
