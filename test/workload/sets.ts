// Sets of tasks as the kernel draws them, for tests.

import { compileKernel, Kernel } from "replenish";
import * as draws from "../../assembly/draws/abi.js";
import { type DrawnTask, drawnTasks, type Question, requestOf } from "../../src/workload/question.js";

export const kernel = new Kernel(compileKernel());

/** Ten tasks of 0.7 together, periods from 10 ms to 1 s in microseconds. */
export const PLAIN: Question = {
  count: 10,
  utilization: 0.7,
  method: "convolutional-fixed-sum",
  each: [0, 1],
  periods: { kind: "log-uniform", bounds: [10_000, 1_000_000], multiple: 1000 },
  offset: false,
};

/** The utilizations of the sets of the first replicates, one set after the other; little memory for many sets. */
export function utilizationsOf(question: Partial<Question>, replicates: number, seed: bigint): Float64Array {
  const asked = { ...PLAIN, ...question };
  const request = requestOf(asked, seed, "vm");
  const utilizations = new Float64Array(replicates * asked.count);
  for (let replicate = 0, at = 0; replicate < replicates; replicate++) {
    request[draws.ASK_REPLICATE] = replicate;
    const { rows } = kernel.drawTasks(request);
    for (let row = draws.DRAWN_UTILIZATION; row < rows.length; row += draws.DRAWN_SIZE) utilizations[at++] = rows[row];
  }
  return utilizations;
}

export interface DrawnSet {
  readonly tasks: readonly DrawnTask[];
  /** As the kernel sums it up. */
  readonly utilization: number;
}

/** The sets of the first replicates. */
export function setsOf(question: Partial<Question>, replicates: number, seed = 1n, server = "vm"): DrawnSet[] {
  const request = requestOf({ ...PLAIN, ...question }, seed, server);
  return Array.from({ length: replicates }, (_, replicate) => {
    request[draws.ASK_REPLICATE] = replicate;
    const { utilization, rows } = kernel.drawTasks(request);
    return { utilization, tasks: drawnTasks(rows) };
  });
}
