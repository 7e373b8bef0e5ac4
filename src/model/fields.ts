// The fields of a scenario (semantics.md section 2), once: name, slot in the flat array, kind, least value, meaning.
// Parsing, checking, the sweep language and its JSON Schema are driven by these lists.

import * as abi from "../../assembly/abi.js";
import { GUESTS } from "./guests.js";
import { HOSTS } from "./hosts.js";
import { POLICIES } from "./policies.js";

/** A time (in ticks, or in steps of a sweep's resolution), a plain whole number, or one of a list of names. */
export type FieldKind = "time" | "count" | "choice";

export interface Field {
  /** Where it stands in its record: `period`, or within a map or a pair: `background.weight`, `gain[0]`. */
  readonly name: string;
  /** Offset within its record of the flat array, see assembly/abi.ts. */
  readonly slot: number;
  readonly kind: FieldKind;
  /** The names of a choice, at the index of their id; empty for numbers. */
  readonly choices: readonly string[];
  /** Least value of a number; the greatest is 2^53 - 1 unless a rule of check.ts says less. */
  readonly min: number;
  readonly description: string;
}

/** What a name says: `gain[0]` is the first item of `gain`. */
export function pathOf({ name }: Field): (string | number)[] {
  return [...name.matchAll(/[^.[\]]+/g)].map(([part]) => (/^\d+$/.test(part) ? Number(part) : part));
}

/** A record as it is written: fields, and maps and lists of them. */
export interface FieldTree {
  readonly isList: boolean;
  readonly children: ReadonlyMap<string, Field | FieldTree>;
}

/** Fields by where they stand, in their order. */
export function treeOf(fields: readonly Field[]): FieldTree {
  const root = emptyTree(false);
  for (const field of fields) {
    const path = pathOf(field);
    const last = path.length - 1;
    let tree = root;
    for (let depth = 0; depth < last; depth++) {
      const key = String(path[depth]);
      const inner = tree.children.get(key) ?? emptyTree(typeof path[depth + 1] === "number");
      tree.children.set(key, inner);
      tree = inner as ReturnType<typeof emptyTree>;
    }
    tree.children.set(String(path[last]), field);
  }
  return root;
}

function emptyTree(isList: boolean): { isList: boolean; children: Map<string, Field | FieldTree> } {
  return { isList, children: new Map() };
}

export function isTree(child: Field | FieldTree): child is FieldTree {
  return "children" in child;
}

function time(name: string, slot: number, min: number, description: string): Field {
  return { name, slot, kind: "time", choices: [], min, description };
}
function count(name: string, slot: number, min: number, description: string): Field {
  return { name, slot, kind: "count", choices: [], min, description };
}
function choice(name: string, slot: number, choices: readonly string[], description: string): Field {
  return { name, slot, kind: "choice", choices, min: 0, description };
}

export const STOPS = ["horizon", "first-miss"] as const;
export const PRIORITIES = ["rm", "dm", "explicit"] as const;
export const ON_MISS = ["continue", "abort", "skip"] as const;

/** Fields of the run itself. `seed` is not here: it is a 64-bit number in two slots. */
export const RUN_FIELDS: readonly Field[] = [
  time("horizon", abi.IN_HEADER_HORIZON, 1, "length of the run"),
  count("replicate", abi.IN_HEADER_REPLICATE, 0, "number of the replicate, part of every random draw"),
  choice("stop", abi.IN_HEADER_STOP, STOPS, "when the run ends: at the horizon, or at the first missed deadline"),
];

/** Fields of `host`; its `windows` are a list of WINDOW_FIELDS. */
export const HOST_FIELDS: readonly Field[] = [
  choice("scheduler", abi.IN_HEADER_HOST_SCHEDULER, HOSTS, "how the host picks a server"),
  time("host_switch", abi.IN_HEADER_HOST_SWITCH, 0, "cost of a switch between servers"),
  time("guest_switch", abi.IN_HEADER_GUEST_SWITCH, 0, "cost of a switch between jobs of one server"),
  time("frame", abi.IN_HEADER_FRAME, 1, "length of the table, which repeats (host table)"),
];

