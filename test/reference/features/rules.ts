// The rules of semantics.md section 10.8 that a scenario breaks, in words: written apart from what makes the scenarios.

import type { AnyHost, AnyPolicy, AnyScenario, AnyServer, AnyTask } from "../types.js";
import { POLICIES_OF } from "./traits.js";

const COMMON = ["name", "policy", "tasks", "priority", "scheduler", "priorities", "clock"];
const PERIODIC = ["period", "budget", "offset", "period_max", "budget_min", "background", "latency"];
const ENFORCED = ["enforce_every", "enforce_phase", "overrun", "enforce_cost"];

const FIELDS: Readonly<Record<AnyPolicy, readonly string[]>> = {
  dedicated: ["deadline", "latency"],
  idling: [...PERIODIC, ...ENFORCED, "lend", "deadline"],
  polling: [...PERIODIC, ...ENFORCED, "deadline"],
  deferrable: [...PERIODIC, ...ENFORCED, "deadline"],
  sporadic: ["period", "budget", "offset", "max_replenishments", "background", "latency", "deadline"],
  cbs: ["period", "budget", "background", "latency", ...ENFORCED, "deadline", "reclaim", "feedback"],
  "cbs-soft": ["period", "budget", "latency", "feedback"],
  recorded: ["windows"],
  fair: ["weight", "latency"],
  "sporadic-posix": ["period", "budget", "max_replenishments", "background"],
  rtds: ["period", "budget", "extratime"],
  tbs: ["utilization"],
  cus: ["utilization"],
  sedf: ["period", "budget", "extratime", "extraweight"],
  credit: ["weight", "cap", "realtime", "laxity"],
};

const HOST_FIELDS: Readonly<Record<string, readonly string[]>> = {
  fp: ["fair", "bandwidth"],
  edf: ["fair", "bandwidth"],
  table: ["frame", "windows"],
  sedf: ["extra_quantum"],
  credit: ["slice", "tick", "ratelimit", "credits", "accounting"],
};

type Rule = readonly [name: string, isBroken: boolean];

const broken = (rules: readonly Rule[]): string[] => rules.filter(([, isBroken]) => isBroken).map(([name]) => name);

const unknown = (given: object, allowed: readonly string[]): boolean =>
  Object.keys(given).some((field) => !allowed.includes(field));

export function problemsOf({ host = {}, servers }: AnyScenario): string[] {
  return [
    ...hostProblems(host, servers),
    ...servers.flatMap((server) => [
      ...serverProblems(server, host),
      ...(server.tasks ?? []).flatMap((task) => taskProblems(task, server)),
    ]),
  ];
}

function hostProblems(host: AnyHost, servers: readonly AnyServer[]): string[] {
  const { scheduler = "fp", slice = 1, tick = 1, ratelimit = 0 } = host;
  const costs = ["scheduler", "host_switch", "guest_switch", "release_cost", "replenish_cost"];
  const isMember = (server: AnyServer) =>
    server.policy === "fair" || (server.background !== undefined && "weight" in server.background);
  const reclaims = servers.some((server) => server.reclaim);
  const constant = servers.filter(({ policy }) => policy === "cbs");
  const { max = [1, 1], reserved = [0, 1] } = host.bandwidth ?? {};
  const promised = constant.reduce((total, { period, budget }) => total + budget! / period!, reserved[0] / reserved[1]);
  return broken([
    ["host field", unknown(host, [...costs, ...HOST_FIELDS[scheduler]!])],
    ["fair", (host.fair !== undefined) !== servers.some(isMember)],
    ["bandwidth", host.bandwidth !== undefined && !reclaims],
    ["more is promised than there is", reclaims && promised > max[0] / max[1] + 1e-9],
    ["extra_quantum", (host.extra_quantum !== undefined) !== (scheduler === "sedf")],
    ["slice", (host.slice !== undefined) !== (scheduler === "credit") || tick > slice || ratelimit > slice],
    ["reclaim beside feedback", reclaims && constant.some((server) => server.feedback !== undefined)],
  ]);
}

