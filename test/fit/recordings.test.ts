// The recordings: what `fit` finds in them against what was measured, and a guest driven by the supply it found.

import { Readable } from "node:stream";
import { describe, expect, test } from "vitest";
import { type Fit, fitTrace } from "../../src/fit/fit.js";
import { type RecordedSupply, recordedScenario, recordedSupply } from "../../src/fit/measure/recorded.js";
import { fitJson } from "../../src/fit/write/json.js";
import { simulateObject } from "../support/simulate.js";
import { type GuestTask, replay } from "./guest.js";
import { fitRecorded, RECORDED, recordingText, type TrueResponse, type Truth } from "./recording.js";

const named = RECORDED.map(([name, truth]) => [name.replace(".trace", ""), truth.pids.join("+"), name, truth] as const);

function fitInterval(name: string, truth: Truth): Promise<Fit> {
  return fitRecorded(name, { threads: truth.pids, together: true, from: truth.from_s, to: truth.to_s });
}

/** Relative difference. */
function off(found: number, truth: number): number {
  return Math.abs(found / truth - 1);
}

describe.each(named)("%s, VM %s", (_title, _pids, name, truth) => {
  test("has the supply, windows, blackout and migrations that were measured", async () => {
    const json = fitJson(await fitInterval(name, truth));
    expect(json.supply).toBeCloseTo(truth.supply_ms, 6);
    expect(json.share).toBeCloseTo(truth.share, 3);
    expect(json.blackout_max).toBeCloseTo(truth.blackout_max_ms, 6);
    expect(json.migrations).toBe(truth.migrations);
    expect(json.switches_lost).toBe(truth.switches_lost);
    expect(json.windows).toStrictEqual({ ...truth.windows, mean: expect.closeTo(truth.windows.mean, 3) });
    expect(json.gaps.max).toBe(json.blackout_max);
  });

  test("is found without being told when it was measured", async () => {
    const json = fitJson(await fitRecorded(name, { threads: truth.pids, together: true }));
    expect(off(json.share, truth.share)).toBeLessThan(0.01);
    expect(off(json.blackout_max, truth.blackout_max_ms)).toBeLessThan(0.02);
  });

  test("gives its tasks the response times that the guest saw", async () => {
    const supply = recordedSupply((await fitInterval(name, truth)).timeline);
    const tasks = await measuredTasks(name, truth, supply);
    for (const [i, responses] of replay(supply, tasks).entries()) {
      const { response } = Object.values(truth.tasks)[i];
      if (response !== null) expectAlike(responses, response);
    }
  });
});

test("says the same as ftrace text and as trace-cmd report prints it", async () => {
  const [name, truth] = RECORDED[0];
  const long =
    /sched_switch: prev_comm=(.*) prev_pid=(\d+) prev_prio=(\S+) prev_state=(\S+) ==> next_comm=(.*) next_pid=(\d+) next_prio=(\S+)/g;
  const text = recordingText(name)
    .replace(long, "sched_switch:         $1:$2 [$3] $4 ==> $5:$6 [$7]")
    .replace(/(\.\d{6}): /g, "$1000: ");
  expect(text).toContain(":8950 [-1] R ==> ");
  const report = await fitTrace(Readable.from([Buffer.from(`cpus=2\n${text}`)]), {
    threads: truth.pids,
    together: true,
  });
  expect(fitJson(report)).toStrictEqual(fitJson(await fitRecorded(name, { threads: truth.pids, together: true })));
});

