// The `system` of a sweep: host, servers, tasks and windows, as fields with their places.

import { pathTo, type Spot } from "../input/place.js";
import { didYouMean } from "../input/problem.js";
import { type Field, HOST_FIELDS, SERVER_FIELDS, TASK_FIELDS, WINDOW_FIELDS } from "../model/fields.js";
import type { Place } from "../scenario/check/checker.js";
import type { ServerNames } from "../scenario/scenario.js";
import type { Entry, MapNode, Node } from "./document.js";
import type { ScopeAxis } from "./expression.js";
import type { OperandReader } from "./operands.js";
import type { Sweep, SweepField, SweepWindows } from "./sweep.js";

type Spots = Record<Place["record"], Spot[]>;

/** What `system` says. */
export type System = Pick<Sweep, "names" | "windows" | "fields" | "spots">;

/** Reads `system`; what the structural check refused is left out. */
export function readSystem(reader: OperandReader, root: MapNode, scope: readonly ScopeAxis[]): System {
  return new SystemReader(reader, scope).read(root);
}

class SystemReader {
  private readonly names: ServerNames[] = [];
  private readonly fields: SweepField[] = [];
  private readonly spots: Spots;

  constructor(
    private readonly reader: OperandReader,
    private readonly scope: readonly ScopeAxis[],
  ) {
    this.spots = { run: [], host: [], server: [], task: [], window: [] };
  }

  read(root: MapNode): System {
    const system = child(root, "system", { path: "", at: root.at });
    const host = child(system.node, "host", system.spot);
    const servers = child(system.node, "servers", system.spot);
    this.spots.run.push(system.spot);
    this.spots.host.push(host.spot);
    this.record("host", HOST_FIELDS, host.node, host.spot);
    for (const [name, entry] of named(servers.node)) this.server(name, entry, servers.spot);
    // The windows of the table come first, and name servers that are known by now.
    const table = this.windows(host.node, host.spot)?.map(([node, spot]) => this.serverOf(node, spot));
    const own = [...named(servers.node)].map(([, { value }], i) => this.windows(value, this.spots.server[i])?.length);
    const windows: SweepWindows = { table, servers: own };
    return { names: this.names, windows, fields: this.fields, spots: this.spots };
  }

  private server(name: string, { at, value }: Entry, parent: Spot): void {
    const spot = { path: pathTo(parent.path, name), at };
    this.checkName(name, spot);
    this.spots.server.push(spot);
    this.record("server", SERVER_FIELDS, value, spot);
    const tasks = child(value, "tasks", spot);
    const taskNames: string[] = [];
    for (const [taskName, task] of named(tasks.node)) {
      const taskSpot = { path: pathTo(tasks.spot.path, taskName), at: task.at };
      this.checkName(taskName, taskSpot);
      this.spots.task.push(taskSpot);
      this.record("task", TASK_FIELDS, task.value, taskSpot);
      taskNames.push(taskName);
    }
    this.names.push({ name, tasks: taskNames });
  }

  /** Any text is a name, but for what a table or a message cannot show, and the one key that plain objects lack. */
  private checkName(name: string, spot: Spot): void {
    if (name === "") this.reader.say(spot, "a name is not empty");
    else if (name === "__proto__" || /\p{Cc}/u.test(name))
      this.reader.say(spot, `${JSON.stringify(name)} cannot be a name`);
  }

  /** Reads the times of the windows of a host or server. */
  private windows(owner: Node | undefined, parent: Spot): [Node, Spot][] | undefined {
    const { node, spot } = child(owner, "windows", parent);
    if (node?.kind !== "list") return undefined;
    return node.items.map((window, i) => {
      const windowSpot = { path: pathTo(spot.path, i), at: window.at };
      this.spots.window.push(windowSpot);
      this.record("window", WINDOW_FIELDS, window, windowSpot);
      return [window, windowSpot];
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
    if (number < 0)
      this.reader.say(
        { path: spot.path, at: node.at },
        `there is no server ${JSON.stringify(name)}${didYouMean(name, names)}`,
      );
    return number;
  }

  /** The fields of the record whose spot was added last, in the order of the table. */
  private record(record: Place["record"], fields: readonly Field[], node: Node | undefined, parent: Spot): void {
    if (node?.kind !== "map") return;
    const index = this.spots[record].length - 1;
    for (const field of fields) {
      const entry = node.entries.get(field.name);
      if (entry === undefined) continue;
      const spot = { path: pathTo(parent.path, field.name), at: entry.value.at };
      const value = this.reader.field(field, entry.value, spot, this.scope);
      if (value !== undefined) this.fields.push({ ...spot, field, record, index, value });
    }
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
