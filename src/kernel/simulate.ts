// One scenario -> its result (semantics.md section 8): counters by name, in the order of section 7.

import { stringify } from "lossless-json";
import * as abi from "../../assembly/abi.js";
import { EXIT, ExitError } from "../input/exit.js";
import { serverAt, taskAt } from "../model/fields.js";
import {
  CPU_METRICS,
  type CpuCounters,
  HOST_METRICS,
  type HostCounters,
  hasMigrations,
  isCounted,
  type Metric,
  SERVER_METRICS,
  type ServerCounters,
  TASK_METRICS,
  type TaskCounters,
} from "../model/metrics.js";
import { type WrittenServer, writtenServers } from "../scenario/directory.js";
import type { Scenario } from "../scenario/scenario.js";
import type { Kernel } from "./kernel.js";
import { resultLine } from "./result-line.js";
import { failureReason } from "./status.js";

/** Counters by name. Times are in the scenario's ticks. */
export interface Result {
  readonly host: HostResult;
  /** In the order of the scenario, a server before those in it. */
  readonly servers: readonly ServerResult[];
  readonly tasks: readonly TaskResult[];
}

export interface HostResult extends HostCounters {
  /** Of a scenario with `cpus` or `vcpus`. */
  readonly cpus?: readonly CpuResult[];
}

export interface CpuResult extends CpuCounters {
  readonly cpu: number;
}

export interface ServerResult extends ServerCounters {
  readonly name: string;
  /** Of a server with `vcpus`, whose own counters are their sums. */
  readonly vcpus?: readonly VcpuResult[];
}

export interface VcpuResult extends ServerCounters {
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
  run(kernel, scenario);
  return new ResultReader(kernel.results, scenario).read();
}

/**
 * Simulates one scenario.
 * @returns its result as one line of JSON: a text, or its bytes, which are valid until the next call
 * @throws as `simulate`
 */
export function simulateLine(kernel: Kernel, scenario: Scenario): string | Uint8Array {
  run(kernel, scenario);
  if (hasMigrations(scenario.flat)) return resultJson(new ResultReader(kernel.results, scenario).read());
  return resultLine(kernel.results, scenario);
}

function run(kernel: Kernel, { flat }: Scenario): void {
  const status = kernel.run(flat);
  if (status !== abi.STATUS_DONE) throw new RunFailed(status);
}

class ResultReader {
  private readonly written: readonly WrittenServer[];

  constructor(
    private readonly results: Float64Array,
    private readonly scenario: Scenario,
  ) {
    this.written = writtenServers(scenario.names);
  }

  read(): Result {
    const { results, scenario, written } = this;
    const hasCpus = hasMigrations(scenario.flat);
    const metrics = HOST_METRICS.filter((metric) => isCounted(metric, scenario.flat, 0));
    const host = counters<HostCounters>(results, 0, metrics);
    return {
      host: hasCpus ? { ...host, cpus: this.cpus() } : host,
      servers: written.map((server) => this.server(server)),
      tasks: written.flatMap((server) => this.tasks(server)),
    };
  }

  private server({ name, first, vcpus }: WrittenServer): ServerResult {
    if (vcpus === undefined) return { name, ...this.counters(first) };
    const list = vcpus.map((vcpu, i) => ({ name: vcpu, ...this.counters(first + i) }));
    const sums = SERVER_METRICS.filter((metric) => list.some((vcpu) => vcpu[metric.name] !== undefined)).map(
      (metric) => [
        metric.name,
        metric.name === "blackout_max"
          ? this.results[this.serverAt(first) + abi.OUT_SERVER_BLACKOUT_MAX_VM]
          : list.reduce((sum, vcpu) => sum + (vcpu[metric.name] ?? 0), 0),
      ],
    );
    return { name, ...(Object.fromEntries(sums) as ServerCounters), vcpus: list };
  }

  /** What a server of the flat form counted. */
  private counters(number: number): ServerCounters {
    return counters(this.results, this.serverAt(number), this.of(number, SERVER_METRICS));
  }

  private tasks({ name, first, firstTask, tasks }: WrittenServer): TaskResult[] {
    return tasks.map((task, i) => {
      const metrics = this.of(first, TASK_METRICS, firstTask + i);
      const at = this.tasksAt + (firstTask + i) * abi.OUT_TASK_SIZE;
      return { server: name, name: task, ...counters<TaskCounters>(this.results, at, metrics) };
    });
  }

  private cpus(): CpuResult[] {
    const { flat } = this.scenario;
    const first = this.tasksAt + flat[abi.IN_HEADER_TASKS] * abi.OUT_TASK_SIZE;
    return Array.from({ length: Math.max(1, flat[abi.IN_HEADER_CPUS]) }, (_, cpu) => ({
      cpu,
      ...counters<CpuCounters>(this.results, first + cpu * abi.OUT_CPU_SIZE, CPU_METRICS),
    }));
  }

  private of(server: number, metrics: readonly Metric[], task = 0): Metric[] {
    const { flat, names } = this.scenario;
    return metrics.filter((metric) => isCounted(metric, flat, serverAt(server), taskAt(names.length, task)));
  }

  private serverAt(number: number): number {
    return abi.OUT_HOST_SIZE + number * abi.OUT_SERVER_SIZE;
  }

  private get tasksAt(): number {
    return this.serverAt(this.scenario.names.length);
  }
}

/** What the metrics name: their names and kinds are the type. */
function counters<Counters>(results: Float64Array, at: number, metrics: readonly Metric[]): Counters {
  const counted: Record<string, number | bigint | null> = {};
  for (const metric of metrics) counted[metric.name] = counter(results, at, metric);
  return counted as Counters;
}

/** Where the kernel has a counter. */
export interface Counted {
  readonly slot: number;
  readonly highSlot?: number | undefined;
}

/** A counter: whole, null where section 7 says so, a bigint where it passes 2^53 - 1. */
export function counter(results: Float64Array, at: number, metric: Counted): number | bigint | null {
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
