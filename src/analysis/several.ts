// Several CPUs (analysis.md section 9): what has CPUs of its own is a system of its own, with the tests of one CPU; tasks that
// follow others are tasks with the jitter of those; a VM whose VCPUs have CPUs of their own is scheduled globally.

import type { Several, System, Task } from "../model/system.js";
import type { Analysis, ServerAnalysis, TaskAnalysis } from "./analyze.js";
import { globalResponses, hasGlobalBounds, type Resource, suppliedResponses } from "./global.js";
import { type TaskVerdict, type Verdict, withoutBound } from "./guest-verdicts.js";
import { isGlobal, OF_VM, partOf, tasksOf, without } from "./part.js";
import { reservationOf } from "./policies.js";
import { GLOBAL_THEOREMS, HOST_THEOREMS, UNKNOWN } from "./theorems.js";

/** Analyses a system of one CPU. */
type Test = (system: System) => Analysis;

/** VCPUs that share CPUs with no others. */
interface Cluster {
  readonly members: readonly number[];
  readonly cpus: number;
}

/** Where the tasks of each VCPU are looked at. */
export function analyzeSeveral(system: System, several: Several, test: Test): Analysis {
  return new SeveralTest(system, several, test).result();
}

class SeveralTest {
  private readonly servers: ServerAnalysis[];
  private readonly verdicts: TaskVerdict[];
  private readonly tasks: readonly Task[];
  /** The release jitter of each task that follows another; undefined where nothing bounds it. */
  private jitters: (number | undefined)[];
  private reason = "";

  constructor(
    private readonly system: System,
    private readonly several: Several,
    private readonly test: Test,
  ) {
    this.servers = system.servers.map(({ name }) => unknownServer(name));
    this.tasks = system.servers.flatMap((server) => server.tasks);
    this.verdicts = this.tasks.map(() => withoutBound("unknown", UNKNOWN.several));
    this.jitters = this.tasks.map(() => 0);
  }

  /** Jitters grow until they are those that the bounds found give [Tindell & Clark 1994]. */
  result(): Analysis {
    for (let rounds = 0; ; rounds++) {
      this.round();
      const isSettling = rounds < ROUNDS_MAX;
      // What is unbounded once stays so: bounds only grow.
      const jitters = this.jitters.map((jitter, number) =>
        jitter === undefined || (!isSettling && this.isFollowing(number)) ? undefined : this.jitterOf(number),
      );
      if (jitters.every((jitter, number) => jitter === this.jitters[number])) return this.analysis();
      this.jitters = jitters;
    }
  }

  private isFollowing(task: number): boolean {
    return this.several.tasks[task].after !== null;
  }

  private jitterOf(task: number): number | undefined {
    const { after, delay } = this.several.tasks[task];
    if (after === null) return 0;
    const { schedulable, response_bound: bound } = this.verdicts[after];
    const response = bound ?? (schedulable === true ? this.several.tasks[after].deadline : null);
    return response === null || this.jitters[after] === undefined ? undefined : response + delay;
  }

  private round(): void {
    for (const cluster of clustersOf(this.system, this.several)) this.cluster(cluster);
    for (const [first, { vcpus }] of this.several.servers.entries()) if (vcpus > 1) this.globalVm(first, vcpus);
  }

  private cluster({ members, cpus }: Cluster): void {
    const isFree = this.system.host.hostSwitch === 0 && this.several.hostMigration === 0;
    const areAlone = members.length === 1 || (members.length <= cpus && isFree);
    if (members.some((server) => this.isUnknown(server, areAlone))) this.leaveUnknown(members);
    else if (cpus === 1) this.groups([members]);
    else if (areAlone && isFree) this.groups(members.map((server) => [server]));
    else this.leaveUnknown(members);
  }

