// The `system` of a sweep: host, servers, tasks and windows, as fields with their places.

import { Fraction } from "fraction.js";
import { pathTo, type Spot } from "../input/place.js";
import { didYouMean } from "../input/problem.js";
import {
  type Field,
  type FieldTree,
  HOST_FIELDS,
  isTree,
  JOB_FIELDS,
  leavesOf,
  SERVER_FIELDS,
  TASK_FIELDS,
  treeOf,
  WINDOW_FIELDS,
} from "../model/fields.js";
import type { Place } from "../scenario/check/checker.js";
import type { ServerNames } from "../scenario/scenario.js";
import { emptyText, mayBeEmpty } from "../scenario/shape.js";
import type { Entry, MapNode, Node } from "./document.js";
import type { ScopeAxis } from "./expression.js";
import type { OperandReader } from "./operands.js";
import type { Copies, Operand, Sweep, SweepField, SweepWindows } from "./sweep.js";

const HOST = treeOf(HOST_FIELDS);
const SERVER = treeOf(SERVER_FIELDS);
const TASK = treeOf(TASK_FIELDS);
const WINDOW = treeOf(WINDOW_FIELDS);
const JOB = treeOf(JOB_FIELDS);

type Spots = Record<Place["record"], Spot[]>;

/** What `system` says. */
export type System = Pick<Sweep, "names" | "copies" | "windows" | "jobs" | "fields" | "spots">;

/** Reads `system`; what the structural check refused is left out. */
export function readSystem(reader: OperandReader, root: MapNode, scope: readonly ScopeAxis[]): System {
  return new SystemReader(reader, scope).read(root);
}

class SystemReader {
  private readonly names: ServerNames[] = [];
  private readonly copies: (Copies | undefined)[] = [];
  private readonly jobs: (number | undefined)[] = [];
  private readonly fields: SweepField[] = [];
  private readonly spots: Spots;

  constructor(
    private readonly reader: OperandReader,
    private readonly scope: readonly ScopeAxis[],
  ) {
    this.spots = { run: [], host: [], server: [], task: [], window: [], job: [], part: [] };
  }

  read(root: MapNode): System {
    const system = child(root, "system", { path: "", at: root.at });
    const host = child(system.node, "host", system.spot);
    const servers = child(system.node, "servers", system.spot);
    this.spots.run.push(system.spot);
    this.spots.host.push(host.spot);
    this.record("host", HOST, host.node, host.spot);
    for (const [name, entry] of named(servers.node)) this.server(name, entry, servers.spot);
    // The windows of the table come first, and name servers that are known by now.
    const table = this.windows(host.node, host.spot)?.map(([node, spot]) => this.serverOf(node, spot));
    const own = [...named(servers.node)].map(([, { value }], i) => this.windows(value, this.spots.server[i])?.length);
    const windows: SweepWindows = { table, servers: own };
    this.checkCopies();
    const { names, copies, jobs, fields, spots } = this;
    return { names, copies, windows, jobs, fields, spots };
  }

  private server(name: string, { at, value }: Entry, parent: Spot): void {
    const spot = { path: pathTo(parent.path, name), at };
    this.checkName(name, spot);
    this.spots.server.push(spot);
    this.record("server", SERVER, value, spot);
    this.copies.push(this.copiesOf(value, spot));
    const tasks = child(value, "tasks", spot);
    const taskNames: string[] = [];
    for (const [taskName, task] of named(tasks.node)) {
      const taskSpot = { path: pathTo(tasks.spot.path, taskName), at: task.at };
      this.checkName(taskName, taskSpot);
      this.spots.task.push(taskSpot);
      this.record("task", TASK, task.value, taskSpot);
      this.jobs.push(this.list("job", JOB, "jobs", task.value, taskSpot)?.length);
      taskNames.push(taskName);
    }
    this.names.push({ name, tasks: taskNames });
  }

  private copiesOf(server: Node, parent: Spot): Copies | undefined {
    const { node, spot } = child(server, "copies", parent);
    const count = node && this.reader.count(node, spot, this.scope);
    return count && { ...spot, at: node.at, count };
  }

  /** Copies are called NAME1, NAME2, ...; no other server may have such a name. */
  private checkCopies(): void {
    for (const [server, { name }] of this.names.entries()) {
      if (this.copies[server] === undefined) continue;
      const twin = this.names.find(
        (other) => other.name.startsWith(name) && /^\d+$/.test(other.name.slice(name.length)),
      );
      if (twin !== undefined)
        this.reader.say(
          this.copies[server],
          `a copy of ${name} can have the name of the server ${twin.name}; rename one of them`,
        );
    }
  }

  /** Any text is a name, but for what a table or a message cannot show, and the one key that plain objects lack. */
  private checkName(name: string, spot: Spot): void {
    if (name === "") this.reader.say(spot, "a name is not empty");
    else if (name === "__proto__" || /\p{Cc}/u.test(name))
      this.reader.say(spot, `${JSON.stringify(name)} cannot be a name`);
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
  private serverOf(window: Node, spot: Spot): number {
    const server = child(window, "server", spot);
    return server.node?.kind === "text" ? this.serverNumber(server.node.text, server.node, server.spot) : -1;
  }

  private serverNumber(name: string, node: Node, spot: Spot): number {
    const names = this.names.map((server) => server.name);
    const number = names.indexOf(name);
    if (number >= 0 && this.copies[number] !== undefined)
      this.reader.say({ path: spot.path, at: node.at }, `${name} has copies, and a window is of one server`);
    if (number < 0)
      this.reader.say(
        { path: spot.path, at: node.at },
        `there is no server ${JSON.stringify(name)}${didYouMean(name, names)}`,
      );
    return number;
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
    const value = this.reader.field(field, node, spot, this.scope);
    if (value !== undefined) this.add(record, field, value, spot);
  }

  private add(record: Place["record"], field: Field, value: Operand, spot: Spot): void {
    this.fields.push({ ...spot, field, record, index: this.spots[record].length - 1, value });
  }
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
