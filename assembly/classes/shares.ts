// What the algorithms of the best-effort class share: who has which weight, and how far a tick of service takes the virtual
// time of each (semantics.md section 10.3). L / weight is an integer, so virtual times are exact.

import { SERVERS_MAX } from "../abi";
import { machine, Server, serverAt, serverIndex } from "../records";
import { leastCommonMultiple } from "../wide";

/** The weight of a server that gives none. */
export const WEIGHT: i64 = 1024;

const weights = memory.data(SERVERS_MAX * 8, 64);
const shares = memory.data(SERVERS_MAX * 8, 64);

let common: i64 = WEIGHT; // L

/** A server is in the class whenever it is pending and has no budget. */
export function add(server: Server, weight: i64): void {
  machine.weighted |= server.bit;
  store<i64>(weights + ((<usize>serverIndex(server)) << 3), weight);
}

/** Once all servers are loaded. */
export function ready(): void {
  common = WEIGHT;
  for (let left = machine.weighted; left != 0; left &= left - 1) {
    common = leastCommonMultiple(common, weightOf(serverAt(<i32>ctz(left))));
  }
  for (let left = machine.weighted; left != 0; left &= left - 1) {
    const server = serverAt(<i32>ctz(left));
    store<i64>(shares + ((<usize>serverIndex(server)) << 3), common / weightOf(server));
  }
}

/** L: the least common multiple of WEIGHT and all weights. */
export function scale(): i64 {
  return common;
}

/** @inline */
export function weightOf(server: Server): i64 {
  return load<i64>(weights + ((<usize>serverIndex(server)) << 3));
}

/** How far a tick of service takes the server's virtual time: L / weight. @inline */
export function shareOf(server: Server): i64 {
  return load<i64>(shares + ((<usize>serverIndex(server)) << 3));
}

/** The weight of all these together. */
export function totalWeight(members: u64): i64 {
  let total: i64 = 0;
  for (; members != 0; members &= members - 1) total += weightOf(serverAt(<i32>ctz(members)));
  return total;
}
