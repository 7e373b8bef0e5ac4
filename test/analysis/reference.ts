// The analysis as analysis.md words it, by plain search over every tick: slow, for small systems only, and written apart
// from src/analysis. Rationals are fraction.js; where the text speaks of a hyperperiod, that of the whole system is taken.

import Fraction from "fraction.js";
import type { Server, System, Task } from "../../src/analysis/index.js";

type Curve = (t: number) => number;

/** The numbers of analysis.md section 6. */
export interface ReferenceResult {
  readonly host: boolean | "unknown";
  readonly servers: readonly {
    readonly schedulable: boolean | "unknown";
    readonly response: number | null;
    readonly sbf_blackout: number | null;
    readonly min_budget: number | null;
  }[];
  readonly tasks: readonly {
    readonly schedulable: boolean | "unknown";
    readonly response_bound: number | null;
  }[];
}

function lcm(values: readonly number[]): number {
  const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));
  return values.reduce((a, b) => (a / gcd(a, b)) * b, 1);
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const ceil = (t: number, period: number): number => Math.ceil(t / period);

function isHard({ host }: System, server: Server): boolean {
  return server.policy !== "dedicated" && !(server.policy === "cbs-soft" && host.scheduler === "fp");
}

function before(system: System, index: number): number[] {
  const rank = (i: number) => [system.servers[i].priority, i] as const;
  return [...system.servers.keys()].filter((i) => {
    const [a, b] = [rank(i), rank(index)];
    return a[0] < b[0] || (a[0] === b[0] && a[1] < b[1]);
  });
}

function others(system: System, index: number): number[] {
  return [...system.servers.keys()].filter((i) => i !== index);
}

/** e_j(t). */
function preemptions(system: System, index: number, t: number): number {
  const server = system.servers[index];
  const releases = sum(server.tasks.map((task) => ceil(t + task.jitter, task.period)));
  if (!isHard(system, server)) return releases;
  const refills = ceil(t, server.period!);
  if (server.policy === "idling" || server.policy === "polling") return refills;
  return (server.policy === "sporadic" ? server.budget! * refills : refills) + releases;
}

/** n(t) of server i with budget Q. */
function switches(system: System, index: number, budget: number | null, t: number): number {
  const { host, servers } = system;
  const server = servers[index];
  if (host.scheduler === "table") {
    const windows = [...host.windows!].sort((a, b) => a.start - b.start);
    const entries = windows.filter((window, place) => {
      const previous = windows[(place + windows.length - 1) % windows.length];
      return window.server === index && previous.server !== index;
    });
    return 1 + ceil(t, host.frame!) * entries.length;
  }
  let own = 0;
  if (isHard(system, server)) {
    own = ceil(t, server.period!);
    if (server.policy === "sporadic") own = own * budget! + (host.scheduler === "edf" ? budget! : 0);
  }
  const preempting =
    host.scheduler === "fp"
      ? before(system, index)
      : others(system, index).filter((i) => servers[i].policy !== "dedicated");
  return 1 + own + sum(preempting.map((i) => preemptions(system, i, t)));
}

/** I_j(x). */
function taken(system: System, index: number, x: number): number {
  const server = system.servers[index];
  const { hostSwitch, guestSwitch } = system.host;
  if (!isHard(system, server)) {
    const work = server.tasks.map(
      (task) => ceil(x + task.jitter, task.period) * (task.wcet + 2 * guestSwitch + hostSwitch),
    );
    return sum(work) + hostSwitch * sum(before(system, index).map((i) => preemptions(system, i, x)));
  }
  const [period, budget] = [server.period!, server.budget!];
  if (server.policy === "deferrable") return ceil(x + period - budget, period) * budget;
  if (server.policy === "cbs") {
    return x < budget ? x : Math.min(x, budget + Math.floor(((x - budget) * budget) / period));
  }
  return ceil(x, period) * budget;
}

function responseOfServer(system: System, index: number): number | null {
  const server = system.servers[index];
  for (let w = 1; w <= server.period!; w++) {
    if (server.budget! + sum(before(system, index).map((i) => taken(system, i, w))) <= w) return w;
  }
  return null;
}

