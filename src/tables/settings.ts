// What servers and tasks of a run were given, defaults included: for who groups by it. Times in steps.

import * as abi from "../../assembly/abi.js";
import { serverAt, taskAt } from "../model/fields.js";
import { HOST_DEFAULT, HOSTS } from "../model/hosts.js";
import { POLICIES, policiesUnder } from "../model/policies.js";
import type { ServerNames } from "../scenario/scenario.js";

/** A record of a server: index of its policy, period, budget, priority; NaN for null. */
export const SETTING_POLICY = 0;
export const SETTING_PERIOD = 1;
export const SETTING_BUDGET = 2;
export const SETTING_PRIORITY = 3;
export const SERVER_SETTINGS = 4;

/** A record of a task. */
export const SETTING_TASK_PERIOD = 0;
export const SETTING_TASK_WCET = 1;
export const SETTING_TASK_DEADLINE = 2;
export const TASK_SETTINGS = 3;

/**
 * Writes the settings of a run.
 * @param flat its scenario
 * @param names of its servers and tasks
 * @param serversAt place of the first server's record, and `tasksAt` of the first task's
 */
export function writeSettings(
  flat: Float64Array,
  names: readonly ServerNames[],
  records: Float64Array,
  serversAt: number,
  tasksAt: number,
): void {
  const id = flat[abi.IN_HEADER_HOST_SCHEDULER];
  const host = id === abi.ABSENT ? HOST_DEFAULT : HOSTS[id];
  const policy = POLICIES.indexOf(policiesUnder(host)[0]);
  let task = 0;
  for (let server = 0; server < names.length; server++) {
    const [from, to] = [serverAt(server), serversAt + server * SERVER_SETTINGS];
    records[to + SETTING_POLICY] = given(flat[from + abi.IN_SERVER_POLICY], policy);
    records[to + SETTING_PERIOD] = given(flat[from + abi.IN_SERVER_PERIOD], Number.NaN);
    records[to + SETTING_BUDGET] = given(flat[from + abi.IN_SERVER_BUDGET], Number.NaN);
    records[to + SETTING_PRIORITY] =
      host === "fp" ? given(flat[from + abi.IN_SERVER_PRIORITY], server + 1) : Number.NaN;
    for (let count = names[server].tasks.length; count > 0; count--) {
      writeTask(flat, taskAt(names.length, task), records, tasksAt + task * TASK_SETTINGS);
      task++;
    }
  }
}

function writeTask(flat: Float64Array, from: number, records: Float64Array, to: number): void {
  const period = given(flat[from + abi.IN_TASK_PERIOD], Number.NaN);
  records[to + SETTING_TASK_PERIOD] = period;
  records[to + SETTING_TASK_WCET] = given(flat[from + abi.IN_TASK_WCET], Number.NaN);
  records[to + SETTING_TASK_DEADLINE] = given(flat[from + abi.IN_TASK_DEADLINE], period);
}

function given(value: number, otherwise: number): number {
  return value === abi.ABSENT ? otherwise : value;
}
