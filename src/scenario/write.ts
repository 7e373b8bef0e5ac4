// A flat scenario as the JSON object of its normal form (semantics.md section 8): what parse.ts reads.

import * as abi from "../../assembly/abi.js";
import {
  type Field,
  type FieldTree,
  HOST_FIELDS,
  isTree,
  JOB_FIELDS,
  jobAt,
  leavesOf,
  RUN_FIELDS,
  SERVER_FIELDS,
  serverAt,
  TASK_FIELDS,
  taskAt,
  treeOf,
  WINDOW_FIELDS,
  windowAt,
} from "../model/fields.js";
import { countsOf, type Scenario, seedOf } from "./scenario.js";

type Json = Record<string, unknown>;

const RUN = treeOf(RUN_FIELDS);
const HOST = treeOf(HOST_FIELDS);
const SERVER = treeOf(SERVER_FIELDS);
const TASK = treeOf(TASK_FIELDS);
const WINDOW = treeOf(WINDOW_FIELDS);
const JOB = treeOf(JOB_FIELDS);

/**
 * A valid scenario as a JSON object with the fields that it gives; times as in the flat array. Only a seed above 2^53 - 1 is
 * a bigint, which lossless-json writes as a number.
 */
export function scenarioJson({ flat, names }: Scenario): Json {
  const counts = countsOf(flat);
  const table = counts.table ?? 0;
  const windows = counts.servers.reduce((sum: number, own) => sum + (own ?? 0), table);
  const times = (number: number) => record(flat, windowAt(names.length, counts.jobs.length, number), WINDOW);
  const next = { task: 0, window: table, job: 0 };
  const jobsOf = (task: number): Json => {
    const count = counts.jobs[task];
    if (count === undefined) return {};
    const at = () => jobAt(names.length, counts.jobs.length, windows, next.job++);
    return { jobs: Array.from({ length: count }, () => record(flat, at(), JOB)) };
  };
  const windowsOf = (server: number): Json => {
    const count = counts.servers[server];
    return count === undefined ? {} : { windows: Array.from({ length: count }, () => times(next.window++)) };
  };
  const { horizon, ...run } = record(flat, 0, RUN);
  return {
    horizon,
    seed: seedOf(flat),
    ...run,
    host: { ...record(flat, 0, HOST), ...tableWindows({ flat, names }, counts.table, times) },
    servers: names.map(({ name, tasks }, server) => ({
      name,
      ...record(flat, serverAt(server), SERVER),
      ...windowsOf(server),
      tasks: tasks.map((taskName) => {
        const task = next.task++;
        return { name: taskName, ...record(flat, taskAt(names.length, task), TASK), ...jobsOf(task) };
      }),
    })),
  };
}

/** What a scenario says that a system of the analysis has no field for; undefined where a record says nothing of the kind. */
export interface WrittenMore {
  readonly host: Json | undefined;
  readonly servers: readonly (Json | undefined)[];
  /** All of a task without a period. */
  readonly tasks: readonly (Json | undefined)[];
}

const MORE_OF_HOST = treeOf(HOST_FIELDS.filter(({ slot }) => slot >= abi.IN_HEADER_RELEASE_COST));
const MORE_OF_SERVER = treeOf(SERVER_FIELDS.filter(({ slot }) => slot >= abi.IN_SERVER_FEATURES));

/** What a valid scenario says beyond the fields of a system; undefined where it says nothing beyond. */
export function moreOf({ flat, names }: Scenario): WrittenMore | undefined {
  // A flag that is false is what a record without it has: nothing beyond.
  const some = (json: Json) => {
    const said = Object.entries(json).filter(([, value]) => value !== false);
    return said.length === 0 ? undefined : Object.fromEntries(said);
  };
  const host = some(record(flat, 0, MORE_OF_HOST));
  const servers = names.map((_, server) => some(record(flat, serverAt(server), MORE_OF_SERVER)));
  const taskCount = flat[abi.IN_HEADER_TASKS];
  const isPeriodic = (task: number) => flat[taskAt(names.length, task) + abi.IN_TASK_PERIOD] !== abi.ABSENT;
  const periodic = Array.from({ length: taskCount }, (_, task) => isPeriodic(task));
  if (host === undefined && servers.every((server) => server === undefined) && !periodic.includes(false))
    return undefined;
  const written = scenarioJson({ flat, names }).servers as { readonly tasks: readonly Json[] }[];
  const tasks = written.flatMap((server) => server.tasks.map(({ name: _name, ...task }) => task));
  return { host, servers, tasks: tasks.map((task, i) => (periodic[i] ? undefined : task)) };
}

function tableWindows({ flat, names }: Scenario, count: number | undefined, times: (number: number) => Json): Json {
  if (count === undefined) return {};
  const serverOf = (number: number) => {
    const at = windowAt(names.length, flat[abi.IN_HEADER_TASKS], number);
    return names[flat[at + abi.IN_WINDOW_SERVER]].name;
  };
  return { windows: Array.from({ length: count }, (_, i) => ({ server: serverOf(i), ...times(i) })) };
}

/** The fields that a record has, in the order of the table. */
function record(flat: Float64Array, at: number, tree: FieldTree): Json {
  return Object.fromEntries(
    [...tree.children].flatMap(([key, child]) => {
      const value = written(flat, at, child);
      return value === undefined ? [] : [[key, value]];
    }),
  );
}

/** What stands in a field, or in a map or list; undefined where it was left out. */
function written(flat: Float64Array, at: number, child: Field | FieldTree): unknown {
  if (isTree(child)) {
    if (leavesOf(child).every(({ slot }) => flat[at + slot] === abi.ABSENT)) return undefined;
    const inner = record(flat, at, child);
    return child.isList ? Object.values(inner) : inner;
  }
  const { word, kind, choices, slot } = child;
  if (word !== undefined && flat[at + word.slot] === 1) return word.text;
  const value = flat[at + slot];
  if (value === abi.ABSENT) return undefined;
  if (kind === "flag") return value === 1;
  return kind === "choice" ? choices[value] : value;
}