describe("the period and budget", () => {
  test.each([
    ["kvm_deadline_4_12_paper", 12, 4, 0.28, "enforced as configured"],
    ["kvm_timer_server_10_12_paper", 12, 10, 0.06, "enforced as configured"],
    ["deadline_10_12_paper", 24, 20, 0.14, "10 of 12 noticed at the 4 ms tick: 20 on, 4 off"],
    ["deadline_10_12_paper_migrating", 24, 20, 0.03, "the same"],
    ["deadline_4_12_light", 12, 4, 0.02, "after the first budget of a busy time, which is overrun"],
  ])("%s: %d and %d, short of the bound by less than %d, %s", async (title, period, budget, deficit) => {
    for (const given of [true, false]) {
      const [name, truth] = RECORDED.find((each) => each[0] === `${title}.trace`)!;
      const interval = given ? { from: truth.from_s, to: truth.to_s } : {};
      const json = fitJson(await fitRecorded(name, { threads: truth.pids, together: true, ...interval }));
      expect(off(json.period!, period)).toBeLessThan(0.01);
      expect(off(json.budget!, budget)).toBeLessThan(0.03);
      // No real server keeps the bound of its own best fit to the microsecond.
      expect(json.fit.sbf_deficit_max).toBeGreaterThan(0);
      expect(json.fit.sbf_deficit_max).toBeLessThan(deficit);
    }
  });

  test.each([
    ["kvm_fair_paper", 0, "no server: windows of a tick, gaps as the others leave them"],
    ["rtgroup_4_12_light", 0, "a budget noticed late varies from period to period"],
    ["two_deadline_servers", 0, "two servers, both noticed late"],
    ["two_deadline_servers", 1, "two servers, both noticed late"],
  ])("%s (VM %d): none, %s", async (title, machine) => {
    const [name, truth] = RECORDED.filter((each) => each[0] === `${title}.trace`)[machine];
    const json = fitJson(await fitInterval(name, truth));
    expect([json.period, json.budget]).toStrictEqual([null, null]);
    expect(json.fit.same_period).toBeGreaterThan(0);
  });
});

describe("the scenario of a recording, in the kernel", () => {
  test.each(named)(
    "%s, VM %s: replays the windows as the guest does, and as they were",
    async (_title, _pids, name, truth) => {
      const supply = recordedSupply((await fitInterval(name, truth)).timeline);
      const tasks = await measuredTasks(name, truth, supply);
      const { tick, scenario } = recordedScenario(
        supply,
        tasks.flatMap((task, i) => jobsAsTasks(task, i, supply.span)),
        { guest: { priorities: "explicit" } },
      );
      expect(tick).toBe("1us");
      const responses = responsesOf(simulateObject(scenario).tasks, tasks.length);
      expect(responses).toStrictEqual(replay(withSlack(supply, 1_000_000), tasks));
      for (const [i, { response }] of Object.values(truth.tasks).entries())
        if (response !== null) expectAlike(responses[i], response);
    },
  );
});

/** Every job as a task of its own that arrives once, so that each has the execution time that it had. */
function jobsAsTasks(task: GuestTask, number: number, span: number): Record<string, unknown>[] {
  const horizon = span / 1000;
  return Array.from({ length: Math.ceil(horizon / task.period) }, (_, k) => {
    const once = { period: horizon, offset: k * task.period, wcet: Math.round(task.demand(k)) };
    return { name: `${number} ${k}`, ...once, priority: number + 1 };
  });
}

/** The response times of the completed jobs, by task. */
function responsesOf(rows: { name: string; response_max: number | null }[], count: number): number[][] {
  const responses: number[][] = Array.from({ length: count }, () => []);
  for (const { name, response_max } of rows)
    if (response_max !== null) responses[Number(name.split(" ")[0])].push(response_max);
  return responses;
}

function expectAlike(responses: readonly number[], truth: TrueResponse): void {
  const mean = responses.reduce((sum, each) => sum + each, 0) / responses.length / 1000;
  expect(responses.length).toBe(truth.n);
  expect(off(mean, truth.mean)).toBeLessThan(0.03);
  expect(off(Math.max(...responses) / 1000, truth.max)).toBeLessThan(0.1);
}

