// GRUB: a constant bandwidth server that reclaims pays less for a tick of the CPU while others are inactive. Lipari & Baruah,
// ECRTS 2000; Abeni, Lipari, Parri & Sun, SAC 2016 (in SCHED_DEADLINE). See semantics.md section 10.2. The budget of such a
// server is counted in units so small that every price of a tick is a whole number of them.

import {
  IN_HEADER_BANDWIDTH_MAX,
  IN_HEADER_BANDWIDTH_RESERVED,
  IN_SERVER_RECLAIM,
  POLICY_CBS,
  SERVERS_MAX,
} from "./abi";
import * as alarms from "./alarms";
import { fieldOr, header } from "./input";
import { machine, Server, serverAt, serverIndex } from "./records";
import { Duration, Instant, NEVER, SUM_MAX } from "./time";
import { ceilingOfQuotient, isNarrow, leastCommonMultiple, over, productExceeds, quotient } from "./wide";

/** Units of a tick of budget. */
let unit: i64 = 1;
/** What the denominator of all bandwidths is, but for the factor of the greatest one. */
let common: i64 = 1;
/** Denominator of the greatest bandwidth. */
let scale: i64 = 1;
/** The bandwidth of the active servers, and what is reserved, in parts of `common`. */
let bandwidth: i64 = 0;
/** Servers that are active, one bit each. */
let active: u64 = 0;

/** The bandwidth of a server by its place, in parts of `common`. */
const shares = memory.data(SERVERS_MAX * 8, 64);

export function read(server: Server, input: usize): void {
  if (fieldOr(input, IN_SERVER_RECLAIM, 0) != 0) machine.reclaims |= server.bit;
}

/** Once all servers are loaded. */
export function ready(): void {
  if (machine.reclaims == 0) return;
  const max = fieldOr(header(), IN_HEADER_BANDWIDTH_MAX, 1);
  const reserved = fieldOr(header(), IN_HEADER_BANDWIDTH_RESERVED, 0);
  const parts = fieldOr(header(), IN_HEADER_BANDWIDTH_RESERVED + 1, 1);
  scale = fieldOr(header(), IN_HEADER_BANDWIDTH_MAX + 1, 1);
  assert(max > 0 && max <= scale && reserved >= 0 && reserved <= parts, "bandwidth");
  common = parts;
  for (let i = 0; i < machine.serverCount; i++) {
    if (serverAt(i).policy == POLICY_CBS) common = leastCommonMultiple(common, serverAt(i).period);
  }
  assert(common <= SUM_MAX / max, "units of a tick of budget");
  unit = common * max;
  active = 0;
  bandwidth = reserved * (common / parts);
  let all = bandwidth;
  for (let i = 0; i < machine.serverCount; i++) if (serverAt(i).policy == POLICY_CBS) all += addServer(serverAt(i));
  assert(!productExceeds(all, scale, max, common), "the bandwidth of all is at most the greatest one");
}

/** Returns its share. */
function addServer(server: Server): i64 {
  const share = server.budgetFull * (common / server.period);
  assert(unit <= SUM_MAX / server.period, "units of a budget");
  machine.stops |= server.bit;
  store<i64>(shares + ((<usize>serverIndex(server)) << 3), share);
  return share;
}

/** How many units of budget a tick is. */
export function unitOf(server: Server): i64 {
  return (machine.reclaims & server.bit) != 0 ? unit : 1;
}

/** What a tick of the CPU costs that server: (reserved + active) / greatest bandwidth of a tick of budget, as it is now. @inline */
export function priceOf(server: Server): i64 {
  return (machine.reclaims & server.bit) != 0 ? bandwidth * scale : 1;
}

/** Whether the budget of a server that runs from now on lasts so long: true only where that is easily known. @inline */
export function lastsFor(server: Server, ticks: Duration): bool {
  const price = priceOf(server);
  return server.budget > 0 && isNarrow(ticks, price) && <u64>(ticks * price) <= <u64>server.budget;
}

/** How long the budget of a server that runs from now on will last. */
export function ticksOf(server: Server): Duration {
  if ((machine.reclaims & server.bit) == 0) return server.budget;
  const price = priceOf(server);
  return server.budget <= 0 ? 0 : over(server.budget - 1, price) + 1;
}

/** The budget in whole ticks, rounded down. */
export function wholeTicks(server: Server): Duration {
  const parts = unitOf(server);
  const ticks = server.budget / parts;
  return ticks * parts > server.budget ? ticks - 1 : ticks;
}

/** Phase F: where its wake-up takes place. */
export function activate(server: Server): void {
  if (machine.reclaims == 0) return;
  alarms.set(alarms.INACTIVE, server, NEVER);
  if ((active & server.bit) != 0) return;
  active |= server.bit;
  bandwidth += load<i64>(shares + ((<usize>serverIndex(server)) << 3));
}

/** Phase H: it stopped being pending. It is active until its budget would be used up at the rate of its bandwidth. */
export function stop(server: Server, now: Instant): void {
  const full = server.budgetFull * unitOf(server);
  const left = server.budget;
  const time = left < 0 ? ceilingOfQuotient(-left, server.period, full) : -quotient(left, server.period, full);
  if (server.deadline + time <= now) deactivate(server);
  else alarms.set(alarms.INACTIVE, server, server.deadline + time);
}

/** Phase D: those whose time has come. */
export function expire(now: Instant): void {
  for (let due = alarms.take(alarms.INACTIVE, now); due != 0; due &= due - 1) deactivate(serverAt(<i32>ctz(due)));
}

function deactivate(server: Server): void {
  active &= ~server.bit;
  bandwidth -= load<i64>(shares + ((<usize>serverIndex(server)) << 3));
}
