// A scenario as the rest of the program handles it: flat numbers for the kernel, and beside them the names.

import * as abi from "../../assembly/abi.js";
import { flatLength, serverAt } from "./fields.js";

/** Names of one server and its tasks, in file order. */
export interface ServerNames {
  readonly name: string;
  readonly tasks: readonly string[];
}

/** A scenario ready for the kernel: the flat array of assembly/abi.ts, and the names that the kernel does not need. */
export interface Scenario {
  readonly flat: Float64Array;
  readonly names: readonly ServerNames[];
}

/**
 * A flat scenario of the given shape with every field absent.
 * @param names servers and tasks in file order
 * @param windowCount number of windows of a table host, or ABSENT when there is no `windows`
 */
export function emptyFlat(names: readonly ServerNames[], windowCount: number): Float64Array {
  const taskCount = names.reduce((sum, server) => sum + server.tasks.length, 0);
  const flat = new Float64Array(flatLength(names.length, taskCount, Math.max(0, windowCount))).fill(abi.ABSENT);
  flat[abi.HEADER_ABI] = abi.ABI_VERSION;
  flat[abi.HEADER_SEED_LOW] = 0;
  flat[abi.HEADER_SEED_HIGH] = 0;
  flat[abi.HEADER_SERVERS] = names.length;
  flat[abi.HEADER_TASKS] = taskCount;
  flat[abi.HEADER_WINDOWS] = windowCount;
  for (let server = 0; server < names.length; server++)
    flat[serverAt(server) + abi.SERVER_TASKS] = names[server].tasks.length;
  return flat;
}

/** Writes a 64-bit seed into a flat scenario. */
export function setSeed(flat: Float64Array, seed: bigint): void {
  flat[abi.HEADER_SEED_LOW] = Number(seed & 0xffffffffn);
  flat[abi.HEADER_SEED_HIGH] = Number(seed >> 32n);
}
