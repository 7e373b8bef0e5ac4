// Times as the kernel draws them, seen from outside, and what theory says of them: for so many draws, at fixed seeds. A small
// number in `npm test`, 10^5 in the soak.

import { describe, expect, test } from "vitest";
import * as abi from "../../assembly/abi.js";
import { Kernel } from "../../src/kernel/kernel.js";
import { compileKernel } from "../../src/kernel/load.js";
import { parseScenario } from "../../src/scenario/parse.js";
import { distributionOf, type Execution } from "../reference/drawn-times.js";
import { distance, excess } from "../workload/theory.js";

const kernel = new Kernel(compileKernel());

/** The execution times of the first jobs of a scenario's first task, whose response times they are. */
export function responsesOf(scenario: unknown): number[] {
  const { flat } = parseScenario(JSON.stringify(scenario));
  const times: number[] = [];
  const status = kernel.trace(flat, (rows) => {
    for (let row = 0; row < rows.length; row += abi.ROW_SIZE)
      if (rows[row + abi.ROW_KIND] === abi.EVENT_COMPLETE && rows[row + abi.ROW_TASK] === 0)
        times.push(rows[row + abi.ROW_VALUE]);
    return true;
  });
  expect(status).toBe(abi.STATUS_DONE);
  return times;
}

/** The execution times of a task that is alone on its CPU. */
export function timesOf(execution: Execution, bcet: number, wcet: number, jobs: number, seed = 1): number[] {
  const task = { name: "t", period: wcet, wcet, bcet, execution };
  const servers = [{ name: "s", policy: "dedicated", tasks: [task] }];
  return responsesOf({ horizon: wcet * jobs, seed, servers });
}

/** The times between the releases of a task. */
export function interarrivalsOf(task: object, jobs: number, seed = 1): number[] {
  const servers = [{ name: "s", policy: "dedicated", tasks: [{ name: "t", wcet: 1, ...task }] }];
  const { flat } = parseScenario(JSON.stringify({ horizon: 2 ** 53 - 1, seed, servers }));
  const releases: number[] = [];
  kernel.trace(flat, (rows) => {
    for (let row = 0; row < rows.length; row += abi.ROW_SIZE)
      if (rows[row + abi.ROW_KIND] === abi.EVENT_RELEASE) releases.push(rows[row + abi.ROW_TIME]);
    return releases.length <= jobs;
  });
  return Array.from({ length: jobs }, (_, k) => releases[k + 1] - releases[k]);
}

/** Of the continuous distribution between the bounds: its share up to a time. */
export function shareUpTo(execution: Execution, bcet: number, wcet: number): (t: number) => number {
  const f = distributionOf(execution, bcet);
  const [first, last] = [f(bcet), f(wcet)];
  return (t) => (f(Math.min(wcet, Math.max(bcet, t))) - first) / (last - first);
}

/** One of a thousand true samples is further away; seeds are fixed, so that what passes once passes always. */
const FAR = 1.95;
const FAR_COUNTS = 3.5;

const CASES: readonly [string, Execution, bcet: number, wcet: number][] = [
  ["normal", { distribution: "truncated-normal", mean: 5e8, deviation: 1e8 }, 1e8, 1e9],
  ["normal, cut at its middle", { distribution: "truncated-normal", mean: 1e8, deviation: 2e8 }, 1e8, 1e9],
  ["normal, nearly flat", { distribution: "truncated-normal", mean: 4e8, deviation: 1e12 }, 1e8, 1e9],
  ["normal, narrow", { distribution: "truncated-normal", mean: 9e8, deviation: 1e6 }, 1e8, 1e9],
  ["exponential", { distribution: "exponential", mean: 2e8 }, 1e8, 1e9],
  ["exponential, nearly flat", { distribution: "exponential", mean: 1e9 }, 1e8, 1e9],
  ["Weibull, with a peak", { distribution: "weibull", shape: [7, 2], scale: 4e8 }, 1e8, 1e9],
  ["Weibull, with a heavy tail", { distribution: "weibull", shape: [1, 2], scale: 1e8 }, 1e8, 1e9],
  ["Weibull, far from its scale", { distribution: "weibull", shape: [30, 1], scale: 1e15 }, 1e8, 1e9],
];

/** Declares the tests. @param jobs of each */
export function campaign(jobs: number): void {
  describe("execution times have their distribution", () => {
    test.each(CASES)("%s", (_what, execution, bcet, wcet) => {
      const times = timesOf(execution, bcet, wcet, jobs);
      expect(times).toHaveLength(jobs);
      expect(times.every((time) => time >= bcet && time <= wcet)).toBe(true);
      const share = execution.scale === 1e15 ? (t: number) => ((t - bcet) / (wcet - bcet)) ** 30 : undefined;
      expect(distance(times, share ?? shareUpTo(execution, bcet, wcet))).toBeLessThan(FAR);
    });

    test.each<Execution>([
      { distribution: "truncated-normal", mean: 14, deviation: 3 },
      { distribution: "exponential", mean: 12 },
      { distribution: "weibull", shape: [3, 2], scale: 5 },
    ])("each whole time has the share from half a step before it to half a step after: %o", (execution) => {
      const share = shareUpTo(execution, 10, 20);
      const shares = Array.from({ length: 11 }, (_, i) => share(10.5 + i) - share(9.5 + i));
      expect(excess(countsOf(timesOf(execution, 10, 20, jobs)), shares)).toBeLessThan(FAR_COUNTS);
    });

    test("bimodal: short and long times are uniform, and of each as many as there should be", () => {
      const execution = { distribution: "bimodal", share: [1, 10], short: 13, long: 19 } as const;
      const shares = Array.from({ length: 11 }, (_, i) => (i <= 3 ? 0.9 / 4 : i >= 9 ? 0.1 / 2 : 0));
      const counts = countsOf(timesOf(execution, 10, 20, jobs));
      expect(excess(counts, shares)).toBeLessThan(FAR_COUNTS);
      expect(counts.filter((count, i) => shares[i] === 0 && count > 0)).toStrictEqual([]);
      const two = timesOf({ distribution: "bimodal", share: [1, 10] }, 10, 20, jobs);
      expect(new Set(two)).toStrictEqual(new Set([10, 20]));
    });
  });
}

/** The same of times between arrivals. @param jobs of each */
export function campaignOfArrivals(jobs: number): void {
  test.each([2e6, 5e6, 9e6])("times between arrivals have their distribution: exponential with the mean %i", (mean) => {
    const times = interarrivalsOf(
      { period: 1e6, period_max: 1e7, sporadic: { distribution: "exponential", mean } },
      jobs,
    );
    const share = shareUpTo({ distribution: "exponential", mean }, 1e6, 1e7);
    expect(distance(times, share)).toBeLessThan(FAR);
    // One after the other does not depend on the one before.
    const sorted = Float64Array.from(times).sort();
    const middle = sorted[sorted.length >> 1];
    const counts = [0, 0, 0, 0];
    for (let k = 1; k < times.length; k += 2) counts[(times[k - 1] < middle ? 0 : 2) + (times[k] < middle ? 0 : 1)]++;
    expect(excess(counts, [0.25, 0.25, 0.25, 0.25])).toBeLessThan(FAR_COUNTS);
  });
}

/** How often each time from 10 to 20 is there. */
function countsOf(times: readonly number[]): number[] {
  const counts = new Array<number>(11).fill(0);
  for (const time of times) counts[time - 10]++;
  return counts;
}
