// The constant bandwidth server of a recorded SCHED_DEADLINE thread, with the scheduler's tick at which Linux looks at its
// budget (semantics.md section 10.2): what runs on until the tick is owed, and two or three periods may look like one.

import type { Role } from "../read/threads.js";
import { ENDED_ASLEEP, supplyOf, type Windows } from "../read/windows.js";
import { CycleList, type Cycles, stretchesOf } from "./cycles.js";
import type { Interval } from "./interval.js";
import { LEAST_CYCLES } from "./periodic.js";

/** A `cbs` server; times in nanoseconds. */
export interface DeadlineServer {
  readonly period: number;
  readonly budget: number;
  /** The scheduler's tick, and where it stands after the begin of the part measured; null where ends follow none. */
  readonly enforceEvery: number | null;
  readonly enforcePhase: number | null;
  /** From one end of throttling to the next, with work all the while; and how many of them are whole periods. */
  readonly cycles: number;
  readonly samePeriod: number;
}

/** The kernel's priority of SCHED_DEADLINE. */
const DEADLINE_PRIORITY = -1;
/** What agrees does so in 7 of 8 cases, as for any server. */
const LEAST_AGREEMENT = 7 / 8;
/** A cycle is whole periods within 2 % of one, so often that a period is seen by itself. */
const SAME = 0.02;
const LEAST_SEEN = 3;
/** Over more periods a range of budgets gets no narrower than the noise. */
const LONGEST = 100;
/**
 * Ticks of Linux: HZ is 100, 250, 300, 500 or 1000; that of 300 is a whole number of nanoseconds too (TICK_NSEC of
 * linux/jiffies.h). Ends of windows lie within a tenth of a tick of each other.
 */
const TICKS = [10_000_000, 4_000_000, 3_333_333, 2_000_000, 1_000_000];
const TICK_WIDTH = 1 / 10;
/** So many windows tell as much as all of a long recording. */
const LOOKED_AT = 20_000;
/**
 * Parameters are set by people: they are rounded to 1 ms or 100 us where that changes them by less than 0.5 %, or by no more
 * than the recording leaves open, which is a tick over all its periods.
 */
const ROUND = [1_000_000, 100_000];
const ROUNDED = 0.005;

/**
 * The server that the windows show, or null: for threads of other classes, and where 7 of 8 cycles are no multiples of one
 * period. Its budget is the mean supply of a period, as far as debts of less than a tick allow.
 * @param windows of that part
 */
export function deadlineServer(roles: readonly Role[], windows: Windows, part: Interval): DeadlineServer | null {
  if (!isDeadline(roles, windows, part)) return null;
  const { begin } = part;
  const { lengths, supplies } = throttledCycles(windows);
  const seen = lengths.length < LEAST_CYCLES ? null : periodOf(lengths);
  if (seen === null) return null;
  let [whole, periods, span, supply] = [0, 0, 0, 0];
  for (let i = 0; i < lengths.length; i++) {
    if (!isMultiple(lengths[i], seen)) continue;
    whole++;
    periods += Math.round(lengths[i] / seen);
    span += lengths[i];
    supply += supplies[i];
  }
  const period = rounded(span / periods);
  const tick = tickOf(windows, begin);
  const [least, most] = tick === null ? [0, period] : budgetRange(windows, period, tick.every);
  const open = tick === null ? 0 : tick.every / periods;
  const budget = Math.min(period, rounded(Math.max(least, Math.min(supply / periods, most)), open));
  return {
    period,
    budget,
    enforceEvery: tick?.every ?? null,
    enforcePhase: tick?.phase ?? null,
    cycles: lengths.length,
    samePeriod: whole,
  };
}

/**
 * Whether the threads ran as those of SCHED_DEADLINE in this part, but for a moment: what they were before, while they were
 * set up, and after is nothing to it.
 * @param roles under which priorities they ran, when and for how long in all
 * @param windows of that part
 */
export function isDeadline(roles: readonly Role[], windows: Windows, { begin, end }: Interval): boolean {
  const ran = (some: readonly Role[]) => some.reduce((sum, role) => sum + role.ran, 0);
  const here = roles.filter(({ first, last }) => first < end && last > begin);
  const own = here.filter(({ priority }) => priority === DEADLINE_PRIORITY);
  // Where it ran so in this part alone, all else that it got there is what other roles, which may be from before and after, ran in it.
  const isAlone = here.every(({ pid }) => pid === here[0].pid);
  const isInside = own.every(({ first, last }) => first >= begin && last <= end);
  const all = isAlone && isInside ? supplyOf(windows) : ran(here);
  return own.length > 0 && ran(own) >= LEAST_AGREEMENT * all;
}

