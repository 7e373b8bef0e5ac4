// Drawn times from the text of semantics.md section 13: not by inverting a distribution but by looking, among all whole
// times, for the one whose share of it the drawn number falls into.

import { between } from "./philox.js";
import type { Distributed as Execution, Observed } from "./types.js";

export type { Distributed as Execution, Observed } from "./types.js";

const WORDS = 2n ** 64n;

/** The time between two bounds that belongs to a number: e(k) with x1 of job k, a(k + 1) - a(k) with x2. */
export function drawnTime(execution: Execution | Observed, least: number, greatest: number, x: bigint): number {
  if ("empirical" in execution) return observed(execution.empirical, x);
  if (execution.distribution === "constant") return execution.mean ?? greatest;
  if (least === greatest) return greatest;
  switch (execution.distribution) {
    case "uniform":
      return between(least, greatest, x);
    case "bimodal":
      return shortOrLong(execution, least, greatest, x);
    case "exponential":
      return execution.mean === least ? least : search(distributionOf(execution, least), least, greatest, x);
    default:
      return search(distributionOf(execution, least), least, greatest, x);
  }
}

/** The one of n times in whose n-th part of all numbers this one lies. */
function observed(times: readonly number[], x: bigint): number {
  const n = BigInt(times.length);
  return times.find((_, i) => x * n < BigInt(i + 1) * WORDS)!;
}

function shortOrLong({ share, short, long }: Execution, first: number, last: number, x: bigint): number {
  const [a, b] = share!.map(BigInt) as [bigint, bigint];
  const [part, rest] = [(x * b) / WORDS, (x * b) % WORDS];
  const [least, greatest] = part < a ? [long ?? last, last] : [first, short ?? first];
  return least + Number((rest * BigInt(greatest - least + 1)) / WORDS);
}

/** F(t), up to a constant: only differences count. */
export function distributionOf(execution: Execution, least: number): (t: number) => number {
  const { distribution, mean = 0, deviation = 1, shape = [1, 1], scale = mean - least } = execution;
  if (distribution === "truncated-normal") return (t) => normal((t - mean) / deviation);
  return (t) => -Math.expm1(-(((t - least) / scale) ** (shape[0] / shape[1])));
}

/** The whole time e such that F, from least to greatest, reaches the share u between e - 1/2 and e + 1/2. */
function search(f: (t: number) => number, least: number, greatest: number, x: bigint): number {
  const u = Number(x >> 11n) / 2 ** 53;
  const [first, last] = [f(least), f(greatest)];
  let [low, high] = [least, greatest];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (f(middle + 0.5) - first > u * (last - first)) high = middle;
    else low = middle + 1;
  }
  return low;
}

// Gauss and Legendre's points and weights of five for the integral from -1 to 1.
const FAR = Math.sqrt(5 + 2 * Math.sqrt(10 / 7)) / 3;
const NEAR = Math.sqrt(5 - 2 * Math.sqrt(10 / 7)) / 3;
const FAR_WEIGHT = (322 - 13 * Math.sqrt(70)) / 900;
const NEAR_WEIGHT = (322 + 13 * Math.sqrt(70)) / 900;
const POINTS = [
  [-FAR, FAR_WEIGHT],
  [-NEAR, NEAR_WEIGHT],
  [0, 128 / 225],
  [NEAR, NEAR_WEIGHT],
  [FAR, FAR_WEIGHT],
] as const;

/** Phi(x) - 1/2: the integral of the density from 0 to x, piece by piece. */
function normal(x: number): number {
  const end = Math.min(Math.abs(x), 9);
  const pieces = Math.max(1, Math.ceil(end * 8));
  const half = end / pieces / 2;
  let sum = 0;
  for (let piece = 0; piece < pieces; piece++)
    for (const [point, weight] of POINTS) sum += weight * Math.exp(-(((2 * piece + 1 + point) * half) ** 2) / 2);
  return (Math.sign(x) * half * sum) / Math.sqrt(2 * Math.PI);
}
