// Earliest eligible virtual deadline first. Stoica, Abdel-Wahab, Jeffay, Baruah, Gehrke & Plaxton, RTSS 1996, as Linux 6.6
// to 6.11 have it; semantics.md section 10.3: of those who have not had more than their share the earliest deadline runs.

import { ABSENT, IN_HEADER_FAIR_SLICE, IN_HEADER_FAIR_TICK, SERVERS_MAX, STATUS_OVERFLOW } from "../abi";
import { fail } from "../failure";
import { field, header } from "../input";
import { core, noServer, Server, serverAt, serverIndex } from "../records";
import { Duration, Instant, SUM_MAX } from "../time";
import {
  addProduct,
  ceilingOfQuotient,
  clearSum,
  productExceeds,
  quotient,
  quotientOfSum,
  restOf,
  sumReaches,
} from "../wide";
import { shareOf, totalWeight, weightOf } from "./shares";

@unmanaged
class Entity {
  time: i64; // v: virtual time
  deadline: i64; // vd: virtual deadline
  lag: i64; // how far it was behind the class when it left
}

const column = memory.data(SERVERS_MAX * offsetof<Entity>(), 64);

let slice: Duration = 0;
let tick: Duration = ABSENT; // slices end at its multiples only; ABSENT: at any time
let emptiedAt: i64 = 0; // m: virtual time of the last who left an empty class
let current: Server = noServer; // whom the class served last, if it has not left since
let base: i64 = 0; // the least virtual time of the members, from which their mean is counted
let total: i64 = 0; // W

/** @inline */
function entityOf(server: Server): Entity {
  return changetype<Entity>(column + <usize>serverIndex(server) * offsetof<Entity>());
}

export function start(): void {
  slice = field(header(), IN_HEADER_FAIR_SLICE);
  tick = field(header(), IN_HEADER_FAIR_TICK);
  assert(slice > 0 && tick != 0, "the best-effort class");
  memory.fill(column, 0, SERVERS_MAX * offsetof<Entity>());
  emptiedAt = 0;
  current = noServer;
}

/** Phase A. */
export function charge(server: Server, ticks: Duration): void {
  entityOf(server).time += ticks * shareOf(server);
}

/** Adds the members up: total, base, and in wide.ts the sum of w (v - base). */
function sum(members: u64): void {
  total = totalWeight(members);
  base = i64.MAX_VALUE;
  for (let left = members; left != 0; left &= left - 1) base = min(base, entityOf(serverAt(<i32>ctz(left))).time);
  clearSum();
  for (let left = members; left != 0; left &= left - 1) {
    const server = serverAt(<i32>ctz(left));
    addProduct(weightOf(server), entityOf(server).time - base);
  }
}

/** V, the virtual time of the class, rounded down, once the members were added up. */
function mean(): i64 {
  return base + exact(quotientOfSum(total));
}

/** Whether it has not had more than its share, once the members were added up. */
function isEntitled(server: Server): bool {
  return sumReaches(entityOf(server).time - base, total);
}

/** A number that has stayed in the range in which sums of it are exact; others end the run. */
function exact(value: i64): i64 {
  if (value <= SUM_MAX) return value;
  fail(STATUS_OVERFLOW);
  return 0;
}

/** `members` are those with it. */
export function leave(server: Server, members: u64): void {
  const entity = entityOf(server);
  if (server == current) current = noServer;
  if (members == server.bit) {
    emptiedAt = entity.time;
    entity.lag = 0;
    return;
  }
  sum(members);
  const lag = mean() - entity.time;
  const most = max(2 * slice, tick); // limits how long it has a claim, or a debt
  const isBeyond = !productExceeds(most, shareOf(server), abs(lag), 1);
  entity.lag = isBeyond ? (lag < 0 ? -most : most) * shareOf(server) : lag;
}

/** `members` are those without it. */
export function join(server: Server, members: u64): void {
  const entity = entityOf(server);
  if (members == 0) entity.time = emptiedAt;
  else {
    sum(members);
    const weights = total + weightOf(server);
    // Its own weight moves the mean towards it: the lag is stretched so that what is left of it is what it had.
    const stretched =
      entity.lag >= 0
        ? exact(quotient(entity.lag, weights, total))
        : -exact(ceilingOfQuotient(-entity.lag, weights, total));
    entity.time = mean() - stretched;
  }
  renew(server);
}

/** A new slice. */
function renew(server: Server): void {
  if (productExceeds(slice, shareOf(server), SUM_MAX, 1)) return fail(STATUS_OVERFLOW);
  entityOf(server).deadline = entityOf(server).time + slice * shareOf(server);
}

export function serve(members: u64, joined: u64, haveLeft: bool, hadCpu: bool, now: Instant): Server {
  const looks = tick == ABSENT || restOf(now, tick) == 0 || joined != 0 || haveLeft || !hadCpu;
  let isDone = false;
  if (looks && current != noServer && entityOf(current).time >= entityOf(current).deadline) {
    renew(current);
    isDone = true;
  }
  if (!hadCpu || current == noServer || isDone) current = pick(members);
  else if (joined != 0) {
    const picked = pick(members);
    if ((picked.bit & joined) != 0 && !isEntitled(current)) current = picked;
  }
  core.serviceEnd = sliceEnd(now);
  return current;
}

/** The only member, or of the entitled the earliest deadline; among equals who was served last comes last, then by number. */
function pick(members: u64): Server {
  let best = noServer;
  sum(members);
  for (let left = members; left != 0; left &= left - 1) {
    const server = serverAt(<i32>ctz(left));
    if (members != server.bit && !isEntitled(server)) continue;
    const lead = best == noServer ? -1 : entityOf(server).deadline - entityOf(best).deadline;
    const isBefore = server != current && (best == current || server.number < best.number);
    if (lead < 0 || (lead == 0 && isBefore)) best = server;
  }
  return best;
}

/** The first instant after now at which the slice of who is served can be over. */
function sliceEnd(now: Instant): Instant {
  const entity = entityOf(current);
  const share = shareOf(current);
  const over = now + max<i64>(1, (entity.deadline - entity.time + share - 1) / share);
  return tick == ABSENT ? over : over + (tick - 1 - restOf(over - 1, tick));
}
