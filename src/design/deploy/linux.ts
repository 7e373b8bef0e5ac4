// What Linux does with budgets by default, and since which version: limits that a setting alone does not show.

import type { BudgetedServer } from "../../model/system.js";
import { compare, type Ratio, ratio, sumOf } from "../../numbers/integers.js";
import type { DeployUnit } from "./units.js";

/**
 * What admission control leaves to real-time threads of a CPU: kernel.sched_rt_runtime_us / kernel.sched_rt_period_us,
 * and from Linux 6.12 on less the fair server's share (50 ms of every second, /sys/kernel/debug/sched/fair_server).
 */
const SHARE = { before: ratio(95, 100), withFairServer: ratio(90, 100) };

/** The sum of the servers' bandwidths. */
function bandwidthOf(servers: readonly BudgetedServer[]): Ratio {
  return sumOf(servers.map(({ budget, period }) => ratio(budget, period)));
}

/** A warning where SCHED_DEADLINE does not admit the servers of one CPU by default, in some version or in all. */
export function admissionWarnings(servers: readonly BudgetedServer[]): string[] {
  const needed = bandwidthOf(servers);
  if (compare(needed, SHARE.withFairServer) <= 0) return [];
  const more =
    "-1 in kernel.sched_rt_runtime_us turns admission control off; 0 in /sys/kernel/debug/sched/fair_server/cpu*/runtime gives the fair server's share back";
  const text = shareText(needed);
  return [
    compare(needed, SHARE.before) > 0
      ? `these servers need ${text} of a CPU, and the kernel admits 0.95 by default (kernel.sched_rt_runtime_us), 0.90 from Linux 6.12 on, whose fair server has 0.05: it refuses the last of them; ${more}`
      : `these servers need ${text} of a CPU: Linux 6.12 and later admit 0.90 by default, for their fair server has 0.05, and refuse the last of them; before, 0.95 was admitted; ${more}`,
  ];
}

/** Real-time threads of a CPU together have no more than 0.95 of it by default. */
export function throttlingWarnings(servers: readonly BudgetedServer[]): string[] {
  const whole = compare(bandwidthOf(servers), SHARE.before) > 0;
  const stop =
    "up to Linux 6.11 all real-time threads of a CPU are stopped for 50 ms of a second in which they ran 950 ms (kernel.sched_rt_runtime_us); from 6.12 on its fair server takes up to 50 ms of a second from them while others wait";
  return whole ? [`these servers need more than 0.95 of a CPU: ${stop}`] : [];
}

/** Scheduler ticks that are usual, by the kernel's HZ, in microseconds. */
const TICKS: readonly (readonly [hz: number, us: number])[] = [
  [1000, 1000],
  [250, 4000],
];

/**
 * A warning for budgets that are no whole number of scheduler ticks: a spent budget is noticed at the tick, unless the
 * kernel has high-resolution enforcement (feature HRTICK, HRTICK_DL), which is off by default.
 * @param after what becomes of the time that was too much
 */
export function tickWarnings(servers: readonly BudgetedServer[], unit: DeployUnit, after: string): string[] {
  const perUs = unit === "ns" ? 1000 : 1;
  return servers.flatMap(({ name, budget, period }) => {
    if (budget === period) return [];
    const late = TICKS.filter(([, us]) => budget % (us * perUs) !== 0);
    if (late.length === 0) return [];
    const ticks = late.map(([hz, us]) => `${us / 1000} ms at HZ=${hz}`).join(", ");
    return [
      `${name}: ${budget} ${unit} is no whole number of scheduler ticks (${ticks}); a spent budget is noticed at the next tick, ${after}`,
    ];
  });
}

/** At most four digits, not less than the ratio. */
function shareText({ numerator, denominator }: Ratio): string {
  const parts = (numerator * 10_000n + denominator - 1n) / denominator;
  return String(Number(parts) / 10_000);
}