function edfHost(system: System): boolean {
  const hard = system.servers.filter(({ policy }) => policy !== "dedicated");
  const load = hard.reduce((total, { budget, period }) => total.add(new Fraction(budget!, period!)), new Fraction(0));
  if (load.gt(1)) return false;
  if (!hard.some(({ policy }) => policy === "deferrable")) return true;
  const due = ({ policy, period, budget }: Server, t: number): number => {
    const [p, q] = [period!, budget!];
    if (policy === "deferrable") return Math.max(0, Math.floor((t - q) / p) + 1) * q;
    return policy === "cbs" || policy === "cbs-soft" ? Math.floor((t * q) / p) : Math.floor(t / p) * q;
  };
  for (let t = 1; t <= lcm(hard.map(({ period }) => period!)); t++) {
    if (sum(hard.map((server) => due(server, t))) > t) return false;
  }
  return true;
}

interface ReferenceSupply {
  readonly sbf: Curve;
  readonly rate: Fraction;
  readonly startUp: number;
}

function reservation(server: Server, budget: number, within: number): ReferenceSupply | null {
  if (server.policy === "cbs-soft") return null;
  const period = server.periodMax!;
  let lead = server.policy === "polling" || server.policy === "sporadic" ? period - 1 : period - budget;
  if (server.policy !== "cbs" && server.tasks.length > 0) {
    lead = Math.max(lead, server.offset! - Math.min(...server.tasks.map(({ offset }) => offset)));
  }
  const sbf = (t: number): number => {
    if (t <= lead) return 0;
    const y = Math.floor((t - lead) / period);
    const r = t - lead - y * period;
    return y * budget + Math.min(budget, Math.max(0, r - (within - budget)));
  };
  return { sbf, rate: new Fraction(budget, period), startUp: lead };
}

function supplyOf(system: System, index: number, within: number | null): ReferenceSupply | null {
  const { host, servers } = system;
  const server = servers[index];
  if (host.scheduler === "table") return tableSupply(system, index);
  if (isHard(system, server)) return reservation(server, server.budgetMin!, within ?? server.periodMax!);
  const interfering = host.scheduler === "fp" ? before(system, index) : others(system, index);
  if (host.scheduler === "edf" && interfering.some((i) => ["dedicated", "cbs-soft"].includes(servers[i].policy))) {
    return null;
  }
  const left: number[] = [0];
  const sbf = (t: number): number => {
    for (let u = left.length; u <= t; u++) {
      left.push(Math.max(left[u - 1], u - sum(interfering.map((i) => taken(system, i, u)))));
    }
    return left[t];
  };
  const rate = interfering
    .map((i) => longRun(system, (x) => taken(system, i, x)))
    .reduce((a, b) => a.sub(b), new Fraction(1));
  return { sbf, rate, startUp: Math.max(0, ...interfering.map((i) => servers[i].budget ?? 0)) };
}

function tableSupply({ host }: System, index: number): ReferenceSupply {
  const frame = host.frame!;
  const own = host.windows!.filter(({ server }) => server === index);
  const isSupplied = (tick: number) =>
    own.some(({ start, duration }) => tick % frame >= start && tick % frame < start + duration);
  const sbf = (t: number): number => {
    let least = t;
    for (let from = 0; from < frame; from++) {
      let supplied = 0;
      for (let tick = from; tick < from + t; tick++) if (isSupplied(tick)) supplied++;
      least = Math.min(least, supplied);
    }
    return least;
  };
  return { sbf: memo(sbf), rate: new Fraction(sum(own.map(({ duration }) => duration)), frame), startUp: 0 };
}

function memo(curve: Curve): Curve {
  const known = new Map<number, number>();
  return (t) => {
    const value = known.get(t) ?? curve(t);
    known.set(t, value);
    return value;
  };
}

function hyperperiodOf(system: System): number {
  const periods = system.servers.flatMap(({ period, periodMax, tasks }) => [
    ...(period === null ? [] : [period, periodMax!]),
    ...tasks.map((task) => task.period),
  ]);
  return lcm([...periods, system.host.frame ?? 1]);
}

/** The slope of a curve that repeats with the system's hyperperiod after at most some hundred ticks. */
function longRun(system: System, curve: Curve): Fraction {
  const length = hyperperiodOf(system);
  return new Fraction(curve(1000 + length) - curve(1000), length);
}

interface Guest {
  readonly system: System;
  readonly index: number;
  readonly budget: number | null;
}

const cost = ({ system }: Guest, task: Task): number => task.wcet + 2 * system.host.guestSwitch;

function switchCost({ system, index, budget }: Guest): Curve {
  const { hostSwitch } = system.host;
  return hostSwitch === 0 ? () => 0 : (t) => hostSwitch * switches(system, index, budget, t);
}

