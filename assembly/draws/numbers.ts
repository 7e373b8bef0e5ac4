// Numbers drawn for a set of tasks. A draw is one value of Philox (../random.ts) at the counter
// (index, 2^31 + purpose, server, replicate): its two upper bits are "10", which no job, replenishment or phase has
// (semantics.md section 3), so that no number is used twice.

import { drawn1, drawn2, philox } from "../random";
import { productHigh } from "../wide";
import { ASK_REPLICATE, ASK_SEED_HIGH, ASK_SEED_LOW, ASK_SERVER } from "./abi";
import { asked } from "./request";

/** The utilizations; index: how many numbers were taken before. */
export const OF_UTILIZATIONS: u32 = 0;
/** Index: the task. The period, and how its wcet is rounded. */
export const OF_PERIOD: u32 = 1;
/** Index: the task. The deadline, and the bcet. */
export const OF_DEADLINE: u32 = 2;
/** Index: the task. The offset, and the jitter. */
export const OF_OFFSET: u32 = 3;

const PURPOSES: u32 = 0x80000000;

/** Leaves two numbers of 64 bits in `first` and `second`. */
export function drawAt(purpose: u32, index: u32): void {
  const server = <u32>asked(ASK_SERVER);
  const replicate = <u32>asked(ASK_REPLICATE);
  philox(index, PURPOSES | purpose, server, replicate, <u32>asked(ASK_SEED_LOW), <u32>asked(ASK_SEED_HIGH));
}

/** Uniform in [0, 1): a multiple of 2^-53. @inline */
export function unit(bits: u64): f64 {
  return <f64>(bits >> 11) * (1.0 / 9007199254740992.0);
}

/** The first number of the last draw, in [0, 1). */
export function firstUnit(): f64 {
  return unit(drawn1);
}

/** The second one. */
export function secondUnit(): f64 {
  return unit(drawn2);
}

/** floor(x * count / 2^64) of the first number: whole, from 0 to count - 1. */
export function firstBelow(count: u64): u64 {
  return productHigh(drawn1, count);
}

// The numbers of OF_UTILIZATIONS in turn, two of each draw.
let taken: u32 = 0;

/** Starts over with the numbers of OF_UTILIZATIONS. */
export function restart(): void {
  taken = 0;
}

/** The next number of OF_UTILIZATIONS. */
function nextBits(): u64 {
  const place = taken++;
  if ((place & 1) == 0) drawAt(OF_UTILIZATIONS, place >> 1);
  return (place & 1) == 0 ? drawn1 : drawn2;
}

/** The next number of OF_UTILIZATIONS, in [0, 1). */
export function nextUnit(): f64 {
  return unit(nextBits());
}

/** The next number of OF_UTILIZATIONS, whole, from 0 to count - 1. */
export function nextBelow(count: u64): u64 {
  return productHigh(nextBits(), count);
}
