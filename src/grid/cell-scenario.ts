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
} from "../scenario/fields.js";
import type { Cursor } from "./cursor.js";

type Json = Record<string, unknown>;

/**
 * The current cell as the JSON object of a scenario; times are whole steps of the plan's resolution. Only a seed above
 * 2^53 - 1 is a bigint, which lossless-json writes as a number.
 */
export function cellScenario(cursor: Cursor): Json {
  const { flat, sweep } = cursor;
  const servers = sweep.names.length;
  let task = 0;
  const { horizon, ...run } = fields(flat, 0, RUN_FIELDS);
  return {
    horizon,
    seed: sweep.seed <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(sweep.seed) : sweep.seed,
    ...run,
    host: { ...fields(flat, 0, HOST_FIELDS), ...windows(cursor) },
    servers: sweep.names.map(({ name, tasks }, server) => ({
      name,
      ...fields(flat, serverAt(server), SERVER_FIELDS),
      tasks: tasks.map((taskName) => ({ name: taskName, ...fields(flat, taskAt(servers, task++), TASK_FIELDS) })),
    })),
  };
}

function windows({ flat, sweep }: Cursor): Json {
  if (sweep.windows === undefined) return {};
  const tasks = flat[abi.HEADER_TASKS];
  const list = sweep.windows.map((server, i) => ({
    server: sweep.names[server].name,
    ...fields(flat, windowAt(sweep.names.length, tasks, i), WINDOW_FIELDS),
  }));
  return { windows: list };
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