/** R_i, or null. */
function responseBound(guest: Guest, task: Task, higher: readonly Task[], supply: ReferenceSupply): number | null {
  const switching = switchCost(guest);
  const slope = [task, ...higher]
    .map((each) => new Fraction(cost(guest, each), each.period))
    .reduce(
      (a, b) => a.add(b),
      guest.system.host.hostSwitch === 0 ? new Fraction(0) : longRun(guest.system, switching),
    );
  if (slope.gt(supply.rate)) return null;
  const request = (q: number, t: number): number =>
    (q + 1) * cost(guest, task) +
    sum(higher.map((each) => ceil(t + each.jitter, each.period) * cost(guest, each))) +
    switching(t);
  const last = slope.equals(supply.rate)
    ? ceil(supply.startUp + task.jitter + hyperperiodOf(guest.system), task.period) + 1
    : Number.POSITIVE_INFINITY;
  let bound = 0;
  let t = 1;
  for (let q = 0; q <= last; q++) {
    while (request(q, t) > supply.sbf(t)) t++;
    bound = Math.max(bound, t - q * task.period + task.jitter);
    if (t <= (q + 1) * task.period - task.jitter) break;
  }
  return bound;
}

function meetsDeadlines(guest: Guest, supply: ReferenceSupply): boolean {
  const { system, index } = guest;
  const { tasks } = system.servers[index];
  if (tasks.length === 0) return true;
  const switching = switchCost(guest);
  const due = (t: number): number =>
    sum(
      tasks.map(
        (task) => Math.max(0, Math.floor((t + task.jitter - task.deadline) / task.period) + 1) * cost(guest, task),
      ),
    );
  const slope = tasks
    .map((task) => new Fraction(cost(guest, task), task.period))
    .reduce((a, b) => a.add(b), system.host.hostSwitch === 0 ? new Fraction(0) : longRun(system, switching));
  if (slope.gt(supply.rate) || due(0) > 0) return false;
  const isDeadline = (t: number) =>
    tasks.some((task) => t >= task.deadline - task.jitter && (t - task.deadline + task.jitter) % task.period === 0);
  const until = Math.max(supply.startUp, ...tasks.map(({ deadline }) => deadline)) + hyperperiodOf(system);
  for (let t = 1; t <= until; t++) {
    if (isDeadline(t) && due(t) + switching(t) > supply.sbf(t)) return false;
  }
  return true;
}

type TaskResult = ReferenceResult["tasks"][number];

const UNKNOWN: TaskResult = { schedulable: "unknown", response_bound: null };

/** Section 2: each task by the guest's own test. */
function byDemand(guest: Guest, supply: ReferenceSupply | null): TaskResult[] {
  const server = guest.system.servers[guest.index];
  const { tasks, scheduler } = server;
  if (scheduler === "fifo" || supply === null) return tasks.map(() => UNKNOWN);
  if (scheduler === "edf") {
    const isMet = meetsDeadlines(guest, supply);
    return tasks.map(({ onMiss, deadline, period }) => {
      const schedulable = isMet && onMiss === "skip" && deadline > period ? ("unknown" as const) : isMet;
      return { schedulable, response_bound: null };
    });
  }
  const key = (task: Task) =>
    server.priorities === "rm" ? task.period : server.priorities === "dm" ? task.deadline : task.priority!;
  return tasks.map((task, place) => {
    const higher = tasks.filter((each, other) => key(each) < key(task) || (key(each) === key(task) && other < place));
    const bound = responseBound(guest, task, higher, supply);
    const latest = task.onMiss === "skip" ? Math.min(task.deadline, task.period) : task.deadline;
    return { schedulable: bound !== null && bound <= latest, response_bound: bound };
  });
}

/** Section 8: one job of each task at once. */
function byBacklog(guest: Guest, supply: ReferenceSupply | null): TaskResult[] {
  const { system, index } = guest;
  const { tasks, scheduler } = system.servers[index];
  if (supply === null || tasks.length === 0) return tasks.map(() => UNKNOWN);
  const switching = switchCost(guest);
  const factor = scheduler !== "fifo" && tasks.length > 1 ? 2 : 1;
  const work = sum(tasks.map(({ wcet }) => wcet + factor * system.host.guestSwitch));
  for (let v = 1; v <= Math.min(...tasks.map(({ period, jitter }) => period - jitter)); v++) {
    if (work + switching(v) > supply.sbf(v)) continue;
    return tasks.map(({ jitter, deadline }) => ({ schedulable: jitter + v <= deadline, response_bound: jitter + v }));
  }
  return tasks.map(() => (scheduler === "fifo" ? { schedulable: false, response_bound: null } : UNKNOWN));
}