function serverProblems(server: AnyServer, { scheduler = "fp" }: AnyHost): string[] {
  const { policy = "dedicated", period = 1, budget = 1, latency, feedback, deadline, clock = "host" } = server;
  const isEnforced = server.enforce_every !== undefined || server.reclaim === true;
  const { wake = [0, 0], replenish = [0, 0] } = latency ?? {};
  const [lowest, highest] = [feedback?.lowest ?? budget, feedback?.highest ?? budget];
  const end = typeof deadline === "number" ? deadline : period;
  const classes = scheduler === "fp" || scheduler === "edf";
  const isFifo = policy === "tbs" || policy === "cus";
  return broken([
    ["policy", !POLICIES_OF[scheduler].includes(policy) || (server.policy === undefined && scheduler !== "table")],
    ["server field", unknown(server, [...COMMON, ...FIELDS[policy]])],
    ["priorities", server.priorities !== undefined && (server.scheduler ?? "fp") !== "fp"],
    ["fifo", isFifo && server.scheduler !== "fifo"],
    ["budget", budget > period || budget < (server.extratime && server.extraweight !== undefined ? 0 : 1)],
    ["background", server.background !== undefined && Object.keys(server.background).length !== 1],
    ["phase", (server.enforce_phase ?? 0) >= (server.enforce_every ?? 1)],
    [
      "beside enforcement",
      !isEnforced && (server.overrun ?? server.enforce_phase ?? server.enforce_cost) !== undefined,
    ],
    [
      "deadline",
      policy === "cbs" ? deadline === "guest" || end < budget || end > period : typeof deadline === "number",
    ],
    ["deadline of the guest", deadline === "guest" && scheduler !== "edf"],
    ["feedback", feedback !== undefined && (lowest < 1 || lowest > budget || highest < budget || highest > end)],
    ["clock", clock === "execution" && scheduler !== "table" && policy !== "idling" && policy !== "recorded"],
    ["clock beside", clock !== "host" && (deadline === "guest" || (feedback ?? latency) !== undefined)],
    ["latency", latency !== undefined && Object.keys(latency).length === 0],
    [
      "latency of wake-ups",
      wake[0] < 0 || wake[0] > wake[1] || (latency?.wake !== undefined && !hasWake(policy, classes)),
    ],
    ["latency of replenishments", latency?.replenish !== undefined && !hasReplenishment(policy)],
    ["latency below the period", replenish[0] > replenish[1] || (replenish[1] > 0 && replenish[1] >= period)],
    ["extraweight", server.extraweight !== undefined && server.extratime !== true],
    ["laxity", server.laxity !== undefined && server.realtime === true],
  ]);
}

const hasWake = (policy: AnyPolicy, classes: boolean): boolean =>
  classes && ["dedicated", "deferrable", "sporadic", "cbs", "cbs-soft", "fair"].includes(policy);

const hasReplenishment = (policy: AnyPolicy): boolean => ["idling", "polling", "deferrable", "cbs"].includes(policy);

const TASK_FIELDS = {
  period: ["period", "wcet", "bcet", "offset", "jitter", "period_max", "execution", "sporadic"],
  jobs: ["jobs", "wcet", "bcet", "execution"],
  think: ["think", "think_max", "wcet", "bcet", "offset", "execution"],
};

function taskProblems(task: AnyTask, { clock = "host", priorities }: AnyServer): string[] {
  const kinds = (["period", "jobs", "think"] as const).filter((kind) => task[kind] !== undefined);
  const { wcet = 1, bcet = wcet, jobs = [], think = 0, think_max = think, period = 1, deadline = period } = task;
  const needsHostClock = kinds[0] !== "period" || task.on_miss === "shift";
  return broken([
    ["kind", kinds.length !== 1],
    ["task field", unknown(task, ["name", "deadline", "priority", "on_miss", ...TASK_FIELDS[kinds[0] ?? "period"]])],
    ["priority", (task.priority !== undefined) !== (priorities === "explicit")],
    ["clock", clock !== "host" && needsHostClock],
    ["shift", task.on_miss === "shift" && kinds[0] !== "period"],
    ["times", wcet < 1 || bcet < 1 || bcet > wcet || think < 0 || think_max < think || deadline < 1],
    ["sporadic", !isSporadic(task)],
    ["execution", !isExecution(task.execution, bcet, wcet)],
    ["wcet", (task.wcet === undefined) !== (kinds[0] === "jobs" && jobs.every(({ work }) => work !== undefined))],
    ["jitter", (task.jitter ?? 0) > period || ((task.jitter ?? 0) > 0 && task.jitter! >= deadline)],
    ["jobs", kinds[0] === "jobs" && jobs.length === 0],
    ["jobs in order", jobs.some(({ at, work }, i) => at < (jobs[i - 1]?.at ?? 0) || (work ?? 1) < 1)],
  ]);
}

/** Whether the distribution has the fields that it has, between the bounds. */
function isExecution(execution: AnyTask["execution"], bcet: number, wcet: number): boolean {
  if (execution === undefined) return true;
  if ("empirical" in execution)
    return execution.empirical.length > 0 && execution.empirical.every((time) => time >= bcet && time <= wcet);
  const { distribution, mean = bcet, short = bcet, long = wcet, share = [0, 1], shape = [1, 1] } = execution;
  const fields = Object.keys(execution).slice(1).sort().join(" ");
  const times = [bcet, mean, wcet].every((time, i, all) => i === 0 || all[i - 1]! <= time);
  const modes = [bcet, short, long, wcet].every((time, i, all) => i === 0 || all[i - 1]! <= time);
  const least = Math.min(execution.deviation ?? 1, execution.scale ?? 1, ...shape);
  return EXECUTIONS[distribution].test(fields) && times && modes && share[0] <= share[1] && least >= 1;
}

const EXECUTIONS = {
  uniform: /^$/,
  constant: /^(mean)?$/,
  "truncated-normal": /^deviation mean$/,
  exponential: /^mean$/,
  weibull: /^scale shape$/,
  bimodal: /^(long )?share( short)?$/,
} as const;

function isSporadic({ sporadic, period = 1, period_max: longest = 0 }: AnyTask): boolean {
  if (sporadic === undefined) return true;
  const { distribution, mean } = sporadic;
  if (distribution === "uniform") return mean === undefined && longest >= period;
  return mean !== undefined && period <= mean && mean <= longest;
}
