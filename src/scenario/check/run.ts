// The rules on a run: its own fields, and how much one scenario can hold.

import * as abi from "../../../assembly/abi.js";
import { hasVcpus, RUN_FIELDS, taskAt } from "../../model/fields.js";
import { Checker, type Place, type Report } from "./checker.js";
import { windowCount } from "./windows.js";

export function checkRun(flat: Float64Array, report: Report): void {
  checkCounts(flat, report);
  const run = new Checker(flat, 0, "run", 0, report);
  run.minima(RUN_FIELDS);
  run.required("horizon", abi.IN_HEADER_HORIZON);
  const horizon = run.value(abi.IN_HEADER_HORIZON);
  if (run.value(abi.IN_HEADER_WARMUP) >= horizon && horizon !== abi.ABSENT) {
    run.say(
      "warmup",
      (show) =>
        `${show(run.value(abi.IN_HEADER_WARMUP))} is not less than the horizon of ${show(horizon)}: nothing would be counted`,
    );
  }
  run.atMost(
    "replicate",
    abi.IN_HEADER_REPLICATE,
    2 ** 32 - 1,
    () => "is more than 4294967295 (it is an unsigned 32-bit number)",
  );
}

function checkCounts(flat: Float64Array, report: Report): void {
  const servers = flat[abi.IN_HEADER_SERVERS];
  if (servers === 0)
    report({ record: "run", index: 0, field: "servers" }, () => "there is no server; at least one is needed");
  checkLimit(report, "servers", servers, abi.SERVERS_MAX, hasVcpus(flat) ? "servers and VCPUs" : "servers");
  checkLimit(report, "servers", flat[abi.IN_HEADER_TASKS], abi.TASKS_MAX, "tasks");
  const windows = windowCount(flat);
  if (flat[abi.IN_HEADER_WINDOWS] > 0) checkLimit(report, "windows", windows, abi.WINDOWS_MAX, "windows", "host");
  else checkLimit(report, "servers", windows, abi.WINDOWS_MAX, "windows");
  checkLimit(report, "servers", jobCount(flat), abi.JOBS_MAX, "jobs");
  checkLimit(report, "servers", observedCount(flat), abi.OBSERVED_MAX, "observed execution times");
}

/** Of all tasks; none of one whose jobs were left out, or refused before. */
export function jobCount(flat: Float64Array): number {
  return ofTasks(flat, abi.IN_TASK_JOBS);
}

/** Likewise. */
export function observedCount(flat: Float64Array): number {
  return ofTasks(flat, abi.IN_TASK_OBSERVED);
}

function ofTasks(flat: Float64Array, slot: number): number {
  let count = 0;
  for (let task = 0; task < flat[abi.IN_HEADER_TASKS]; task++) count += countOf(flat, task, slot);
  return count;
}

/** How many jobs a task is given one by one. */
export function jobsOf(flat: Float64Array, task: number): number {
  return countOf(flat, task, abi.IN_TASK_JOBS);
}

/** How many observed execution times a task has. */
export function observedOf(flat: Float64Array, task: number): number {
  return countOf(flat, task, abi.IN_TASK_OBSERVED);
}

function countOf(flat: Float64Array, task: number, slot: number): number {
  const count = flat[taskAt(flat[abi.IN_HEADER_SERVERS], task) + slot];
  return Number.isNaN(count) ? 0 : Math.max(0, count);
}

/** `65 servers are more than the 64 that one scenario can have` */
export function tooMany(found: number, what: string, most: number): string {
  return `${found} ${what} are more than the ${most} that one scenario can have`;
}

function checkLimit(
  report: Report,
  field: string,
  found: number,
  most: number,
  what = field,
  record: Place["record"] = "run",
): void {
  if (found > most) report({ record, index: 0, field }, () => tooMany(found, what, most));
}
