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
  PART_FIELDS,
  partAt,
  RUN_FIELDS,
  SERVER_FIELDS,
  serverAt,
  TABLE_WINDOW_FIELDS,
  TASK_FIELDS,
  taskAt,
  treeOf,
  VCPU_FIELDS,
  VM_FIELDS,
  WINDOW_FIELDS,
  windowAt,
} from "../model/fields.js";
import { affinityOf } from "./affinity.js";
import { type WrittenServer, writtenServers } from "./directory.js";
import { observedTimes } from "./observed.js";
import { countsOf, type ListCounts, type Scenario, type ServerNames, seedOf, total } from "./scenario.js";

type Json = Record<string, unknown>;

const RUN = treeOf(RUN_FIELDS);
const HOST = treeOf(HOST_FIELDS);
const SERVER = treeOf(SERVER_FIELDS);
const VM = treeOf(VM_FIELDS);
const VCPU = treeOf(VCPU_FIELDS);
const TASK = treeOf(TASK_FIELDS);
const WINDOW = treeOf(WINDOW_FIELDS);
const TABLE_WINDOW = treeOf(TABLE_WINDOW_FIELDS);
const JOB = treeOf(JOB_FIELDS);
const PART = treeOf(PART_FIELDS);

/**
 * A valid scenario as a JSON object with the fields that it gives; times as in the flat array. Only a seed above 2^53 - 1 is
 * a bigint, which lossless-json writes as a number.
 */
export function scenarioJson(scenario: Scenario): Json {
  const { flat } = scenario;
  const { horizon, ...run } = record(flat, 0, RUN);
  const writer = new Writer(scenario);
  return { horizon, seed: seedOf(flat), ...run, host: writer.host(), servers: writer.servers(undefined) };
}

/** Writes the records of a scenario. Lists of the flat form follow each other, so each begins where the ones before it end. */
class Writer {
  private readonly flat: Float64Array;
  private readonly names: readonly ServerNames[];
  private readonly counts: ListCounts;
  private readonly written: readonly WrittenServer[];
  private readonly windowStarts: readonly number[];
  private readonly jobStarts: readonly number[];
  private readonly observed: ReadonlyMap<number, readonly number[]>;
  private readonly partStarts: readonly number[];

  constructor({ flat, names }: Scenario) {
    this.flat = flat;
    this.names = names;
    this.counts = countsOf(flat);
    this.written = writtenServers(names);
    this.windowStarts = startsOf(this.counts.servers, this.counts.table ?? 0);
    this.jobStarts = startsOf(this.counts.jobs, 0);
    this.observed = observedTimes(flat);
    this.partStarts = startsOf(this.counts.parts ?? [], 0);
  }

  host(): Json {
    const { table } = this.counts;
    const windows =
      table === undefined ? {} : { windows: Array.from({ length: table }, (_, i) => this.tableWindow(i)) };
    return { ...record(this.flat, 0, HOST), ...windows };
  }

  private tableWindow(number: number): Json {
    const at = this.windowAt(number);
    const { name, vcpu } = this.names[this.flat[at + abi.IN_WINDOW_SERVER]];
    const server = vcpu === undefined ? { server: name } : { server: vcpu.vm, vcpu: vcpu.name };
    return { ...server, ...record(this.flat, at, TABLE_WINDOW) };
  }

  private windowAt(number: number): number {
    return windowAt(this.names.length, this.counts.jobs.length, number);
  }

  /** The servers in another one, or the topmost ones. */
  servers(parent: number | undefined): Json[] {
    return this.written.filter((server) => server.parent === parent).map((server) => this.server(server));
  }

  private server(server: WrittenServer): Json {
    const { flat } = this;
    const { name, first, count, vcpus, holdsServers } = server;
    const at = serverAt(first);
    if (vcpus !== undefined) {
      const list = Array.from({ length: count }, (_, i) => {
        const own = serverAt(first + i);
        return { name: vcpus[i], ...record(flat, own, VCPU), ...this.affinity(own) };
      });
      return { name, ...record(flat, at, VM), vcpus: list, tasks: this.tasks(server) };
    }
    const own = { name, ...record(flat, at, SERVER), ...this.affinity(at) };
    if (holdsServers) return { ...own, servers: this.servers(first) };
    return { ...own, ...this.recording(first), tasks: this.tasks(server) };
  }

  private affinity(at: number): Json {
    const affinity = affinityOf(this.flat, at);
    return affinity === undefined ? {} : { affinity };
  }

  private recording(server: number): Json {
    const count = this.counts.servers[server];
    if (count === undefined) return {};
    const at = (i: number) => this.windowAt(this.windowStarts[server] + i);
    return { windows: Array.from({ length: count }, (_, i) => record(this.flat, at(i), WINDOW)) };
  }

  private tasks({ firstTask, tasks }: WrittenServer): Json[] {
    return tasks.map((name, i) => ({ name, ...this.task(firstTask + i) }));
  }

  /** All that a task says but its name. */
  task(number: number): Json {
    const { flat, names } = this;
    const at = taskAt(names.length, number);
    const { after: delay, ...own } = record(flat, at, TASK) as Json & { after?: Json };
    const [vcpu, after, deferring] = [abi.IN_TASK_VCPU, abi.IN_TASK_AFTER, abi.IN_TASK_DEFER_WHILE].map(
      (slot) => flat[at + slot],
    );
    return {
      ...own,
      ...observedJson(this.observed.get(number)),
      ...(vcpu === abi.ABSENT ? {} : { vcpu: names[vcpu].vcpu!.name }),
      ...(after === abi.ABSENT ? {} : { after: { ...this.taskName(after), ...delay } }),
      ...(deferring === abi.ABSENT ? {} : { defer_while: names[deferring].name }),
      ...this.jobs(number),
      ...this.parts(number),
    };
  }

