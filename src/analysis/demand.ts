// The demand of a guest (analysis.md section 2): request bounds under fixed priorities, demand bounds under EDF, both
// with the cost of switches: 2 g on each job, h n(t) on the whole.

import type { Server, Task } from "../model/system.js";
import { add, BEYOND, multiply, type Ratio, ratio, withinTime } from "../numbers/integers.js";
import { Staircase } from "./staircase.js";

/** A task as the demand sees it. */
export interface DemandTask {
  /** Its place in the server's list of tasks. */
  readonly index: number;
  readonly period: number;
  readonly deadline: number;
  readonly jitter: number;
  /** The worst-case execution time with the switches around each job. */
  readonly wcet: number;
  /** The latest response that is in time: the deadline; with `skip` also the next arrival, that would be dropped. */
  readonly latest: number;
  readonly onMiss: Task["onMiss"];
}

/** The server's tasks in file order, with `guestSwitch` on each job: one switch in and one back to whom it preempted. */
function demandTasks(server: Server, guestSwitch: number): DemandTask[] {
  return server.tasks.map((task, index) => ({
    index,
    period: task.period,
    deadline: task.deadline,
    jitter: task.jitter,
    wcet: task.wcet + 2 * guestSwitch,
    latest: task.onMiss === "skip" ? Math.min(task.deadline, task.period) : task.deadline,
    onMiss: task.onMiss,
  }));
}

const URGENCIES: Readonly<Record<NonNullable<Server["priorities"]>, (task: Task) => number>> = {
  rm: ({ period }) => period,
  dm: ({ deadline }) => deadline,
  explicit: ({ priority }) => priority ?? Number.MAX_SAFE_INTEGER,
};

/** Smaller is more urgent: rate monotonic, deadline monotonic [Leung & Whitehead 1982] or the given number. */
function urgency(server: Server, task: Task): number {
  return server.priorities === null ? 0 : URGENCIES[server.priorities](task);
}

/** Request bounds under fixed priorities [Lehoczky, RTSS 1990], levels numbered from the highest priority, 0. */
export class FixedPriorityDemand {
  readonly tasks: readonly DemandTask[];
  /** For every level the utilisation of levels 0..level, with the cost of switches. */
  readonly rates: readonly Ratio[];
  private readonly requests: Staircase;
  private readonly switchSteps: number;

  /** `switches` is h n(t) for this server, `guestSwitch` g, in ticks. */
  constructor(server: Server, guestSwitch: number, switches: Staircase) {
    this.tasks = demandTasks(server, guestSwitch).sort(
      (a, b) => urgency(server, server.tasks[a.index]) - urgency(server, server.tasks[b.index]) || a.index - b.index,
    );
    const steps = this.tasks.map(({ period, jitter, wcet }) => ({ period, jitter, height: wcet }));
    this.requests = new Staircase([...switches.steps, ...steps], switches.constant);
    this.switchSteps = switches.steps.length;
    let sum = switches.rate();
    this.rates = this.tasks.map(({ wcet, period }) => {
      sum = add(sum, ratio(wcet, period));
      return sum;
    });
  }

  /** rbf(q, t): q + 1 jobs of the level's task and all that is more urgent, requested in t > 0 ticks. */
  request(level: number, job: number, t: number): number {
    return withinTime((job + 1) * this.tasks[level].wcet + this.requests.at(t, this.switchSteps + level));
  }

  /** The hyperperiod of levels 0..level. */
  hyperperiod(level: number): number {
    return this.requests.hyperperiod(this.switchSteps + level + 1);
  }
}

/** The demand bound under EDF [Baruah, Rosier & Howell, Real-Time Systems 1990], with jitter. */
export class DeadlineDemand {
  readonly tasks: readonly DemandTask[];
  /** The utilisation, with the cost of switches. */
  readonly rate: Ratio;
  /** An e with at(t) <= rate * t + e: the sum of U_i max(0, T_i + J_i - D_i), and what switches exceed their rate. */
  readonly excess: Ratio;
  /** From this t on at(t + hyperperiod) = at(t) + rate * hyperperiod. */
  readonly startUp: number;
  /** `BEYOND` past the end of time. */
  readonly hyperperiod: number;
  private readonly switches: Staircase;
  /** For every task the first instant at which demand falls due: deadline - jitter. */
  private readonly firsts: readonly number[];

  /** `switches` is h n(t) for this server, `guestSwitch` g, in ticks. */
  constructor(server: Server, guestSwitch: number, switches: Staircase) {
    this.tasks = demandTasks(server, guestSwitch);
    this.switches = switches;
    this.firsts = this.tasks.map(({ deadline, jitter }) => deadline - jitter);
    const steps = this.tasks.map(({ period, jitter, wcet }) => ({ period, jitter, height: wcet }));
    const all = new Staircase([...switches.steps, ...steps]);
    this.rate = all.rate();
    this.hyperperiod = all.hyperperiod();
    this.startUp = this.tasks.reduce((latest, { period }, i) => Math.max(latest, this.firsts[i] - period), 0);
    this.excess = this.tasks.reduce((sum, { wcet, period }, i) => {
      const ahead = Math.max(0, period - this.firsts[i]);
      return ahead === 0 ? sum : add(sum, multiply(ratio(wcet, period), ratio(ahead, 1)));
    }, switches.excess());
  }

  /** dbf(t) + h n(t): the work of jobs released and due within t > 0 ticks, with the cost of switches. */
  at(t: number): number {
    return withinTime(this.due(t) + this.switches.at(t));
  }

  /** dbf(t): the work of jobs released and due within t >= 0 ticks. */
  due(t: number): number {
    let sum = 0;
    for (let i = 0; i < this.tasks.length; i++) {
      const since = t - this.firsts[i];
      if (since >= 0) sum += (Math.floor(since / this.tasks[i].period) + 1) * this.tasks[i].wcet;
    }
    return withinTime(sum);
  }

  /** The last instant before t at which demand falls due, 0 if there is none. */
  lastBefore(t: number): number {
    let last = 0;
    for (let i = 0; i < this.tasks.length; i++) {
      const first = this.firsts[i];
      const { period } = this.tasks[i];
      if (first < t) last = Math.max(last, first + Math.floor((t - 1 - first) / period) * period);
    }
    return last;
  }

  /** The first instant after t at which demand falls due; `BEYOND` past the end of time. */
  firstAfter(t: number): number {
    let next = BEYOND;
    for (let i = 0; i < this.tasks.length; i++) {
      const first = this.firsts[i];
      const { period } = this.tasks[i];
      next = Math.min(next, first > t ? first : first + (Math.floor((t - first) / period) + 1) * period);
    }
    return withinTime(next);
  }
}

/** The demand of a guest that has a test. */
export type Demand = FixedPriorityDemand | DeadlineDemand;
