// The lower supply curve of a recording, and the supply bound of a periodic resource beside it.

import { ReservationSupply } from "../../analysis/supply.js";
import type { Windows } from "../read/windows.js";
import type { Stretch } from "./cycles.js";

/** One point of the two curves, in nanoseconds. */
export interface CurvePoint {
  /** Length of the interval. */
  readonly t: number;
  /** The least time that the VM ran in any t ns in which it had work; null when it never had work for so long. */
  readonly measured: number | null;
  /** sbf(t) of the fit (Shin & Lee, RTSS 2003); null without a fit. */
  readonly bound: number | null;
}

/** Points of the curve unless asked for more, and up to how many periods it goes. */
const POINTS = 64;
const PERIODS = 8;

/**
 * The measured lower supply curve and the bound of the periodic resource.
 * @param stretches where the VM had work: while it sleeps it gets no supply, which says nothing about the host
 * @param period with `budget` of the fit, or null for none
 * @param reach the greatest t when there is no fit
 * @param points how many intervals are looked at
 */
export function supplyCurve(
  windows: Windows,
  stretches: readonly Stretch[],
  period: number | null,
  budget: number | null,
  reach: number,
  points = POINTS,
): CurvePoint[] {
  const before = supplyBefore(windows);
  const bound =
    period === null || budget === null ? null : new ReservationSupply(period, budget, period - budget, period);
  const step = stepOf(period === null ? reach : PERIODS * period, points);
  return Array.from({ length: step > 0 ? points : 0 }, (_, i) => {
    const t = (i + 1) * step;
    return { t, measured: leastSupply(windows, before, stretches, t), bound: bound?.at(t) ?? null };
  });
}

function stepOf(reach: number, points: number): number {
  return Math.ceil(reach / points);
}

/** The greatest t of the curve of a fit. */
export function curveReach(period: number): number {
  return POINTS * stepOf(PERIODS * period, POINTS);
}

/**
 * The greatest amount by which the measured curve lies below the bound of the periodic resource, up to eight periods; 0:
 * nowhere. Null when the VM never had work for long enough to tell.
 * The curves are compared where the bound stops rising, at 2 P - Q and every P later: the measured curve rises by no more
 * than the bound does while that rises, and while the bound is flat it only gains, so the deficit is greatest there.
 */
export function greatestDeficit(
  windows: Windows,
  stretches: readonly Stretch[],
  period: number,
  budget: number,
): number | null {
  const before = supplyBefore(windows);
  const bound = new ReservationSupply(period, budget, period - budget, period);
  const deficits = Array.from({ length: PERIODS }, (_, k) => 2 * period - budget + k * period).flatMap((t) => {
    const measured = leastSupply(windows, before, stretches, t);
    return measured === null ? [] : [Math.max(0, bound.at(t) - measured)];
  });
  return deficits.length === 0 ? null : Math.max(...deficits);
}

/** The supply of all windows before window i, for every i. */
function supplyBefore(windows: Windows): Float64Array {
  const before = new Float64Array(windows.length + 1);
  for (let i = 0; i < windows.length; i++) before[i + 1] = before[i] + windows.ends[i] - windows.starts[i];
  return before;
}

/**
 * The least supply in any interval of length t inside a stretch. It is least for an interval that begins where a
 * window ends or ends where a window begins; both are tried, with a second index that only moves on.
 */
function leastSupply(windows: Windows, before: Float64Array, stretches: readonly Stretch[], t: number): number | null {
  let least = Number.POSITIVE_INFINITY;
  for (const { first, end } of stretches) {
    if (windows.ends[end - 1] - windows.starts[first] < t) continue;
    least = Math.min(least, leastAfter(windows, before, first, end, t), leastBefore(windows, before, first, end, t));
  }
  return least === Number.POSITIVE_INFINITY ? null : least;
}

/** Over the intervals that begin where windows [first, end) do not go on: at the first one's begin, or at the end of any. */
function leastAfter({ starts, ends }: Windows, before: Float64Array, first: number, end: number, t: number): number {
  const stop = ends[end - 1];
  let least = Number.POSITIVE_INFINITY;
  for (let i = first - 1, late = first; i < end; i++) {
    const time = (i < first ? starts[first] : ends[i]) + t;
    if (time > stop) break;
    while (late < end && ends[late] <= time) late++;
    const partly = late < end ? Math.max(0, time - starts[late]) : 0;
    const amount = before[late] + partly - before[i + 1];
    if (amount < least) least = amount;
  }
  return least;
}

/** Over the intervals that end where one of the windows [first, end) begins. */
function leastBefore({ starts, ends }: Windows, before: Float64Array, first: number, end: number, t: number): number {
  const begin = starts[first];
  let least = Number.POSITIVE_INFINITY;
  for (let i = first, early = first; i < end; i++) {
    const time = starts[i] - t;
    if (time < begin) continue;
    while (ends[early] <= time) early++;
    const amount = before[i] - before[early] - Math.max(0, time - starts[early]);
    if (amount < least) least = amount;
  }
  return least;
}
