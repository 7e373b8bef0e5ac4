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