/** Fields of a server besides `name` and `tasks`; its `windows` are a list of WINDOW_FIELDS. */
export const SERVER_FIELDS: readonly Field[] = [
  choice("policy", abi.IN_SERVER_POLICY, POLICIES, "how the budget is used and replenished"),
  time("period", abi.IN_SERVER_PERIOD, 1, "replenishment period"),
  time("budget", abi.IN_SERVER_BUDGET, 1, "CPU time a period"),
  time("offset", abi.IN_SERVER_OFFSET, 0, "first replenishment"),
  count("priority", abi.IN_SERVER_PRIORITY, 1, "priority at the host, 1 is the highest"),
  choice("scheduler", abi.IN_SERVER_SCHEDULER, GUESTS, "how the guest picks a job"),
  choice(
    "priorities",
    abi.IN_SERVER_PRIORITIES,
    PRIORITIES,
    "where the priorities of a fixed-priority guest come from",
  ),
  time("period_max", abi.IN_SERVER_PERIOD_MAX, 1, "longest drawn period"),
  time("budget_min", abi.IN_SERVER_BUDGET_MIN, 1, "least drawn budget"),
  count("max_replenishments", abi.IN_SERVER_MAX_REPLENISHMENTS, 2, "most pending refills of a sporadic server"),
];

/** Fields of a task besides `name`. */
export const TASK_FIELDS: readonly Field[] = [
  time("period", abi.IN_TASK_PERIOD, 1, "least time between arrivals"),
  time("wcet", abi.IN_TASK_WCET, 1, "worst-case execution time"),
  time("deadline", abi.IN_TASK_DEADLINE, 1, "relative deadline"),
  time("offset", abi.IN_TASK_OFFSET, 0, "first arrival"),
  count("priority", abi.IN_TASK_PRIORITY, 1, "explicit priority in the guest, 1 is the highest"),
  time("bcet", abi.IN_TASK_BCET, 1, "best-case execution time"),
  time("jitter", abi.IN_TASK_JITTER, 0, "greatest release jitter"),
  time("period_max", abi.IN_TASK_PERIOD_MAX, 1, "longest time between arrivals (sporadic arrivals)"),
  choice("on_miss", abi.IN_TASK_ON_MISS, ON_MISS, "what happens to a job that misses its deadline"),
];

/** Fields of a window; one of a table has a `server` as well. */
export const WINDOW_FIELDS: readonly Field[] = [
  time("start", abi.IN_WINDOW_START, 0, "start, of a table's window within the frame"),
  time("duration", abi.IN_WINDOW_DURATION, 1, "length"),
];

/** Offset in the flat array of server `number`. */
export function serverAt(number: number): number {
  return abi.IN_HEADER_SIZE + number * abi.IN_SERVER_SIZE;
}

/** Offset in the flat array of task `number` (numbered across all servers), of `serverCount` servers. */
export function taskAt(serverCount: number, number: number): number {
  return serverAt(serverCount) + number * abi.IN_TASK_SIZE;
}

/** Offset in the flat array of window `number`: those of the table first, then those of each server. */
export function windowAt(serverCount: number, taskCount: number, number: number): number {
  return taskAt(serverCount, taskCount) + number * abi.IN_WINDOW_SIZE;
}

/** Length of the flat array of a scenario of that shape. */
export function flatLength(serverCount: number, taskCount: number, windowCount: number): number {
  return windowAt(serverCount, taskCount, windowCount);
}

/** The slot of a field in its record. */
export function slotOf(fields: readonly Pick<Field, "name" | "slot">[], name: string): number {
  const field = fields.find((candidate) => candidate.name === name);
  if (field === undefined) throw new RangeError(`there is no field ${name}`);
  return field.slot;
}