/** The budget of section 7 with which the only task of a server has the given work, and its response; null without. */
function alone(system: System, index: number): { work: number; span: number } | null {
  const { host, servers } = system;
  const { policy, period, offset, tasks } = servers[index];
  const isCounted = policy === "sporadic" || policy === "cbs" || (policy === "cbs-soft" && host.scheduler === "edf");
  if (!isCounted || tasks.length !== 1) return null;
  const [task] = tasks;
  if (task.period - task.jitter < period! || (policy === "sporadic" && offset! > task.offset)) return null;
  const above =
    host.scheduler === "fp"
      ? before(system, index)
      : others(system, index).filter((i) => servers[i].policy !== "dedicated");
  const work = (x: number) =>
    task.wcet + host.guestSwitch + host.hostSwitch * (1 + sum(above.map((i) => preemptions(system, i, x))));
  if (host.scheduler === "edf") return { work: work(period!), span: period! };
  for (let w = 1; w <= period!; w++) {
    if (work(w) + sum(above.map((i) => taken(system, i, w))) <= w) return { work: work(w), span: w };
  }
  return null;
}

function byOwnReservation({ system, index, budget }: Guest): TaskResult[] {
  const { tasks } = system.servers[index];
  const own = alone(system, index);
  if (own === null || own.work > budget!) return tasks.map(() => UNKNOWN);
  const early = system.host.scheduler === "edf" ? budget! - own.work : 0;
  const bound = tasks[0].jitter + own.span - early;
  return [{ schedulable: bound <= tasks[0].deadline, response_bound: bound }];
}

function together(tests: readonly TaskResult[][]): TaskResult[] {
  return tests[0].map((_, place) => {
    const found = tests.map((results) => results[place]);
    const bounds = found.flatMap(({ response_bound }) => (response_bound === null ? [] : [response_bound]));
    const says = (verdict: boolean) => found.some(({ schedulable }) => schedulable === verdict);
    return {
      schedulable: says(true) ? true : says(false) ? false : "unknown",
      response_bound: bounds.length === 0 ? null : Math.min(...bounds),
    };
  });
}

function minBudget(system: System, index: number): number | null {
  const server = system.servers[index];
  if (!isHard(system, server) || server.tasks.length === 0) return null;
  const own = alone(system, index);
  const [{ deadline, jitter }] = server.tasks;
  let needed: number | null = null;
  if (own !== null && system.host.scheduler === "fp" && jitter + own.span <= deadline) needed = own.work;
  if (own !== null && system.host.scheduler === "edf") needed = own.work + Math.max(0, jitter + own.span - deadline);
  for (let budget = 1; budget <= server.period!; budget++) {
    if (budget === needed) return budget;
    const guest = { system, index, budget };
    const supply = reservation(server, budget, server.periodMax!);
    const passed = together([byDemand(guest, supply), byBacklog(guest, supply)]);
    if (passed.every(({ schedulable }) => schedulable === true)) return budget;
  }
  return null;
}

function guestVerdicts(guest: Guest, supply: ReferenceSupply | null): TaskResult[] {
  return together([byDemand(guest, supply), byBacklog(guest, supply), byOwnReservation(guest)]);
}

/** Analyses a small system. */
export function reference(system: System, edp: boolean): ReferenceResult {
  const { scheduler } = system.host;
  const edfVerdict = scheduler === "edf" && edfHost(system);
  const servers: ReferenceResult["servers"][number][] = [];
  const tasks: ReferenceResult["tasks"][number][] = [];
  for (const [index, server] of system.servers.entries()) {
    const hasResponse = scheduler === "fp" && isHard(system, server);
    const response = hasResponse ? responseOfServer(system, index) : null;
    const schedulable = scheduler === "edf" ? edfVerdict : !hasResponse || response !== null;
    const supply = schedulable ? supplyOf(system, index, edp ? response : null) : null;
    let blackout: number | null = null;
    if (supply?.rate.gt(0)) {
      blackout = 0;
      while (supply.sbf(blackout + 1) === 0) blackout++;
    }
    servers.push({ schedulable, response, sbf_blackout: blackout, min_budget: minBudget(system, index) });
    tasks.push(
      ...(schedulable
        ? guestVerdicts({ system, index, budget: server.budget }, supply)
        : server.tasks.map(() => ({ schedulable: false, response_bound: null }))),
    );
  }
  return { host: servers.every(({ schedulable }) => schedulable), servers, tasks };
}
