// The `system` of a sweep: host, servers, tasks and windows, as fields with their places.

import { Fraction } from "fraction.js";
import * as abi from "../../assembly/abi.js";
import { METHODS, WHOLE_METHODS } from "../assign/assign.js";
import { pathTo, type Spot } from "../input/place.js";
import { showValue } from "../input/problem.js";
import {
  type Field,
  type FieldTree,
  HOLDER_FIELDS,
  HOST_FIELDS,
  isTree,
  JOB_FIELDS,
  leavesOf,
  OBSERVED_TIME,
  PART_FIELDS,
  SERVER_FIELDS,
  TABLE_WINDOW_FIELDS,
  TASK_FIELDS,
  treeOf,
  VCPU_FIELDS,
  VM_FIELDS,
} from "../model/fields.js";
import { GUESTS } from "../model/guests.js";
import type { Place } from "../scenario/check/checker.js";
import { Directory, type Found, type WrittenServer, writtenServers } from "../scenario/directory.js";
import { type ServerNames, topmost } from "../scenario/scenario.js";
import { emptyText, mayBeEmpty } from "../scenario/shape.js";
import type { Entry, MapNode, Node } from "./document.js";
import type { ScopeAxis } from "./expression.js";
import type { OperandReader } from "./operands.js";
import type {
  Affinity,
  Assign,
  Copies,
  Operand,
  Reference,
  Sweep,
  SweepField,
  SweepWindows,
  TaskSets,
} from "./sweep.js";
import { type SweepColumn, type Times, unitOfTimes } from "./time-columns.js";
import { type Workload, WorkloadReader } from "./workload.js";

const HOST = treeOf(HOST_FIELDS);
const SERVER = treeOf(SERVER_FIELDS);
const HOLDER = treeOf(HOLDER_FIELDS);
const VM = treeOf(VM_FIELDS);
const VCPU = treeOf(VCPU_FIELDS);
const TASK = treeOf(TASK_FIELDS);
const WINDOW = treeOf(TABLE_WINDOW_FIELDS);
const JOB = treeOf(JOB_FIELDS);
const PART = treeOf(PART_FIELDS);

type Spots = Record<Place["record"], Spot[]>;

/** What `system` says. */
export type System = Pick<
  Sweep,
  | ("names" | "copies" | "vms" | "affinities" | "assigns" | "hostAssign" | "references")
  | ("workloads" | "sets" | "windows" | "jobs" | "observed" | "parts" | "fields" | "columns" | "spots")
>;

/** Reads `system`; what the structural check refused is left out. */
export function readSystem(reader: OperandReader, root: MapNode, scope: readonly ScopeAxis[]): System {
  return new SystemReader(reader, scope).read(root);
}

class SystemReader {
  private readonly names: ServerNames[] = [];
  private readonly copies: (Copies | undefined)[] = [];
  private readonly vms: (Spot | undefined)[] = [];
  private readonly affinities: (Affinity | undefined)[] = [];
  private readonly assigns: (Assign | undefined)[] = [];
  private readonly references: Reference[] = [];
  private readonly workloads: (Workload | undefined)[] = [];
  private readonly sets: (TaskSets | undefined)[] = [];
  private isRounded = false;
  private readonly jobs: (number | undefined)[] = [];
  /** How many observed execution times a task has. */
  private readonly observed: (number | undefined)[] = [];
  private readonly parts: (number | undefined)[] = [];
  private readonly fields: SweepField[] = [];
  private readonly columns: SweepColumn[] = [];
  private readonly spots: Spots;
  /** The records of the servers; of a VM and its VCPUs nothing is read from there. */
  private readonly nodes: (Node | undefined)[] = [];
  /** Reads what refers to servers and tasks that may stand later. */
  private readonly pending: ((directory: Directory) => void)[] = [];

  constructor(
    private readonly reader: OperandReader,
    private readonly scope: readonly ScopeAxis[],
  ) {
    this.spots = { run: [], host: [], server: [], task: [], window: [], job: [], observed: [], part: [] };
  }

