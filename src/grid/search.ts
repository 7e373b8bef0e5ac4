// A search for the boundary between values that are good and values that are not: bisection, and more probes that look for
// anomalies. It knows nothing of cells; values are numbered so that they become better.

import { permuted } from "../numbers/permutation.js";
import { philox } from "../numbers/philox.js";
import type { Sweep } from "../sweep/sweep.js";

/** What a sweep searches for. */
export interface SearchedFor {
  /** Name of the axis. */
  readonly axis: string;
  readonly wanted: "least" | "largest";
  /** As the sweep says it. */
  readonly condition: string;
}

/** @returns undefined where all cells are run */
export function searchedFor({ find, axes }: Sweep): SearchedFor | undefined {
  return find && { axis: axes[find.axis].name, wanted: find.wanted, condition: find.condition.text };
}

export interface Boundary {
  /** The value that bisection ends at: it is good, and the one before it is not, or there is none; undefined if none was good. */
  readonly found: number | undefined;
  /** The value before it, or without it the last one, which is not good. */
  readonly worse: number | undefined;
  /** Whether a probe beyond the boundary was good, or one on this side of it was not. */
  readonly anomaly: boolean;
}

/**
 * Searches.
 * @param count of values, at least 1
 * @param isGood asked for a value, at most once
 * @param extra numbers of values that are looked at besides, in this order; as many as there are probes are taken, without those
 *   that bisection has asked for
 */
export function findBoundary(
  count: number,
  isGood: (value: number) => boolean,
  probes: number,
  extra: (place: number) => number,
): Boundary {
  const known = new Map<number, boolean>();
  const ask = (value: number): boolean => {
    const good = isGood(value);
    known.set(value, good);
    return good;
  };
  let [bad, good] = [-1, count];
  while (good - bad > 1) {
    const middle = Math.floor((bad + good) / 2);
    if (ask(middle)) good = middle;
    else bad = middle;
  }
  let anomaly = false;
  const wanted = Math.min(count, known.size + probes);
  for (let place = 0; known.size < wanted; place++) {
    const value = extra(place);
    if (!known.has(value) && ask(value) !== value >= good) anomaly = true;
  }
  return { found: good < count ? good : undefined, worse: bad >= 0 ? bad : undefined, anomaly };
}

/** The last word of the counters: no replicate has such a number. */
const ANOMALIES = 0xfffffff3;

/**
 * The values in a random order, for probes.
 * @param search the number of its first cell
 */
export function probeOrder(count: number, seed: bigint, search: number, replicate: number): (place: number) => number {
  const key = [Number(seed & 0xffffffffn), Number(seed >> 32n)] as const;
  const [low, high] = philox([search % 2 ** 32, Math.floor(search / 2 ** 32), replicate, ANOMALIES], key);
  return permuted(count, (half, round) => philox([half, round, 0, ANOMALIES], [low, high])[0]);
}