/** The recorded windows as the scenario has them: prolonged where the VM fell asleep, and then ended by the host. */
function withSlack(supply: RecordedSupply, slack: number): RecordedSupply {
  const windows = supply.windows.map(([start, duration, ended], i) => {
    const free = (supply.windows[i + 1]?.[0] ?? supply.span) - start;
    return [start, ended === "asleep" ? Math.min(free, duration + slack) : duration, "cut"] as const;
  });
  return { span: supply.span, windows };
}

/**
 * The tasks as they ran: a job takes a little more than the wcet it was given, and by how much decides whether it still
 * fits into a window. Where the guest wrote into the trace: each job's time on the CPU between its marks. Where the host
 * sees no guest (KVM): such that the least response is the one in the guest's log.
 */
async function measuredTasks(name: string, truth: Truth, supply: RecordedSupply): Promise<GuestTask[]> {
  const measured = await markedDemand(name, truth);
  const tasks = Object.entries(truth.tasks).map(([task, { period, wcet }]) => ({
    period: period * 1000,
    jobs: measured.get(task) ?? [],
    usual: wcet * 1000,
  }));
  const guests = tasks.map(
    (task): GuestTask => ({
      period: task.period,
      demand: (k) => task.jobs[k] ?? task.usual,
    }),
  );
  for (const [i, { response }] of Object.values(truth.tasks).entries()) {
    const { jobs } = tasks[i];
    const seen = jobs.filter((each) => each !== undefined).sort((a, b) => a - b);
    if (seen.length > 0) tasks[i].usual = seen[seen.length >> 1];
    else if (response !== null) {
      let [least, most] = [Math.round(tasks[i].usual * 0.9), Math.round(tasks[i].usual * 1.2)];
      while (least < most) {
        tasks[i].usual = (least + most) >> 1;
        if (Math.min(...replay(supply, guests)[i]) < Math.round(response.min * 1000)) least = tasks[i].usual + 1;
        else most = tasks[i].usual;
      }
      tasks[i].usual = least;
    }
  }
  return guests;
}

/**
 * For each task the time in us that each job took: what the VM's thread ran between its marks (guest_start, _preempt,
 * _resume, _complete), or, where every task is a thread of its own, all that this thread ran since its job before.
 */
async function markedDemand(name: string, truth: Truth): Promise<Map<string, number[]>> {
  const demand = new Map<string, number[]>();
  const marks = /-(\d+) +\[\d+\] \S+ +(\d+)\.(\d{6}): tracing_mark_write: guest_(\w+): task=(\w+) job=(\d+)/g;
  const ownThreads = truth.pids.length > 1;
  const turns = new Map<number, Fit>();
  for (const pid of truth.pids) turns.set(pid, await fitRecorded(name, { threads: [pid], from: 0 }));
  const since = new Map<string, number>();
  const ran = new Map<string, number>();
  for (const [, pid, seconds, micro, event, task, job] of recordingText(name).matchAll(marks)) {
    const fit = turns.get(Number(pid));
    if (fit === undefined) continue;
    const origin = Math.floor(Number(fit.from));
    const now = (Number(seconds) - origin) * 1_000_000_000 + Number(micro) * 1000;
    const key = ownThreads ? task : `${task} ${job}`;
    if (event === "start" || event === "resume") since.set(key, (ownThreads ? since.get(key) : undefined) ?? now);
    else if (event === "preempt" || event === "complete") {
      ran.set(key, (ran.get(key) ?? 0) + ranBetween(fit, since.get(key) ?? now, now) / 1000);
      since.set(key, now);
      if (event === "preempt") continue;
      const jobs = demand.get(task) ?? [];
      demand.set(task, jobs);
      jobs[Number(job)] = ran.get(key)!;
      ran.delete(key);
    }
  }
  return demand;
}

function ranBetween({ timeline: { windows } }: Fit, from: number, to: number): number {
  let ran = 0;
  for (let i = 0; i < windows.length; i++)
    ran += Math.max(0, Math.min(to, windows.ends[i]) - Math.max(from, windows.starts[i]));
  return ran;
}