  read(root: MapNode): System {
    const system = child(root, "system", { path: "", at: root.at });
    this.isRounded = hasResolution(root);
    const host = child(system.node, "host", system.spot);
    const servers = child(system.node, "servers", system.spot);
    this.spots.run.push(system.spot);
    this.spots.host.push(host.spot);
    this.record("host", HOST, host.node, host.spot);
    const hostAssign = this.assignOf(host.node, host.spot, WHOLE_METHODS);
    for (const [name, entry] of named(servers.node)) this.server(name, entry, servers.spot, undefined);
    const directory = new Directory(this.names.map((server, number) => withoutSets(server, this.sets[number])));
    for (const read of this.pending) read(directory);
    // The windows of the table come first, and name servers that are known by now.
    const table = this.windows(host.node, host.spot)?.map(([node, spot]) => this.serverOf(node, spot, directory));
    const own = this.nodes.map((node, i) => this.windows(node, this.spots.server[i])?.length);
    const windows: SweepWindows = { table, servers: own };
    this.checkServerNames();
    this.checkAssigns(hostAssign);
    const {
      names,
      copies,
      vms,
      affinities,
      assigns,
      references,
      workloads,
      sets,
      jobs,
      observed,
      parts,
      fields,
      columns,
      spots,
    } = this;
    const placed = { vms, affinities, assigns, hostAssign, references };
    return { names, copies, ...placed, workloads, sets, windows, jobs, observed, parts, fields, columns, spots };
  }

  private server(name: string, { at, value }: Entry, parent: Spot, inside: number | undefined): void {
    const spot = { path: pathTo(parent.path, name), at };
    this.checkName(name, spot);
    const place = inside === undefined ? {} : { parent: inside };
    const [vcpus, servers] = [child(value, "vcpus", spot), child(value, "servers", spot)];
    if (vcpus.node !== undefined) {
      if (inside !== undefined) this.reader.say(vcpus.spot, "means nothing in another server; VMs are topmost");
      this.vm(name, value, spot, vcpus, place);
      return;
    }
    this.misplaced(value, spot, ["assign"], "without vcpus");
    this.addServer(value, spot, servers.node === undefined ? SERVER : HOLDER, inside);
    if (servers.node === undefined) {
      this.nodes.push(value);
      this.names.push({ name, tasks: this.tasks(value, spot, this.names.length), ...place });
      return;
    }
    this.misplaced(value, spot, ["tasks", "windows", ...NOT_OF_HOLDERS], "for a server with servers");
    this.checkScheduler(child(value, "scheduler", spot));
    const number = this.names.length;
    this.nodes.push(undefined);
    this.names.push({ name, tasks: [], ...place, holdsServers: true });
    if (number >= abi.SERVERS_MAX) return void this.reader.say(spot, "is too deep; a scenario has 64 servers at most");
    for (const [inner, entry] of named(servers.node)) this.server(inner, entry, servers.spot, number);
  }

  /** A server with servers picks in fewer ways than a guest, which is all that the structural check knows. */
  private checkScheduler({ node, spot: { path } }: Child): void {
    const { choices } = HOLDER.children.get("scheduler") as Field;
    if (node?.kind !== "text" || choices.includes(node.text) || !(GUESTS as readonly string[]).includes(node.text))
      return;
    this.reader.say({ path, at: node.at }, `${showValue(node.text)} is not one of ${choices.join(", ")}`);
  }

  /** A server of the flat form. */
  private addServer(value: Node, spot: Spot, tree: FieldTree, inside?: number, vm?: Spot): void {
    this.spots.server.push(spot);
    this.vms.push(vm);
    this.record("server", tree, value, spot);
    this.affinities.push(this.affinityOf(value, spot));
    const copies = this.copiesOf(value, spot);
    if (copies !== undefined && (inside !== undefined || vm !== undefined))
      this.reader.say(copies, "means nothing here; copies are of a topmost server, with all that is in it");
    this.copies.push(vm === undefined && inside === undefined ? copies : undefined);
    this.assigns.push(undefined);
  }

  private vm(name: string, value: Node, spot: Spot, vcpus: Child, place: Pick<ServerNames, "parent">): void {
    this.misplaced(value, spot, NOT_OF_VMS, "for a server with vcpus");
    const list = [...named(vcpus.node)];
    if (list.length === 0) this.reader.say(vcpus.spot, "there is no VCPU; at least one is needed");
    const first = this.names.length;
    for (const [i, [vcpu, entry]] of list.entries()) {
      const vcpuSpot = { path: pathTo(vcpus.spot.path, vcpu), at: entry.at };
      this.checkName(vcpu, vcpuSpot);
      this.addServer(entry.value, vcpuSpot, VCPU, place.parent, spot);
      this.nodes.push(undefined);
      if (i === 0) {
        this.record("server", VM, value, spot);
        this.copies[first] = this.copiesOf(value, spot);
        this.assigns[first] = this.assignOf(value, spot, METHODS);
      }
      const tasks = i === 0 ? this.tasks(value, spot, first) : [];
      const own = { vm: name, name: vcpu, count: i === 0 ? list.length : 0 };
      this.names.push({ name: `${name}.${vcpu}`, tasks, vcpu: own, ...place });
    }
  }