  /** Whether nothing is known of what a VCPU may do to the others of its cluster, or to its own tasks. */
  private isUnknown(server: number, isAlone: boolean): boolean {
    const own = this.several.servers[server];
    if (own.isInTree) return true;
    if (isGlobal(this.several, server) && !isAlone && !this.isBounded(server)) return true;
    return tasksOf(this.several, server).some((task) => {
      const { isDeferred, isBoosted, hasParts } = this.several.tasks[task];
      const isRaised = isBoosted && this.system.host.scheduler === "fp";
      return isDeferred || isRaised || hasParts || this.jitters[task] === undefined;
    });
  }

  /** Whether a VCPU of a global VM takes from others what its budget and its priority bound, whichever jobs it runs, and when. */
  private isBounded(server: number): boolean {
    const { host, servers } = this.system;
    const vm = this.several.servers[server].vm!;
    const reservation = reservationOf(host, servers[server]);
    if (reservation === null) return false;
    if (host.hostSwitch > 0 && reservation.wakes) return false;
    if (host.scheduler === "fp" && this.several.tasks.some((task) => task.server === vm && task.isBoosted))
      return false;
    // Passed over it keeps its budget, and takes it late; a deferrable one is expected to.
    return servers[server].policy !== "polling" || this.several.servers[vm].assignment !== "global-aware";
  }

  private leaveUnknown(members: readonly number[]): void {
    for (const server of members) {
      this.servers[server] = unknownServer(this.system.servers[server].name);
      for (const task of tasksOf(this.several, server)) this.verdicts[task] = withoutBound("unknown", UNKNOWN.several);
    }
  }

  /** Tests systems that do not disturb each other. */
  private groups(groups: readonly (readonly number[])[]): void {
    for (const members of groups) {
      const tasks = members.map((server) => tasksOf(this.several, server));
      const guests = tasks.map((own) => own.map((task) => this.task(task)));
      const part = this.test(partOf(this.system, this.several, members, guests));
      this.reason ||= part.host.schedulable === true ? "" : part.host.reason;
      members.forEach((server, place) => {
        this.servers[server] = { ...part.servers[place], name: this.system.servers[server].name };
      });
      tasks.flat().forEach((task, place) => {
        this.verdicts[task] = part.tasks[place];
      });
    }
  }

  /** A task that follows another one has the period and the arrivals of the first, and the jitter of all before it. */
  private task(number: number): Task {
    const { after, wcet, bcet, deadline } = this.several.tasks[number];
    const task = this.tasks[number];
    if (after === null) return task;
    const first = this.firstOf(number);
    if (first.more !== undefined) return task;
    const { more: _, ...own } = task;
    const { period, offset, periodMax } = first;
    return { ...own, period, offset, periodMax, wcet, bcet, deadline: deadline!, jitter: this.jitters[number]! };
  }

  private firstOf(task: number): Task {
    let first = task;
    for (let before = task as number | null; before !== null; before = this.several.tasks[first].after) first = before;
    return this.tasks[first];
  }

  /** The tasks of a global VM, whose VCPUs have each a CPU of their own, or are sure of budgets that come together. */
  private globalVm(first: number, vcpus: number): void {
    const own = this.several.servers[first];
    if (own.assignment === "partitioned") return;
    const server = this.system.servers[first];
    const members = Array.from({ length: vcpus }, (_, i) => first + i);
    const areGiven = members.every((number) => this.servers[number].schedulable === true);
    if (!areGiven || !this.isPlain(first) || !hasGlobalBounds(server)) return;
    const resource = this.resourceOf(members);
    const areFree = members.every((number) => this.system.servers[number].policy === "dedicated");
    if (areFree) {
      const theorem = server.scheduler === "fp" ? GLOBAL_THEOREMS.fixedPriorities : GLOBAL_THEOREMS.deadlines;
      this.write(first, globalResponses(server, vcpus, own.separation), theorem);
    } else if (resource !== undefined && own.assignment === "global-aware")
      this.write(first, suppliedResponses(server, resource, own.separation), GLOBAL_THEOREMS.resource);
  }

