// Which servers, VCPUs and tasks a JSON document has, in the order of the flat form: depth first, a server before those in it,
// the VCPUs of a VM one after the other.

import * as abi from "../../assembly/abi.js";
import { showValue } from "../input/problem.js";
import { isWrittenNumber } from "./exact-json.js";
import { type JsonObject, type JsonReader, show } from "./json-reader.js";
import type { ServerNames } from "./scenario.js";

/** A record and where it stands; undefined where it is no object. */
export interface Source {
  readonly record: JsonObject | undefined;
  readonly path: string;
}

/** A server of the flat form. */
export interface ServerSource extends Source {
  readonly names: ServerNames;
  /** Of a VCPU: the server that lists it. */
  readonly vm?: Source;
  readonly tasks: readonly Source[];
}

/** @returns undefined where there is no list of servers */
export function outlineOf(reader: JsonReader, run: JsonObject): ServerSource[] | undefined {
  const outline = new Outline(reader);
  return outline.servers(run.servers, "servers", undefined, "one scenario") ? outline.sources : undefined;
}

class Outline {
  readonly sources: ServerSource[] = [];
  private readonly firstPaths = new Map<string, string>();

  constructor(private readonly reader: JsonReader) {}

  /** Adds the servers of a list. @returns whether it is one */
  servers(value: unknown, path: string, parent: number | undefined, owner: string): boolean {
    const list = this.reader.list(value, path, abi.SERVERS_MAX, owner);
    list?.forEach((item, i) => {
      this.server({ record: this.reader.object(item, `${path}[${i}]`), path: `${path}[${i}]` }, parent);
    });
    return list !== undefined;
  }

  private server(source: Source, parent: number | undefined): void {
    const { record, path } = source;
    const name = nameOf(this.reader, source, this.firstPaths);
    const inside = parent === undefined ? {} : { parent };
    if (record?.vcpus !== undefined) {
      if (parent !== undefined) this.reader.say(`${path}.vcpus`, "means nothing in another server; VMs are topmost");
      this.vcpus(source, name, inside);
    } else if (record?.servers === undefined) {
      const tasks = this.tasks(source);
      const names = { name, tasks: this.taskNames(tasks) };
      this.sources.push({ record, path, names: parent === undefined ? names : { ...names, parent }, tasks });
    } else {
      const number = this.sources.length;
      this.sources.push({ ...source, names: { name, tasks: [], ...inside, holdsServers: true }, tasks: [] });
      if (number < abi.SERVERS_MAX) this.servers(record.servers, `${path}.servers`, number, "one server");
    }
  }

  private vcpus(vm: Source, name: string, inside: Pick<ServerNames, "parent">): void {
    const path = `${vm.path}.vcpus`;
    const list = this.reader.list(vm.record!.vcpus, path, abi.SERVERS_MAX, "one server");
    if (list?.length === 0) this.reader.say(path, "there is no VCPU; at least one is needed");
    const tasks = this.tasks(vm);
    const taskNames = this.taskNames(tasks);
    const first = new Map<string, string>();
    // A VM without VCPUs was refused; its tasks are read all the same.
    const items = list === undefined || list.length === 0 ? [undefined] : list;
    items.forEach((item, i) => {
      const isListed = list !== undefined && list.length > 0;
      const record = isListed ? this.reader.object(item, `${path}[${i}]`) : undefined;
      const source = { record, path: `${path}[${i}]` };
      const own = isListed ? nameOf(this.reader, source, first) : "";
      const vcpu = { vm: name, name: own, count: i === 0 ? items.length : 0 };
      const names = { name: `${name}.${own}`, tasks: i === 0 ? taskNames : [], vcpu, ...inside };
      this.sources.push({ ...source, vm, names, tasks: i === 0 ? tasks : [] });
    });
  }

  private tasks({ record, path }: Source): Source[] {
    if (record === undefined) return [];
    const tasks = this.reader.list(record.tasks, `${path}.tasks`, abi.TASKS_PER_SERVER_MAX, "one server") ?? [];
    return tasks.map((task, j) => {
      const place = `${path}.tasks[${j}]`;
      return { record: this.reader.object(task, place), path: place };
    });
  }

  private taskNames(tasks: readonly Source[]): string[] {
    const first = new Map<string, string>();
    return tasks.map((task) => nameOf(this.reader, task, first));
  }
}

/** @param first where the names so far stand */
function nameOf(reader: JsonReader, { record, path }: Source, first: Map<string, string>): string {
  if (record === undefined) return "";
  const { name } = record;
  if (typeof name !== "string" || name === "") {
    const text = name === undefined ? "is missing" : `${show(name)} is not a name; a name is a text that is not empty`;
    reader.say(`${path}.name`, text);
    return "";
  }
  const other = first.get(name);
  if (other === undefined) first.set(name, path);
  else reader.say(`${path}.name`, `${showValue(name)} is already the name of ${other}`);
  return name;
}

/** The CPUs of an affinity; undefined, and said so, where it is none. */
export function readAffinity(reader: JsonReader, value: unknown, path: string): number[] | undefined {
  const list = reader.list(value, path, abi.CPUS_MAX, "one host");
  if (list === undefined) return undefined;
  if (list.length === 0) reader.say(path, "there is no CPU in it; at least one is needed");
  const cpus = list.map((item, i) => readCpu(reader, item, `${path}[${i}]`));
  cpus.forEach((cpu, i) => {
    const first = cpus.indexOf(cpu);
    if (cpu !== undefined && first < i) reader.say(`${path}[${i}]`, `CPU ${cpu} is already in the list`);
  });
  const all = [...new Set(cpus)].filter((cpu) => cpu !== undefined);
  return all.length === list.length && list.length > 0 ? all : undefined;
}

function readCpu(reader: JsonReader, value: unknown, path: string): number | undefined {
  const whole = reader.whole(value, path);
  if (whole === undefined) return undefined;
  if (whole >= 0n && whole < BigInt(abi.CPUS_MAX)) return Number(whole);
  reader.say(path, `there is no CPU ${show(value)}; they are numbered from 0, and at most ${abi.CPUS_MAX}`);
  return undefined;
}

/** A value as messages show it. */
export function plain(value: unknown): unknown {
  return isWrittenNumber(value) ? Number(String(value)) : value;
}