  /** Says of some keys that they have no place here. */
  private misplaced(value: Node, parent: Spot, keys: readonly string[], why: string): void {
    for (const key of keys) {
      const { node, spot } = child(value, key, parent);
      if (node !== undefined) this.reader.say(spot, `means nothing ${why}`);
    }
  }

  /** @param server number of the server that they are in */
  private tasks(value: Node, parent: Spot, server: number): string[] {
    const tasks = child(value, "tasks", parent);
    const generate = child(tasks.node, "generate", tasks.spot);
    const fixed = child(tasks.node, "fixed", tasks.spot);
    this.sets[server] = setsOf(tasks);
    if (generate.node?.kind !== "map") {
      if (fixed.node !== undefined)
        this.reader.say(fixed.spot, "stands beside generate; without it tasks stand in tasks");
      return this.written(tasks, server);
    }
    const names = [...this.written(fixed, server), this.generated(generate.node, generate.spot, server)];
    this.checkGenerated(tasks, names);
    return names;
  }

  /** Reads a map of tasks. @returns their names */
  private written(tasks: Child, server: number): string[] {
    const ofSets = new Map(tasks.node?.kind === "map" ? tasks.node.sets?.flatMap(({ names }) => [...names]) : []);
    return [...named(tasks.node)].map(([key, task]) => {
      const spot = { path: pathTo(tasks.spot.path, key), at: task.at };
      const name = ofSets.get(key) ?? key;
      this.checkName(name, spot);
      this.spots.task.push(spot);
      this.workloads.push(undefined);
      this.observed.push(undefined);
      this.record("task", TASK, task.value, spot);
      this.jobs.push(this.jobColumns(task.value, spot) ?? this.list("job", JOB, "jobs", task.value, spot)?.length);
      const parts = this.list("part", PART, "parts", task.value, spot);
      this.parts.push(parts?.length);
      this.refer(task.value, spot, server, parts ?? []);
      return name;
    });
  }

  /** Notes what a task refers to. */
  private refer(task: Node, spot: Spot, server: number, parts: readonly [Node, Spot][]): void {
    const index = this.spots.task.length - 1;
    const firstPart = this.spots.part.length - parts.length;
    if (task.kind !== "map" || !REFERRING.some((key) => task.entries.has(key))) return;
    this.pending.push((directory) => {
      const own = directory.startingAt(server);
      const vcpu = textOf(task, "vcpu");
      if (vcpu !== undefined)
        this.addReference("task", index, abi.IN_TASK_VCPU, "server", directory.vcpu(own, vcpu), { node: task, spot });
      parts.forEach(([part, partSpot], i) => {
        const found = directory.vcpu(own, textOf(part, "vcpu"));
        this.addReference("part", firstPart + i, abi.IN_PART_VCPU, "server", found, { node: part, spot: partSpot });
      });
      const after = child(task, "after", spot);
      const [owner, name] = [textOf(after.node, "server"), textOf(after.node, "task")];
      if (owner !== undefined && name !== undefined) {
        const found = this.inSets(owner, name) ?? directory.task(owner, name);
        this.addReference("task", index, abi.IN_TASK_AFTER, "task", found, after, server);
      }
      const deferring = textOf(task, "defer_while");
      if (deferring === undefined) return;
      const found = directory.deferring(deferring);
      const place = child(task, "defer_while", spot);
      this.addReference("task", index, abi.IN_TASK_DEFER_WHILE, "server", found, place, server);
    });
  }

  /** Why a task that is in some sets only is not one to refer to; undefined where it is none. */
  private inSets(owner: string | undefined, task: string | undefined): Found | undefined {
    const number = this.names.findIndex(({ name, vcpu }) => (vcpu?.vm ?? name) === owner);
    const sets = this.sets[number];
    if (task === undefined || sets === undefined) return undefined;
    if (!this.names[number].tasks.includes(task, sets.from)) return undefined;
    return {
      key: "task",
      why: `${task} is in some of the sets of ${owner} only; a task that others follow stands in fixed`,
    };
  }

