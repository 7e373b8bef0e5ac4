// The best-effort class: servers that share what is left by their weights (semantics.md section 10.3, class 3). Which
// algorithm does what: the only file that knows every algorithm. What an algorithm does not say refuses.

import { ABSENT, IN_HEADER_FAIR_ALGORITHM, SERVERS_MAX } from "../abi";
import { fieldOr, header } from "../input";
import { core, machine, noServer, Server, serverAt, serverIndex } from "../records";
import { Duration, Instant } from "../time";

/** That of a server that gives none. */
export const WEIGHT = 1024;

/** Weight by place, and how much of a virtual time a tick of service is: `scale` / weight, an integer. */
const weights = memory.data(SERVERS_MAX * 8, 64);
const shares = memory.data(SERVERS_MAX * 8, 64);

let algorithm: i32 = ABSENT;
/** L: the least common multiple of WEIGHT and all weights. */
let scale: i64 = WEIGHT;

/** Before the servers are loaded. */
export function start(): void {
  algorithm = <i32>fieldOr(header(), IN_HEADER_FAIR_ALGORITHM, ABSENT);
  core.serves = 0;
}

/** A server is in the class whenever it is pending and has no budget. */
export function add(server: Server, weight: i64): void {
  machine.weighted |= server.bit;
  store<i64>(weights + ((<usize>serverIndex(server)) << 3), weight);
}

/** Once all servers are loaded. */
export function ready(): void {
  scale = WEIGHT;
  for (let left = machine.weighted; left != 0; left &= left - 1) {
    const weight = weightOf(serverAt(<i32>ctz(left)));
    let x = scale;
    let y = weight;
    while (y != 0) {
      const rest = x % y;
      x = y;
      y = rest;
    }
    scale *= weight / x;
  }
  for (let left = machine.weighted; left != 0; left &= left - 1) {
    const server = serverAt(<i32>ctz(left));
    store<i64>(shares + ((<usize>serverIndex(server)) << 3), scale / weightOf(server));
  }
  assert(machine.weighted == 0 || isThere(), "a best-effort class has an algorithm");
}

export function weightOf(server: Server): i64 {
  return load<i64>(weights + ((<usize>serverIndex(server)) << 3));
}

/** How far a tick of service takes the server's virtual time. */
export function shareOf(server: Server): i64 {
  return load<i64>(shares + ((<usize>serverIndex(server)) << 3));
}

/** Whether there is such a class. */
export function isThere(): bool {
  return algorithm != ABSENT;
}

/** Phase A: the server had the CPU of this class for `used` ticks up to now. */
export function charge(server: Server, used: Duration, now: Instant): void {
  assert(false, "unknown best-effort algorithm");
}

/**
 * Phase H, at every instant: `members` are pending and have no budget, one bit each. Those who were so before and are not
 * any more leave, then the new ones join, each by number; then, if the class has the CPU, it serves one: sets
 * core.serviceEnd, and returns it. `core.serves` still says whether it had the CPU in the interval before.
 */
export function decide(members: u64, serves: bool, now: Instant): Server {
  assert(false, "unknown best-effort algorithm");
  return noServer;
}
