// A scenario as the rest of the program handles it: flat numbers for the kernel, and beside them the names.

import * as abi from "../../assembly/abi.js";
import { partAt, serverAt, taskAt, windowAt } from "../model/fields.js";

/** Names of one server of the flat form, which is a server, or one VCPU of it, and of its tasks, in file order. */
export interface ServerNames {
  /** Unique; of a VCPU `vm.vcpu`. */
  readonly name: string;
  /** All tasks of a VM are with its first VCPU. */
  readonly tasks: readonly string[];
  readonly vcpu?: VcpuNames;
  /** Number of the server that it is in. */
  readonly parent?: number;
  /** Whether it has `servers`, which may be none, instead of tasks. */
  readonly holdsServers?: boolean;
}

/** What makes a server of the flat form a VCPU. */
export interface VcpuNames {
  readonly vm: string;
  readonly name: string;
  /** How many VCPUs the VM has; 0 but for the first. */
  readonly count: number;
}

/** A scenario ready for the kernel: the flat array of assembly/abi.ts, and the names that the kernel does not need. */
export interface Scenario {
  readonly flat: Float64Array;
  readonly names: readonly ServerNames[];
}

/**
 * The same where two have one name, as VCPU `a.b` of `vm` and `b` of `vm.a`: a VCPU whose name another server or an earlier VCPU
 * has is `vm.a.b~2`, and so on.
 */
export function withOwnNames(names: readonly ServerNames[]): readonly ServerNames[] {
  if (names.every(({ vcpu }) => vcpu === undefined)) return names;
  const taken = new Set(names.flatMap(({ name, vcpu }) => (vcpu === undefined ? [name] : [])));
  return names.map((each) => {
    if (each.vcpu === undefined) return each;
    let { name } = each;
    for (let number = 2; taken.has(name); number++) name = `${each.name}~${number}`;
    taken.add(name);
    return name === each.name ? each : { ...each, name };
  });
}

/** The topmost server that a server is in, or is itself: the first VCPU of its VM. */
export function topmost(names: readonly ServerNames[], server: number): number {
  const { parent, vcpu } = names[server];
  if (parent !== undefined) return topmost(names, parent);
  return vcpu === undefined || vcpu.count > 0 ? server : topmost(names, server - 1);
}

/** How many windows, jobs, ... there are; undefined where `windows`, `jobs`, ... was left out. */
export interface ListCounts {
  /** Windows of the table. */
  readonly table: number | undefined;
  /** Windows of each server. */
  readonly servers: readonly (number | undefined)[];
  /** Jobs of each task, numbered across all servers. */
  readonly jobs: readonly (number | undefined)[];
  /** Observed execution times of each task; none where this is left out. */
  readonly observed?: readonly (number | undefined)[];
  /** Parts of each task; likewise. */
  readonly parts?: readonly (number | undefined)[];
}

/** Memory that flat scenarios share: where they are small and many, memory of its own costs more than to fill it. */
let shared = new Float64Array();
let taken = 0;
const SHARED_LENGTH = 4096;

function roomFor(length: number): Float64Array {
  if (length > SHARED_LENGTH / 8) return new Float64Array(length);
  if (taken + length > shared.length) {
    shared = new Float64Array(SHARED_LENGTH);
    taken = 0;
  }
  taken += length;
  return shared.subarray(taken - length, taken);
}

/**
 * A flat scenario of the given shape with every field absent, but for the server of each server's own windows.
 * @param names servers and tasks in file order
 */
export function emptyFlat(names: readonly ServerNames[], counts: ListCounts): Float64Array {
  const taskCount = names.reduce((sum, server) => sum + server.tasks.length, 0);
  const windowCount = total([counts.table, ...counts.servers]);
  const { observed = [], parts = [] } = counts;
  const length = partAt(names.length, taskCount, windowCount, total(counts.jobs), total(observed), total(parts));
  const flat = roomFor(length).fill(abi.ABSENT);
  flat[abi.IN_HEADER_ABI] = abi.ABI_VERSION;
  flat[abi.IN_HEADER_SEED_LOW] = 0;
  flat[abi.IN_HEADER_SEED_HIGH] = 0;
  flat[abi.IN_HEADER_SERVERS] = names.length;
  flat[abi.IN_HEADER_TASKS] = taskCount;
  flat[abi.IN_HEADER_WINDOWS] = counts.table ?? abi.ABSENT;
  let window = counts.table ?? 0;
  for (let server = 0; server < names.length; server++) {
    const own = counts.servers[server];
    flat[serverAt(server) + abi.IN_SERVER_TASKS] = names[server].tasks.length;
    flat[serverAt(server) + abi.IN_SERVER_WINDOWS] = own ?? abi.ABSENT;
    flat[serverAt(server) + abi.IN_SERVER_VCPUS] = names[server].vcpu?.count ?? abi.ABSENT;
    flat[serverAt(server) + abi.IN_SERVER_PARENT] = names[server].parent ?? abi.ABSENT;
    for (const end = window + (own ?? 0); window < end; window++)
      flat[windowAt(names.length, taskCount, window) + abi.IN_WINDOW_SERVER] = server;
  }
  for (const [slot, own] of [
    [abi.IN_TASK_JOBS, counts.jobs],
    [abi.IN_TASK_OBSERVED, observed],
    [abi.IN_TASK_PARTS, parts],
  ] as const)
    for (let task = 0; task < own.length; task++) flat[taskAt(names.length, task) + slot] = own[task] ?? abi.ABSENT;
  return flat;
}

/** The seed of a flat scenario: a bigint only above 2^53 - 1. */
export function seedOf(flat: Float64Array): number | bigint {
  const seed = (BigInt(flat[abi.IN_HEADER_SEED_HIGH]) << 32n) | BigInt(flat[abi.IN_HEADER_SEED_LOW]);
  return seed <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(seed) : seed;
}

/** How many the lists of some owners have together. */
export function total(counts: readonly (number | undefined)[]): number {
  return counts.reduce((sum: number, own) => sum + (own ?? 0), 0);
}

/** The counts of a flat scenario. */
export function countsOf(flat: Float64Array): ListCounts {
  const given = (count: number) => (count >= 0 ? count : undefined);
  const servers = flat[abi.IN_HEADER_SERVERS];
  const ofTasks = (slot: number) =>
    Array.from({ length: flat[abi.IN_HEADER_TASKS] }, (_, i) => given(flat[taskAt(servers, i) + slot]));
  return {
    table: given(flat[abi.IN_HEADER_WINDOWS]),
    servers: Array.from({ length: servers }, (_, i) => given(flat[serverAt(i) + abi.IN_SERVER_WINDOWS])),
    jobs: ofTasks(abi.IN_TASK_JOBS),
    observed: ofTasks(abi.IN_TASK_OBSERVED),
    parts: ofTasks(abi.IN_TASK_PARTS),
  };
}

/** Writes a 64-bit seed into a flat scenario. */
export function setSeed(flat: Float64Array, seed: bigint): void {
  flat[abi.IN_HEADER_SEED_LOW] = Number(seed & 0xffffffffn);
  flat[abi.IN_HEADER_SEED_HIGH] = Number(seed >> 32n);
}