  /** @param from number of the server that refers to another one */
  private addReference(
    record: Reference["record"],
    index: number,
    slot: number,
    to: Reference["to"],
    found: Found,
    { node, spot }: Child,
    from?: number,
  ): void {
    if ("why" in found) {
      this.reader.say(found.key === "" ? spot : child(node, found.key, spot).spot, found.why);
      return;
    }
    this.references.push({ record, index, slot, to, number: found.number });
    if (from === undefined) return;
    const target = topmost(this.names, to === "task" ? serverOfTask(this.names, found.number) : found.number);
    if (this.copies[target] !== undefined && target !== topmost(this.names, from))
      this.reader.say(spot, `${this.names[target].name} has copies, and this is of one server`);
  }

  private affinityOf(server: Node, parent: Spot): Affinity | undefined {
    const { node, spot } = child(server, "affinity", parent);
    if (node?.kind !== "list") return undefined;
    if (node.items.length === 0) this.reader.say(spot, "there is no CPU in it; at least one is needed");
    const cpus = node.items.flatMap((item, i) => {
      const itemSpot = { path: pathTo(spot.path, i), at: item.at };
      const value = this.reader.count(item, itemSpot, this.scope);
      return value === undefined ? [] : [{ ...itemSpot, value }];
    });
    return { ...spot, cpus };
  }

  private assignOf(owner: Node | undefined, parent: Spot, methods: readonly string[]): Assign | undefined {
    const { node, spot } = child(owner, "assign", parent);
    const method = node && this.reader.field({ ...METHOD, choices: methods }, node, spot, this.scope);
    return method && { ...spot, at: node.at, method };
  }

  /** What is assigned is not written as well. */
  private checkAssigns(hostAssign: Assign | undefined): void {
    const assign = this.assigns.find((each) => each !== undefined);
    const parted = this.parts.findIndex((count) => count !== undefined);
    if (assign !== undefined && parted >= 0)
      this.reader.say(this.spots.task[parted], "parts do not go with assign, of any server of the sweep");
    for (const { record, index, slot } of this.references) {
      if (record !== "task" || slot !== abi.IN_TASK_VCPU) continue;
      const owner = serverOfTask(this.names, index);
      if (this.assigns[owner] !== undefined)
        this.reader.say(this.spots.task[index], "a vcpu does not go with assign of its server, which chooses it");
    }
    const listed = this.affinities.find((each) => each !== undefined);
    if (hostAssign !== undefined && listed !== undefined)
      this.reader.say(listed, "does not go with assign of the host, which chooses it");
  }

  /** Reads what stands for drawn tasks: as written it is one task. @returns its name */
  private generated(node: MapNode, spot: Spot, server: number): string {
    this.spots.task.push(spot);
    this.jobs.push(undefined);
    this.observed.push(undefined);
    this.parts.push(undefined);
    this.workloads.push(new WorkloadReader(this.reader, this.scope, node, spot).read(server));
    if (!this.isRounded)
      this.reader.say(
        spot,
        'needs a resolution, for example "resolution: 1us" at the top: execution times are utilization x period, in whole steps of it',
      );
    return GENERATED;
  }

  /** What else may stand beside `generate`. */
  private checkGenerated({ node, spot }: Child, taskNames: readonly string[]): void {
    for (const [name, { at }] of named(node)) {
      if (name === "generate" || name === "fixed") continue;
      const text = "stands beside generate: tasks that are always there stand in fixed";
      this.reader.say({ path: pathTo(spot.path, name), at }, text);
    }
    const twin = taskNames.slice(0, -1).find((name) => isGenerated(name));
    if (twin === undefined) return;
    const text = `a generated task can have the name of the task ${twin}; rename it`;
    this.reader.say(child(node, "fixed", spot).spot, text);
  }

  private copiesOf(server: Node, parent: Spot): Copies | undefined {
    const { node, spot } = child(server, "copies", parent);
    const count = node && this.reader.count(node, spot, this.scope);
    return count && { ...spot, at: node.at, count };
  }

  /** No two servers have one name, wherever they stand. */
  private checkServerNames(): void {
    const servers = writtenServers(this.names);
    const paths = new Map<string, string>();
    for (const { name, first } of servers) {
      const spot = this.vms[first] ?? this.spots.server[first];
      const other = paths.get(name);
      if (other === undefined) paths.set(name, spot.path);
      else if (name !== "") this.reader.say(spot, `${showValue(name)} is already the name of ${other}`);
    }
    for (const { name, first } of servers) this.checkCopies(name, this.copies[topmost(this.names, first)], servers);
  }

