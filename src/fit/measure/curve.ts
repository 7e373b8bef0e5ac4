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
  const step = Math.ceil((period === null ? reach : PERIODS * period) / points);
  return Array.from({ length: step > 0 ? points : 0 }, (_, i) => {
    const t = (i + 1) * step;
    return { t, measured: leastSupply(windows, before, stretches, t), bound: bound?.at(t) ?? null };
  });
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
  const { starts, ends } = windows;
  let least: number | null = null;
  for (const { first, end } of stretches) {
    const [begin, stop] = [starts[first], ends[end - 1]];
    if (stop - begin < t) continue;
    const upTo = (time: number, from: number): [number, number] => {
      let i = from;
      while (i < end && ends[i] <= time) i++;
      return [before[i] + (i < end ? Math.max(0, time - starts[i]) : 0), i];
    };
    const atBegin = upTo(begin + t, first)[0] - before[first];
    least = Math.min(least ?? atBegin, atBegin);
    let [late, early] = [first, first];
    for (let i = first; i < end; i++) {
      let amount: number;
      if (ends[i] + t <= stop) {
        [amount, late] = upTo(ends[i] + t, late);
        least = Math.min(least, amount - before[i + 1]);
      }
      if (starts[i] - t >= begin) {
        [amount, early] = upTo(starts[i] - t, early);
        least = Math.min(least, before[i] - amount);
      }
    }
  }
  return least;
}
