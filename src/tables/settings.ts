// What servers, VCPUs and tasks of a run were given, defaults included: for who groups by it. Times in steps.

import * as abi from "../../assembly/abi.js";
import { serverAt, taskAt } from "../model/fields.js";
import { HOST_DEFAULT, HOSTS, type HostScheduler } from "../model/hosts.js";
import { POLICIES, policiesUnder } from "../model/policies.js";
import type { RunRows } from "./shape.js";

/** A record of a server, or of a VCPU: index of its policy, period, budget, priority; NaN for null. */
export const SETTING_POLICY = 0;
export const SETTING_PERIOD = 1;
export const SETTING_BUDGET = 2;
export const SETTING_PRIORITY = 3;
export const SERVER_SETTINGS = 4;

/** Of a VCPU besides: its number in its VM, the lowest CPU that it may have, how many these are. */
export const SETTING_INDEX = 4;
export const SETTING_CLUSTER = 5;
export const SETTING_CLUSTER_CPUS = 6;
export const VCPU_SETTINGS = 7;

/** A record of a task. */
export const SETTING_TASK_PERIOD = 0;
export const SETTING_TASK_WCET = 1;
export const SETTING_TASK_DEADLINE = 2;
export const TASK_SETTINGS = 3;

/** Where the first record of each kind stands. */
export interface SettingsPlaces {
  readonly serverSettingsAt: number;
  readonly vcpuSettingsAt: number;
  readonly taskSettingsAt: number;
}

/**
 * Writes the settings of a run.
 * @param flat its scenario
 * @param at where its record begins, in which the places are
 */
export function writeSettings(
  flat: Float64Array,
  { written, counts, inKernel }: RunRows,
  records: Float64Array,
  at: number,
  places: SettingsPlaces,
): void {
  const id = flat[abi.IN_HEADER_HOST_SCHEDULER];
  const host = id === abi.ABSENT ? HOST_DEFAULT : HOSTS[id];
  let vcpu = at + places.vcpuSettingsAt;
  for (let row = 0, to = at + places.serverSettingsAt; row < written.length; row++, to += SERVER_SETTINGS) {
    const { first, count, vcpus } = written[row];
    if (vcpus === undefined) {
      writeServer(flat, first, host, records, to);
      continue;
    }
    const own = vcpu;
    for (let index = 0; index < count; index++, vcpu += VCPU_SETTINGS) {
      writeServer(flat, first + index, host, records, vcpu);
      records[vcpu + SETTING_INDEX] = index;
      writeCluster(flat, serverAt(first + index), host, records, vcpu);
    }
    writeVm(records, own, count, to);
  }
  for (let task = 0, to = at + places.taskSettingsAt; task < counts[2]; task++, to += TASK_SETTINGS)
    writeTask(flat, taskAt(inKernel, task), records, to);
}

function writeServer(flat: Float64Array, server: number, host: HostScheduler, records: Float64Array, to: number): void {
  const from = serverAt(server);
  const policy = flat[from + abi.IN_SERVER_POLICY];
  records[to + SETTING_POLICY] = policy === abi.ABSENT ? POLICIES.indexOf(policiesUnder(host)[0]) : policy;
  records[to + SETTING_PERIOD] = given(flat[from + abi.IN_SERVER_PERIOD], Number.NaN);
  records[to + SETTING_BUDGET] = given(flat[from + abi.IN_SERVER_BUDGET], Number.NaN);
  records[to + SETTING_PRIORITY] = host === "fp" ? given(flat[from + abi.IN_SERVER_PRIORITY], server + 1) : Number.NaN;
}

/** VCPUs that share any CPU share all: the lowest one names them. Under a table windows say which CPU one has. */
function writeCluster(flat: Float64Array, from: number, host: string, records: Float64Array, to: number): void {
  const low = flat[from + abi.IN_SERVER_AFFINITY_LOW];
  const high = flat[from + abi.IN_SERVER_AFFINITY_HIGH];
  let [first, count] = [0, given(flat[abi.IN_HEADER_CPUS], 1)];
  if (host === "table") [first, count] = [Number.NaN, Number.NaN];
  else if (low !== abi.ABSENT) [first, count] = [low > 0 ? lowest(low) : 32 + lowest(high), ones(low) + ones(high)];
  records[to + SETTING_CLUSTER] = first;
  records[to + SETTING_CLUSTER_CPUS] = count;
}

/** What all VCPUs have alike, else NaN; the sum of the budgets, if they are of one period. */
function writeVm(records: Float64Array, from: number, count: number, to: number): void {
  let budget = 0;
  for (let at = from; at < from + count * VCPU_SETTINGS; at += VCPU_SETTINGS) budget += records[at + SETTING_BUDGET];
  for (const slot of [SETTING_POLICY, SETTING_PERIOD, SETTING_PRIORITY]) {
    let value = records[from + slot];
    for (let at = from; at < from + count * VCPU_SETTINGS; at += VCPU_SETTINGS)
      if (records[at + slot] !== value) value = Number.NaN;
    records[to + slot] = value;
  }
  records[to + SETTING_BUDGET] = Number.isNaN(records[to + SETTING_PERIOD]) ? Number.NaN : budget;
}

/** The number of the lowest bit of 32. */
function lowest(bits: number): number {
  return 31 - Math.clz32(bits & -bits);
}

/** How many of 32 bits are set. */
function ones(bits: number): number {
  let count = 0;
  for (let left = bits | 0; left !== 0; left &= left - 1) count++;
  return count;
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
