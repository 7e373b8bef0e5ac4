// A result as one line of JSON, written straight from the kernel's numbers: the bytes that resultJson makes of the objects, at a
// fraction of their cost where scenarios are small and many.

import * as abi from "../../assembly/abi.js";
import { serverAt, taskAt } from "../model/fields.js";
import { HOST_METRICS, isCounted, type Metric, SERVER_METRICS, TASK_METRICS } from "../model/metrics.js";
import type { Scenario } from "../scenario/scenario.js";
import { counter } from "./simulate.js";

interface KeyedMetric {
  readonly metric: Metric;
  /** With what stands between it and the counter before. */
  readonly key: string;
}

const keyed = (metrics: readonly Metric[]): readonly KeyedMetric[] =>
  metrics.map((metric) => ({ metric, key: `,"${metric.name}":` }));

const HOST = keyed(HOST_METRICS);
const SERVER = keyed(SERVER_METRICS);
const TASK = keyed(TASK_METRICS);

/** @param scenario without `cpus` and `vcpus` */
export function resultLine(results: Float64Array, { flat, names }: Scenario): string {
  const host = countersText(results, 0, HOST, flat, 0).slice(1);
  let servers = "";
  let tasks = "";
  let taskRecord = taskAt(names.length, 0);
  let at = abi.OUT_HOST_SIZE + names.length * abi.OUT_SERVER_SIZE;
  for (const [number, { name, tasks: taskNames }] of names.entries()) {
    const record = serverAt(number);
    const server = JSON.stringify(name);
    const own = countersText(results, abi.OUT_HOST_SIZE + number * abi.OUT_SERVER_SIZE, SERVER, flat, record);
    servers += `${number === 0 ? "" : ","}{"name":${server}${own}}`;
    for (const task of taskNames) {
      const counters = countersText(results, at, TASK, flat, record, taskRecord);
      tasks += `${tasks === "" ? "" : ","}{"server":${server},"name":${JSON.stringify(task)}${counters}}`;
      at += abi.OUT_TASK_SIZE;
      taskRecord += abi.IN_TASK_SIZE;
    }
  }
  return `{"host":{${host}},"servers":[${servers}],"tasks":[${tasks}]}`;
}

/**
 * @param server offset of the server's record in the flat scenario
 * @param task likewise, of counters of a task
 */
function countersText(
  results: Float64Array,
  at: number,
  metrics: readonly KeyedMetric[],
  flat: Float64Array,
  server: number,
  task?: number,
): string {
  let text = "";
  for (const { metric, key } of metrics)
    if (isCounted(metric, flat, server, task)) text += `${key}${counter(results, at, metric)}`;
  return text;
}
