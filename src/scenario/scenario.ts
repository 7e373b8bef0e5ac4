// A scenario as the rest of the program handles it: flat numbers for the kernel, and beside them the names.

import * as abi from "../../assembly/abi.js";
import { flatLength, serverAt, windowAt } from "../model/fields.js";

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

/** How many windows there are; undefined where `windows` was left out. */
export interface WindowCounts {
  readonly table: number | undefined;
  /** Of each server. */
  readonly servers: readonly (number | undefined)[];
}

/**
 * A flat scenario of the given shape with every field absent, but for the server of each server's own windows.
 * @param names servers and tasks in file order
 */
export function emptyFlat(names: readonly ServerNames[], windows: WindowCounts): Float64Array {
  const taskCount = names.reduce((sum, server) => sum + server.tasks.length, 0);
  const windowCount = windows.servers.reduce((sum: number, own) => sum + (own ?? 0), windows.table ?? 0);
  const flat = new Float64Array(flatLength(names.length, taskCount, windowCount)).fill(abi.ABSENT);
  flat[abi.IN_HEADER_ABI] = abi.ABI_VERSION;
  flat[abi.IN_HEADER_SEED_LOW] = 0;
  flat[abi.IN_HEADER_SEED_HIGH] = 0;
  flat[abi.IN_HEADER_SERVERS] = names.length;
  flat[abi.IN_HEADER_TASKS] = taskCount;
  flat[abi.IN_HEADER_WINDOWS] = windows.table ?? abi.ABSENT;
  let window = windows.table ?? 0;
  for (let server = 0; server < names.length; server++) {
    const own = windows.servers[server];
    flat[serverAt(server) + abi.IN_SERVER_TASKS] = names[server].tasks.length;
    flat[serverAt(server) + abi.IN_SERVER_WINDOWS] = own ?? abi.ABSENT;
    for (const end = window + (own ?? 0); window < end; window++)
      flat[windowAt(names.length, taskCount, window) + abi.IN_WINDOW_SERVER] = server;
  }
  return flat;
}

/** Writes a 64-bit seed into a flat scenario. */
export function setSeed(flat: Float64Array, seed: bigint): void {
  flat[abi.IN_HEADER_SEED_LOW] = Number(seed & 0xffffffffn);
  flat[abi.IN_HEADER_SEED_HIGH] = Number(seed >> 32n);
}
