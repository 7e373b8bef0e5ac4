// A cell as a scenario in normal form (semantics.md section 8), for replay.

import * as abi from "../../assembly/abi.js";
import {
  type Field,
  HOST_FIELDS,
  RUN_FIELDS,
  SERVER_FIELDS,
  serverAt,
  TASK_FIELDS,
  taskAt,
  WINDOW_FIELDS,
  windowAt,
} from "../model/fields.js";
import type { Cursor } from "./cells.js";

type Json = Record<string, unknown>;

/**
 * The current cell as the JSON object of a scenario; times are whole steps of the plan's resolution. Only a seed above
 * 2^53 - 1 is a bigint, which lossless-json writes as a number.
 */
export function cellScenario(cursor: Cursor): Json {
  const { flat, sweep } = cursor;
  const servers = sweep.names.length;
  let task = 0;
  let window = sweep.windows.table?.length ?? 0;
  const ownWindows = (server: number): Json => {
    const count = sweep.windows.servers[server];
    if (count === undefined) return {};
    return { windows: Array.from({ length: count }, () => windowFields(cursor, window++)) };
  };
  const { horizon, ...run } = fields(flat, 0, RUN_FIELDS);
  return {
    horizon,
    seed: sweep.seed <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(sweep.seed) : sweep.seed,
    ...run,
    host: { ...fields(flat, 0, HOST_FIELDS), ...tableWindows(cursor) },
    servers: sweep.names.map(({ name, tasks }, server) => ({
      name,
      ...fields(flat, serverAt(server), SERVER_FIELDS),
      ...ownWindows(server),
      tasks: tasks.map((taskName) => ({ name: taskName, ...fields(flat, taskAt(servers, task++), TASK_FIELDS) })),
    })),
  };
}

function tableWindows(cursor: Cursor): Json {
  const { names, windows } = cursor.sweep;
  if (windows.table === undefined) return {};
  return { windows: windows.table.map((server, i) => ({ server: names[server].name, ...windowFields(cursor, i) })) };
}

function windowFields({ flat, sweep }: Cursor, number: number): Json {
  return fields(flat, windowAt(sweep.names.length, flat[abi.IN_HEADER_TASKS], number), WINDOW_FIELDS);
}

/** The fields that a record has, in the order of the table. */
function fields(flat: Float64Array, at: number, table: readonly Field[]): Json {
  const present = table.filter((field) => flat[at + field.slot] !== abi.ABSENT);
  return Object.fromEntries(
    present.map((field) => {
      const value = flat[at + field.slot];
      return [field.name, field.kind === "choice" ? field.choices[value] : value];
    }),
  );
}