  /** Copies of a server, and of each that is in it, are called NAME1, NAME2, ...; no other server may have such a name. */
  private checkCopies(name: string, copies: Copies | undefined, servers: readonly WrittenServer[]): void {
    if (copies === undefined) return;
    const twin = servers.find((other) => other.name.startsWith(name) && /^\d+$/.test(other.name.slice(name.length)));
    if (twin === undefined) return;
    const text = `a copy of ${name} can have the name of the server ${twin.name}; rename one of them`;
    this.reader.say(copies, text);
  }

  /** Any text is a name, but for what a table or a message cannot show, and the one key that plain objects lack. */
  private checkName(name: string, spot: Spot): void {
    if (name === "") this.reader.say(spot, "a name is not empty");
    else if (name === "__proto__" || /\p{Cc}/u.test(name))
      this.reader.say(
        spot,
        `${JSON.stringify(name)} cannot be a name${name === "__proto__" ? "" : "; it has a character that cannot be shown"}`,
      );
  }

  /** Reads the times of the windows of a host or server. */
  private windows(owner: Node | undefined, parent: Spot): [Node, Spot][] | undefined {
    return this.list("window", WINDOW, "windows", owner, parent);
  }

  /** Reads a list of records, each of them a new one. */
  private list(
    record: Place["record"],
    tree: FieldTree,
    key: string,
    owner: Node | undefined,
    parent: Spot,
  ): [Node, Spot][] | undefined {
    const { node, spot } = child(owner, key, parent);
    if (node?.kind !== "list") return undefined;
    return node.items.map((item, i) => {
      const itemSpot = { path: pathTo(spot.path, i), at: item.at };
      this.spots[record].push(itemSpot);
      this.record(record, tree, item, itemSpot);
      return [item, itemSpot];
    });
  }

  /** Number of the server that a window of the table names. */
  private serverOf(window: Node, spot: Spot, directory: Directory): number {
    const place = (key: string) => {
      const found = child(window, key, spot);
      return { path: found.spot.path, at: found.node?.at ?? spot.at };
    };
    if (textOf(window, "server") === undefined) return -1;
    const found = directory.window(textOf(window, "server"), textOf(window, "vcpu"));
    if ("why" in found) {
      this.reader.say(place(found.key), found.why);
      return -1;
    }
    const top = topmost(this.names, found.number);
    if (this.copies[top] !== undefined)
      this.reader.say(place("server"), `${textOf(window, "server")} has copies, and a window is of one server`);
    return found.number;
  }

  /** The fields of the record whose spot was added last, in the order of the table. */
  private record(record: Place["record"], tree: FieldTree, node: Node | undefined, parent: Spot): void {
    if (node?.kind !== "map") return;
    for (const [key, part] of tree.children) {
      const entry = node.entries.get(key);
      if (entry !== undefined) this.part(record, part, entry.value, pathTo(parent.path, key));
    }
  }

  /** A field, or what stands in a map or list. */
  private part(record: Place["record"], part: Field | FieldTree, node: Node, path: string): void {
    const spot = { path, at: node.at };
    if (!isTree(part)) this.field(record, part, node, spot);
    else if (!part.isList) this.map(record, part, node, spot);
    else if (node.kind === "list")
      [...part.children.values()].forEach((item, i) => {
        if (i < node.items.length) this.part(record, item, node.items[i], pathTo(path, i));
      });
  }

  private map(record: Place["record"], tree: FieldTree, node: Node, spot: Spot): void {
    this.record(record, tree, node, spot);
    if (node.kind !== "map" || node.entries.size > 0) return;
    if (!mayBeEmpty(tree)) this.reader.say(spot, emptyText(tree));
    for (const field of leavesOf(tree)) {
      if (field.inEmptyMap !== undefined)
        this.add(record, field, { kind: "number", value: new Fraction(field.inEmptyMap) }, spot);
    }
  }

  private field(record: Place["record"], field: Field, node: Node, spot: Spot): void {
    if (field.kind === "times") {
      this.times(node, spot);
      return;
    }
    const value = this.reader.field(field, node, spot, this.scope);
    if (value !== undefined) this.add(record, field, value, spot);
  }

  /** A list of times, each a record of its own. */
  private times(node: Node, spot: Spot): void {
    if (node.kind !== "list") return;
    if (node.columns !== undefined) {
      this.observed[this.observed.length - 1] = this.tableColumns("observed", [OBSERVED_TIME], node.columns, spot);
      return;
    }
    this.observed[this.observed.length - 1] = node.items.length;
    for (const [i, item] of node.items.entries()) {
      const itemSpot = { path: pathTo(spot.path, i), at: item.at };
      this.spots.observed.push(itemSpot);
      this.field("observed", OBSERVED_TIME, item, itemSpot);
    }
  }

