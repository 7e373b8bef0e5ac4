// Whether the run of a flat scenario can repeat itself, and after how long.

import * as abi from "../../assembly/abi.js";
import { leastCommonMultiple } from "../numbers/integers.js";
import { serverAt, taskAt } from "./fields.js";
import { factsOf, POLICIES } from "./policies.js";

/**
 * The least common multiple of all periods and of a table's frame: 1 without any, `BEYOND` past 2^53 - 1, NaN when one of
 * them is.
 */
export function hyperperiodOf(flat: Float64Array): number {
  let multiple = 1;
  const join = (period: number): void => {
    if (period === abi.ABSENT) return;
    multiple = Number.isNaN(period) ? period : leastCommonMultiple(multiple, period);
  };
  join(flat[abi.IN_HEADER_FRAME]);
  const servers = flat[abi.IN_HEADER_SERVERS];
  for (let server = 0; server < servers; server++) join(flat[serverAt(server) + abi.IN_SERVER_PERIOD]);
  for (let task = 0; task < flat[abi.IN_HEADER_TASKS]; task++) join(flat[taskAt(servers, task) + abi.IN_TASK_PERIOD]);
  return multiple;
}

/** Whether anything of the scenario is drawn at random, or never repeats: then no cycle does. */
export function isAperiodic(flat: Float64Array): boolean {
  const servers = flat[abi.IN_HEADER_SERVERS];
  for (let server = 0; server < servers; server++) if (isServerAperiodic(flat, serverAt(server))) return true;
  for (let task = 0; task < flat[abi.IN_HEADER_TASKS]; task++) {
    if (isTaskDrawn(flat, taskAt(servers, task))) return true;
  }
  return false;
}

function isServerAperiodic(flat: Float64Array, at: number): boolean {
  const policy = flat[at + abi.IN_SERVER_POLICY];
  if (policy !== abi.ABSENT && !factsOf(POLICIES[policy]).repeats) return true;
  if (isDrawn(flat, at + abi.IN_SERVER_LATENCY_WAKE) || isDrawn(flat, at + abi.IN_SERVER_LATENCY_REPLENISH))
    return true;
  if (flat[at + abi.IN_SERVER_PERIOD_MAX] > flat[at + abi.IN_SERVER_PERIOD]) return true;
  const least = flat[at + abi.IN_SERVER_BUDGET_MIN];
  return least !== abi.ABSENT && least < flat[at + abi.IN_SERVER_BUDGET];
}

function isDrawn(flat: Float64Array, at: number): boolean {
  return flat[at + 1] > flat[at];
}

/** Jobs as given come once, and those after a think time when the ones before are done. */
function isTaskDrawn(flat: Float64Array, at: number): boolean {
  if (flat[at + abi.IN_TASK_PERIOD] === abi.ABSENT) return true;
  const bcet = flat[at + abi.IN_TASK_BCET];
  const isConstant = flat[at + abi.IN_TASK_EXECUTION] === abi.TIMES_CONSTANT;
  if (!isConstant && bcet !== abi.ABSENT && bcet < flat[at + abi.IN_TASK_WCET]) return true;
  return flat[at + abi.IN_TASK_JITTER] > 0 || flat[at + abi.IN_TASK_PERIOD_MAX] > flat[at + abi.IN_TASK_PERIOD];
}
