// What happened in a run, tick by tick, seen from outside: the same scenario is simulated with the horizons 1, 2, ... H,
// and what a counter grows by from one to the next happened in that tick. Nothing of the kernel's inside is needed.

import { stringify } from "lossless-json";
import { IN_HEADER_HORIZON } from "../../assembly/abi.js";
import { Kernel } from "../../src/kernel/kernel.js";
import { compileKernel } from "../../src/kernel/load.js";
import { simulate } from "../../src/kernel/simulate.js";
import { parseScenario } from "../../src/scenario/parse.js";
import type { ReferenceResult, ReferenceScenario } from "../reference/types.js";

const kernel = new Kernel(compileKernel());

/** The results of a scenario's runs to 1, 2, ... H ticks; that of h ticks is at h - 1. */
export function growingRuns(scenario: ReferenceScenario): ReferenceResult[] {
  const { flat, names } = parseScenario(stringify(scenario)!);
  return Array.from({ length: scenario.horizon }, (_, i) => {
    flat[IN_HEADER_HORIZON] = i + 1;
    return simulate(kernel, { flat, names }) as unknown as ReferenceResult;
  });
}

/** The growth of a counter in each tick, from 0 before the first. */
export function growth(runs: readonly ReferenceResult[], counter: (run: ReferenceResult) => number): number[] {
  return runs.map((run, i) => counter(run) - (i === 0 ? 0 : counter(runs[i - 1]!)));
}

/** Who had the CPU in each tick: the number of the server whose supply grew, or null. */
export function owners(runs: readonly ReferenceResult[]): (number | null)[] {
  const supplies = runs[0]!.servers.map((_, server) => growth(runs, (run) => run.servers[server]!.supply));
  return runs.map((_, tick) => {
    const server = supplies.findIndex((supply) => supply[tick] !== 0);
    return server < 0 ? null : server;
  });
}

export interface Completion {
  /** When, and how long after the arrival. */
  readonly time: number;
  readonly response: number;
}

/** The completions of one task, in their order. */
export function completions(runs: readonly ReferenceResult[], task: number): Completion[] {
  const completed = growth(runs, (run) => run.tasks[task]!.completed);
  const responses = growth(runs, (run) => run.tasks[task]!.response_sum);
  return completed.flatMap((count, tick) => (count === 0 ? [] : [{ time: tick + 1, response: responses[tick]! }]));
}
