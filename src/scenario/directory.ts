// The servers, VCPUs and tasks of a scenario by their names: what windows, parts, chains and deferred interrupts refer to.

import { didYouMean, short, showValue } from "../input/problem.js";
import type { ServerNames } from "./scenario.js";

/** A server as it is written: one of the flat form, or the VCPUs of a VM. */
export interface WrittenServer {
  readonly name: string;
  /** Number of its first server of the flat form. */
  readonly first: number;
  /** How many of the flat form it is. */
  readonly count: number;
  /** The names of its VCPUs; undefined of a server without `vcpus`. */
  readonly vcpus: readonly string[] | undefined;
  /** Number of its first task, across all servers. */
  readonly firstTask: number;
  readonly tasks: readonly string[];
  readonly parent: number | undefined;
  readonly holdsServers: boolean;
}

/** The servers as they are written, depth first. */
export function writtenServers(names: readonly ServerNames[]): WrittenServer[] {
  const servers: WrittenServer[] = [];
  let firstTask = 0;
  for (let first = 0; first < names.length; first += servers.at(-1)!.count) {
    const { name, tasks, vcpu, parent, holdsServers = false } = names[first];
    const count = vcpu === undefined ? 1 : Math.max(1, vcpu.count);
    const vcpus = vcpu && names.slice(first, first + count).map((each) => each.vcpu!.name);
    servers.push({ name: vcpu?.vm ?? name, first, count, vcpus, firstTask, tasks, parent, holdsServers });
    firstTask += tasks.length;
  }
  return servers;
}

/** How many servers there are as they are written, and how many VCPUs the VMs among them have. */
export function countWritten(names: readonly ServerNames[]): { readonly servers: number; readonly vcpus: number } {
  let [servers, vcpus] = [0, 0];
  for (const { vcpu } of names) {
    if (vcpu !== undefined) vcpus++;
    if (vcpu?.count !== 0) servers++;
  }
  return { servers, vcpus };
}

/** A number, or why there is none: what stands in the document at `key`. */
export type Found = { readonly number: number } | { readonly key: string; readonly why: string };

/** Finds what a name stands for. */
export class Directory {
  private readonly servers: ReadonlyMap<string, WrittenServer>;
  private readonly byNumber = new Map<number, WrittenServer>();
  private readonly taskNumbers = new Map<WrittenServer, ReadonlyMap<string, number>>();

  constructor(names: readonly ServerNames[]) {
    const servers = new Map<string, WrittenServer>();
    for (const server of writtenServers(names)) {
      if (!servers.has(server.name)) servers.set(server.name, server);
      this.byNumber.set(server.first, server);
    }
    this.servers = servers;
  }

  /** The server that begins with this one of the flat form. */
  startingAt(first: number): WrittenServer {
    return this.byNumber.get(first)!;
  }

  /** A server by its name. */
  server(name: unknown, key = "server"): WrittenServer | Exclude<Found, { readonly number: number }> {
    if (name === undefined) return { key, why: "is missing" };
    const found = typeof name === "string" && name !== "" ? this.servers.get(name) : undefined;
    return found ?? { key, why: `there is no server ${unknown(name, [...this.servers.keys()])}` };
  }

  /** The server of the flat form that a window of the table names. */
  window(server: unknown, vcpu: unknown): Found {
    const found = this.server(server);
    if ("why" in found) return found;
    if (found.parent !== undefined)
      return { key: "server", why: `${showValue(server)} is in another server; a window is one of a topmost server` };
    return this.vcpu(found, vcpu);
  }

  /** A VCPU of a server, which has to be named where it has `vcpus`. */
  vcpu(server: WrittenServer, name: unknown): Found {
    const { vcpus, first } = server;
    if (vcpus === undefined)
      return name === undefined
        ? { number: first }
        : { key: "vcpu", why: `means nothing: ${short(server.name)} has no vcpus` };
    if (name === undefined) return { key: "vcpu", why: `is missing${listed(vcpus)}` };
    const place = typeof name === "string" && name !== "" ? vcpus.indexOf(name) : -1;
    if (place >= 0) return { number: first + place };
    return { key: "vcpu", why: `${short(server.name)} has no VCPU ${unknown(name, vcpus)}` };
  }

  /** The number of the task that another one follows. */
  task(server: unknown, task: unknown): Found {
    const found = this.server(server);
    if ("why" in found) return found;
    if (task === undefined) return { key: "task", why: "is missing" };
    let numbers = this.taskNumbers.get(found);
    if (numbers === undefined) {
      numbers = new Map(found.tasks.map((name, place) => [name, found.firstTask + place]));
      this.taskNumbers.set(found, numbers);
    }
    const number = typeof task === "string" && task !== "" ? numbers.get(task) : undefined;
    if (number !== undefined) return { number };
    return { key: "task", why: `${short(found.name)} has no task ${unknown(task, found.tasks)}` };
  }

  /** The server for which jobs are held: one that can be seen to have no ready job. */
  deferring(name: unknown): Found {
    const found = this.server(name, "");
    if ("why" in found) return found;
    if (found.vcpus === undefined && !found.holdsServers) return { number: found.first };
    return {
      key: "",
      why: `${short(found.name)} is not a server with tasks and without vcpus, for which interrupts can wait`,
    };
  }
}

/** So many names are listed where one is missing, or none is near. */
const LISTED_MAX = 8;

function unknown(name: unknown, known: readonly string[]): string {
  const near = typeof name === "string" ? didYouMean(name, known) : "";
  return `${showValue(name)}${near === "" ? listed(known) : near}`;
}

function listed(names: readonly string[]): string {
  if (names.length === 0 || names.length > LISTED_MAX) return "";
  return `; one of ${names.map((name) => short(name)).join(", ")}`;
}