  private taskName(number: number): Json {
    const owner = this.written.findLast(({ firstTask, tasks }) => firstTask <= number && tasks.length > 0)!;
    return { server: owner.name, task: owner.tasks[number - owner.firstTask] };
  }

  private jobs(task: number): Json {
    const count = this.counts.jobs[task];
    if (count === undefined) return {};
    const at = (i: number) => this.jobAt(this.jobStarts[task] + i);
    return { jobs: Array.from({ length: count }, (_, i) => record(this.flat, at(i), JOB)) };
  }

  private jobAt(number: number): number {
    return jobAt(this.names.length, this.counts.jobs.length, this.windowStarts.at(-1)!, number);
  }

  private parts(task: number): Json {
    const { flat, names, counts } = this;
    const observed = total(counts.observed ?? []);
    const count = counts.parts?.[task];
    if (count === undefined) return {};
    const parts = Array.from({ length: count }, (_, i) => {
      const number = this.partStarts[task] + i;
      const [windows, jobs] = [this.windowStarts.at(-1)!, this.jobStarts.at(-1)!];
      const at = partAt(names.length, counts.jobs.length, windows, jobs, observed, number);
      return { vcpu: names[flat[at + abi.IN_PART_VCPU]].vcpu!.name, ...record(flat, at, PART) };
    });
    return { parts };
  }
}

/** Where each of some lists that follow each other begins, and where the last one ends. */
function startsOf(counts: readonly (number | undefined)[], first: number): number[] {
  const starts = [first];
  for (const count of counts) starts.push(starts.at(-1)! + (count ?? 0));
  return starts;
}

/** What a scenario says that a system of the analysis has no field for; undefined where a record says nothing of the kind. */
export interface WrittenMore {
  readonly host: Json | undefined;
  readonly servers: readonly (Json | undefined)[];
  /** All of a task without a period. */
  readonly tasks: readonly (Json | undefined)[];
}

/** What the task at `at` says of how its times are drawn. @param observed its execution times, where they are observed */
export function distributionsOf(
  flat: Float64Array,
  at: number,
  observed: readonly number[] | undefined,
): { readonly execution?: Json; readonly sporadic?: Json } | undefined {
  if (observed === undefined && isSilent(flat, at, DISTRIBUTIONS)) return undefined;
  return { ...record(flat, at, DISTRIBUTIONS.tree), ...observedJson(observed) };
}

function observedJson(times: readonly number[] | undefined): Json {
  return times === undefined ? {} : { execution: { empirical: times } };
}

const MORE_OF_HOST = treeWithSlots(HOST_FIELDS.filter(({ slot }) => slot >= abi.IN_HEADER_RELEASE_COST));
const MORE_OF_SERVER = treeWithSlots(SERVER_FIELDS.filter(({ slot }) => slot >= abi.IN_SERVER_FEATURES));

const DISTRIBUTIONS = treeWithSlots(TASK_FIELDS.filter(({ name }) => /^(execution|sporadic)\./.test(name)));

/** Some fields, and where something stands if one of them is said. */
interface SlottedTree {
  readonly tree: FieldTree;
  readonly slots: readonly number[];
}

/** Whether a record says none of some fields, as most records do. */
function isSilent(flat: Float64Array, at: number, { slots }: SlottedTree): boolean {
  for (let i = 0; i < slots.length; i++) if (flat[at + slots[i]] !== abi.ABSENT) return false;
  return true;
}

function treeWithSlots(fields: readonly Field[]): SlottedTree {
  return { tree: treeOf(fields), slots: fields.flatMap(({ slot, word }) => (word ? [slot, word.slot] : [slot])) };
}

/** What some fields are that are left out (semantics.md sections 2 and 10). */
const DEFAULTS: Readonly<Record<string, unknown>> = { clock: "host", release_cost: 0, replenish_cost: 0 };

/** What a valid scenario says beyond the fields of a system; undefined where it says nothing beyond. */
export function moreOf({ flat, names }: Scenario): WrittenMore | undefined {
  const host = beyond(flat, 0, MORE_OF_HOST);
  const servers = names.map((_, server) => beyond(flat, serverAt(server), MORE_OF_SERVER));
  const taskCount = flat[abi.IN_HEADER_TASKS];
  const isPeriodic = (task: number) => flat[taskAt(names.length, task) + abi.IN_TASK_PERIOD] !== abi.ABSENT;
  let periodic = 0;
  while (periodic < taskCount && isPeriodic(periodic)) periodic++;
  if (host === undefined && periodic === taskCount && servers.every((server) => server === undefined)) return undefined;
  const writer = new Writer({ flat, names });
  const tasks = Array.from({ length: taskCount }, (_, task) => (isPeriodic(task) ? undefined : writer.task(task)));
  return { host, servers, tasks };
}

/** What a record says of some fields; a flag that is false, and another default that is written out, says nothing. */
function beyond(flat: Float64Array, at: number, fields: SlottedTree): Json | undefined {
  if (isSilent(flat, at, fields)) return undefined;
  const said = Object.entries(record(flat, at, fields.tree)).filter(
    ([key, value]) => value !== false && value !== DEFAULTS[key],
  );
  return said.length === 0 ? undefined : Object.fromEntries(said);
}

/** The fields that a record has, in the order of the table. */
function record(flat: Float64Array, at: number, tree: FieldTree): Json {
  const json: Json = {};
  for (const [key, child] of tree.children) {
    const value = written(flat, at, child);
    if (value !== undefined) json[key] = value;
  }
  return json;
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
  if (value === abi.ABSENT || kind === "times") return undefined; // times are records of their own
  if (kind === "flag") return value === 1;
  return kind === "choice" ? choices[value] : value;
}
