// One scenario -> its result (semantics.md section 8): counters by name, in the order of section 7.

import { stringify } from "lossless-json";
import * as abi from "../../assembly/abi.js";
import { EXIT, ExitError } from "../input/exit.js";
import { serverAt } from "../model/fields.js";
import {
  HOST_METRICS,
  type HostCounters,
  isCounted,
  type Metric,
  SERVER_METRICS,
  type ServerCounters,
  TASK_METRICS,
  type TaskCounters,
} from "../model/metrics.js";
import type { Scenario } from "../scenario/scenario.js";
import type { Kernel } from "./kernel.js";
import { failureReason } from "./status.js";

/** Counters by name. Times are in the scenario's ticks. */
export interface Result {
  readonly host: HostCounters;
  /** In the order of the scenario. */
  readonly servers: readonly ServerResult[];
  readonly tasks: readonly TaskResult[];
}

export interface ServerResult extends ServerCounters {
  readonly name: string;
}

export interface TaskResult extends TaskCounters {
  /** Name of the server that it is in. */
  readonly server: string;
  readonly name: string;
}

/** A valid scenario that cannot be computed exactly, or that exceeds a limit of the kernel. */
export class RunFailed extends ExitError {
  readonly exitCode = EXIT.cellsFailed;

  constructor(readonly status: number) {
    super(failureReason(status) ?? `unknown status ${status}`);
    this.name = "RunFailed";
  }
}

/**
 * Simulates one scenario.
 * @returns the counters by name; times in the scenario's ticks
 * @throws RunFailed when the scenario cannot be computed exactly; KernelBug when an assertion of the kernel fires
 */
export function simulate(kernel: Kernel, scenario: Scenario): Result {
  const status = kernel.run(scenario.flat);
  if (status !== abi.STATUS_DONE) throw new RunFailed(status);
  const { results } = kernel;
  const { flat, names } = scenario;
  const of = (server: number, metrics: readonly Metric[]) =>
    metrics.filter((metric) => isCounted(metric, flat, serverAt(server)));
  let at = abi.OUT_HOST_SIZE;
  const host = counters<HostCounters>(results, 0, HOST_METRICS);
  const servers = names.map(({ name }, number) => {
    const row = { name, ...counters<ServerCounters>(results, at, of(number, SERVER_METRICS)) };
    at += abi.OUT_SERVER_SIZE;
    return row;
  });
  const tasks = names.flatMap((server, number) =>
    server.tasks.map((name) => {
      const row = { server: server.name, name, ...counters<TaskCounters>(results, at, of(number, TASK_METRICS)) };
      at += abi.OUT_TASK_SIZE;
      return row;
    }),
  );
  return { host, servers, tasks };
}

/** What the metrics name: their names and kinds are the type. */
function counters<Counters>(results: Float64Array, at: number, metrics: readonly Metric[]): Counters {
  return Object.fromEntries(metrics.map((metric) => [metric.name, counter(results, at, metric)])) as Counters;
}

/** A counter: whole, null where section 7 says so, a bigint where it passes 2^53 - 1. */
function counter(results: Float64Array, at: number, metric: Metric): number | bigint | null {
  const value = results[at + metric.slot];
  if (Number.isNaN(value)) return null;
  if (metric.highSlot === undefined) return value;
  const high = results[at + metric.highSlot];
  const sum = high * 2 ** 32 + value;
  return sum <= Number.MAX_SAFE_INTEGER ? sum : BigInt(high) * 2n ** 32n + BigInt(value);
}

/** A result as JSON, on one line or indented; integers beyond 2^53 - 1 are written exactly. */
export function resultJson(result: Result, indent = 0): string {
  return stringify(result, null, indent)!;
}