  /** The jobs of a task that stand in columns. @returns how many; undefined where they do not */
  private jobColumns(task: Node, parent: Spot): number | undefined {
    const { node, spot } = child(task, "jobs", parent);
    return node?.kind === "list" && node.columns !== undefined
      ? this.tableColumns("job", JOB_FIELDS, node.columns, spot)
      : undefined;
  }

  /** Records of a table, a row each. @returns how many there are */
  private tableColumns(
    record: Place["record"],
    fields: readonly Field[],
    columns: readonly Times[],
    spot: Spot,
  ): number {
    const first = this.spots[record].length;
    const count = columns[0].values.length;
    for (let row = 0; row < count; row++) this.spots[record].push(spot);
    for (const field of fields) {
      const times = columns.find(({ name }) => name === field.name);
      if (times === undefined) continue;
      // What would be refused is not read in columns, so that every time is told at its place.
      if (times.kind === "time") this.reader.hasUnit("a table", spot);
      else if (this.reader.units.strict) this.reader.say(spot, "has no units");
      this.columns.push({ ...spot, record, first, field, times, unit: unitOfTimes(times, this.reader.units.tick) });
    }
    return count;
  }

  private add(record: Place["record"], field: Field, value: Operand, spot: Spot): void {
    this.fields.push({ ...spot, field, record, index: this.spots[record].length - 1, value });
  }
}

/** Where the sets of some tasks begin; undefined where they are in no sets. */
function setsOf({ node, spot }: Child): TaskSets | undefined {
  if (node?.kind !== "map" || node.sets === undefined) return undefined;
  const starts = [0];
  for (const { names } of node.sets) starts.push(starts.at(-1)! + names.size);
  return { ...spot, from: node.entries.size - starts.at(-1)!, labels: node.sets.map(({ label }) => label), starts };
}

/** The names of a server, those of its sets as names that no task can have: nothing refers to what is in some replicates. */
function withoutSets(server: ServerNames, sets: TaskSets | undefined): ServerNames {
  if (sets === undefined) return server;
  return { ...server, tasks: server.tasks.map((name, place) => (place < sets.from ? name : "\0")) };
}

/** Drawn tasks are called g1, g2, ... */
const GENERATED = "g";

function isGenerated(name: string): boolean {
  return name.startsWith(GENERATED) && /^\d+$/.test(name.slice(GENERATED.length));
}

/** Whether a sweep says what times are whole steps of. */
function hasResolution({ entries }: MapNode): boolean {
  const rounding = entries.get("rounding")?.value;
  return entries.has("resolution") || (rounding?.kind === "map" && rounding.entries.has("resolution"));
}

interface Child {
  readonly node: Node | undefined;
  readonly spot: Spot;
}

/** An entry of a map with its place; the place of an absent one is that of its map. */
function child(node: Node | undefined, key: string, parent: Spot): Child {
  const entry = node?.kind === "map" ? node.entries.get(key) : undefined;
  return { node: entry?.value, spot: { path: pathTo(parent.path, key), at: entry?.at ?? parent.at } };
}

function named(node: Node | undefined): Iterable<[string, Entry]> {
  return node?.kind === "map" ? node.entries : [];
}

/** The text at a key of a map; undefined where there is none. */
function textOf(map: Node | undefined, key: string): string | undefined {
  const node = map?.kind === "map" ? map.entries.get(key)?.value : undefined;
  if (node === undefined) return undefined;
  return "text" in node ? node.text : "";
}

function serverOfTask(names: readonly ServerNames[], task: number): number {
  let first = 0;
  return names.findIndex(({ tasks }) => {
    first += tasks.length;
    return task < first;
  });
}

/** Keys of a task that name other records. */
const REFERRING = ["vcpu", "parts", "after", "defer_while"];

/** Keys that a server with vcpus, or with servers, has not. */
const NOT_OF_VMS = [...VCPU.children.keys(), "windows", "affinity", "servers"];
const NOT_OF_HOLDERS = ["priorities", "assignment", "separation"];

/** A method, as a field of no record. */
const METHOD: Field = { name: "assign", slot: -1, kind: "choice", choices: METHODS, min: 0, description: "" };