/** From one window that the host let begin to the next, however short the gap: throttling may end as soon as it began. */
function throttledCycles(windows: Windows): Cycles {
  const cycles = new CycleList(windows.length);
  for (const { first, end } of stretchesOf(windows)) {
    for (let i = first + 1; i + 1 < end; i++) {
      const length = windows.starts[i + 1] - windows.starts[i];
      cycles.add(length, windows.ends[i] - windows.starts[i]);
    }
  }
  return cycles.cycles();
}

/** The least length that is seen by itself, and of which the cycles are multiples. */
function periodOf(cycles: Float64Array): number | null {
  const lengths = cycles.slice().sort();
  for (let first = 0; first < lengths.length; ) {
    let end = first;
    while (end < lengths.length && lengths[end] <= lengths[first] * (1 + SAME)) end++;
    const middle = lengths[(first + end) >> 1];
    if (end - first >= LEAST_SEEN && areMultiples(lengths, middle)) return middle;
    first = end;
  }
  return null;
}

/** Whether 7 of 8 lengths are. */
function areMultiples(lengths: Float64Array, period: number): boolean {
  const most = (1 - LEAST_AGREEMENT) * lengths.length;
  let others = 0;
  for (let i = 0; i < lengths.length && others <= most; i++) if (!isMultiple(lengths[i], period)) others++;
  return others <= most;
}

function isMultiple(length: number, period: number): boolean {
  const times = Math.round(length / period);
  return times >= 1 && Math.abs(length - times * period) <= SAME * period;
}

/** The longest tick on which the host took the CPU away. */
function tickOf({ length, ends, flags }: Windows, begin: number): { every: number; phase: number } | null {
  const looked = Math.min(length, LOOKED_AT);
  // Neighbours, for at equal distances other ticks may look like one.
  const cuts = ends.slice(0, looked).filter((_, i) => (flags[i] & ENDED_ASLEEP) === 0);
  const needed = Math.ceil(LEAST_AGREEMENT * cuts.length);
  for (const every of TICKS) {
    const phases = cuts.map((end) => (((end - begin) % every) + every) % every).sort();
    const at = (i: number) => (i < phases.length ? phases[i] : phases[i - phases.length] + every);
    for (let i = 0; i < phases.length; i++) {
      if (at(i + needed - 1) - phases[i] > every * TICK_WIDTH) continue;
      return { every, phase: at(i + (needed >> 1)) % every };
    }
  }
  return null;
}

/**
 * What the budget must be for what is owed to be less than a tick: between two throttlings k periods apart the supply is
 * k budgets and less than a tick more or less; from a wake-up with a full budget on it is no less than k budgets. A
 * wake-up that finds less than a full budget contradicts the first, and is left out.
 */
function budgetRange(windows: Windows, period: number, tick: number): [least: number, most: number] {
  let [least, most] = [0, period];
  const fromWakeUps: number[] = [];
  const stride = Math.ceil(windows.length / LOOKED_AT);
  for (const { first, end } of stretchesOf(windows)) {
    for (let from = first; from < end - 1; from += stride) {
      let supply = 0;
      for (let i = from; i < end - 1; i++) {
        supply += windows.ends[i] - windows.starts[i];
        const periods = Math.max(1, Math.round((windows.starts[i + 1] - windows.starts[from]) / period));
        if (from === first) fromWakeUps.push(supply / periods);
        else {
          least = Math.max(least, (supply - tick) / periods);
          most = Math.min(most, (supply + tick) / periods);
        }
        if (periods > LONGEST) break;
      }
    }
  }
  const full = fromWakeUps.filter((budget) => budget >= least * (1 - SAME));
  return [least, full.reduce((a, b) => Math.min(a, b), most)];
}

function rounded(time: number, open = 0): number {
  const values = ROUND.map((unit) => Math.round(time / unit) * unit);
  const isNear = (value: number) => value > 0 && Math.abs(value - time) <= Math.max(open, ROUNDED * time);
  return values.find(isNear) ?? Math.round(time);
}