  /** Whether its jobs come by themselves, run by the guest's order alone, and nothing costs. */
  private isPlain(vm: number): boolean {
    const { host } = this.system;
    const costs = host.hostSwitch + host.guestSwitch + this.several.hostMigration + this.several.guestMigration;
    const own = this.several.tasks.filter(({ server }) => server === vm);
    const areOwn = own.every(({ after, isDeferred, isBoosted }) => after === null && !isDeferred && !isBoosted);
    return areOwn && costs === 0 && host.scheduler !== "table";
  }

  /** Idling VCPUs of one period that start together, no later than the tasks: they run whether they are asked or not. */
  private resourceOf(members: readonly number[]): Resource | undefined {
    const servers = members.map((number) => this.system.servers[number]);
    const { period, offset, tasks } = servers[0];
    const areAlike = servers.every(
      (server) =>
        server.policy === "idling" &&
        without(server.more, OF_VM) === undefined &&
        server.period === period &&
        server.offset === offset &&
        server.periodMax === period &&
        server.budgetMin === server.budget,
    );
    if (!areAlike || tasks.some((task) => task.offset < offset!)) return undefined;
    const budget = servers.reduce((sum, server) => sum + server.budget!, 0);
    return { period: period!, budget, cpus: members.length };
  }

  private write(vm: number, bounds: readonly (number | null)[], theorem: string): void {
    const numbers = [...this.several.tasks.keys()].filter((task) => this.several.tasks[task].server === vm);
    bounds.forEach((bound, place) => {
      this.verdicts[numbers[place]] = { ...withoutBound(bound !== null, theorem), response_bound: bound };
    });
  }

  private analysis(): Analysis {
    const { servers, verdicts } = this;
    const tasks = this.several.tasks.map(({ server }, number): TaskAnalysis => {
      const owner = this.system.servers[server];
      return { ...verdicts[number], server: owner.vm ?? owner.name, name: this.tasks[number].name };
    });
    const ofHost = allOf(servers);
    const theorem = ofHost === "unknown" ? UNKNOWN.several : HOST_THEOREMS.clusters;
    const reason =
      this.reason ||
      (ofHost === "unknown" ? "several CPUs, VCPUs, servers in servers, parts or chains" : "each cluster by itself");
    return {
      schedulable: allOf([{ schedulable: ofHost }, ...tasks]),
      host: { schedulable: ofHost, reason, theorem },
      servers,
      tasks,
    };
  }
}

/** More rounds than chains of that many tasks need where jitters settle at all. */
const ROUNDS_MAX = 64;

function unknownServer(name: string): ServerAnalysis {
  const unknown = { schedulable: "unknown", response: null, sbf_blackout: null, min_budget: null } as const;
  return { name, ...unknown, theorem: UNKNOWN.several, failure: null };
}

/** Under a table, CPUs whose windows are of the same VCPUs; otherwise those that some VCPUs have together. */
function clustersOf({ host, servers }: System, several: Several): Cluster[] {
  const clusters = new Map<string, { members: number[]; cpus: number }>();
  for (const number of servers.keys()) {
    const { cpus, isInTree, isTop } = several.servers[number];
    if (!isTop && isInTree) continue;
    const own = host.windows === undefined ? cpus : cpusOfWindows(several, number);
    const key = own.join();
    const cluster = clusters.get(key) ?? { members: [], cpus: Math.max(1, own.length) };
    cluster.members.push(number);
    clusters.set(key, cluster);
  }
  // A VCPU with windows on several CPUs binds these together.
  const isBound = host.windows !== undefined && [...clusters.values()].some(({ cpus }) => cpus > 1);
  if (!isBound) return [...clusters.values()];
  const members = [...clusters.values()].flatMap((cluster) => cluster.members);
  return [{ members, cpus: members.length > 0 ? 0 : 1 }];
}

function cpusOfWindows({ windowCpus }: Several, server: number): number[] {
  return [...new Set(windowCpus.filter((window) => window.server === server).map(({ cpu }) => cpu))].sort(
    (a, b) => a - b,
  );
}

function allOf(parts: readonly { readonly schedulable: Verdict }[]): Verdict {
  if (parts.some(({ schedulable }) => schedulable === false)) return false;
  return parts.every(({ schedulable }) => schedulable === true) ? true : "unknown";
}
