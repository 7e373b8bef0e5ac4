// A flat scenario and its names as the analysis takes it: every default of semantics.md section 2 filled in. The kernel
// fills in the same defaults for itself; nothing else does.

import * as abi from "../../assembly/abi.js";
import { ON_MISS, PRIORITIES, serverAt, taskAt, windowAt } from "../model/fields.js";
import { GUEST_DEFAULT, GUESTS, guestFacts } from "../model/guests.js";
import { HOST_DEFAULT, HOSTS, type HostScheduler, hostFacts } from "../model/hosts.js";
import { factsOf, POLICIES, type Policy, policiesUnder, takes } from "../model/policies.js";
import type { Host, More, Server, System, Task, Window } from "../model/system.js";
import { saysSeveral } from "./check/several.js";
import { observedTimes } from "./observed.js";
import { type Scenario, topmost } from "./scenario.js";
import { severalOf } from "./several.js";
import { distributionsOf, moreOf } from "./write.js";

/**
 * The system that a valid scenario describes; times as in the flat array (ticks, or steps of a sweep's resolution).
 * @param scenario accepted by checkScenario; it is read, not kept
 */
export function resolveScenario({ flat, names }: Scenario): System {
  const host = hostOf(flat);
  let task = 0;
  let window = Math.max(0, flat[abi.IN_HEADER_WINDOWS]);
  const written = moreOf({ flat, names });
  const observed = observedTimes(flat);
  const servers = names.map(({ name, tasks, vcpu }, number) => {
    const at = serverAt(number);
    const guest = tasks.map((taskName) => {
      const more = written?.tasks[task];
      const own = taskOf(flat, taskAt(names.length, task), taskName, observed.get(task));
      task++;
      return more === undefined ? own : withoutPeriod(own, more);
    });
    const policy = policyOf(flat[at + abi.IN_SERVER_POLICY], host.scheduler);
    const more = written?.servers[number];
    const plain = serverOf(flat, at, number, name, policy, guest);
    const own = vcpu === undefined ? plain : { ...plain, vm: vcpu.vm, vcpu: number - topmost(names, number) };
    const server = more === undefined ? own : { ...own, more };
    if (!takes(policy, "windows")) return server;
    const first = window;
    window += flat[at + abi.IN_SERVER_WINDOWS];
    return { ...server, windows: windowsOf(flat, first, window) };
  });
  const more = written?.host;
  return {
    horizon: flat[abi.IN_HEADER_HORIZON],
    ...(saysSeveral(flat) ? { several: severalOf({ flat, names }) } : {}),
    host: more === undefined ? host : { ...host, more },
    servers,
  };
}

/** A task whose jobs come one by one, or one after the other. */
function withoutPeriod({ name, priority, onMiss }: Task, more: More): Task {
  const none = { period: 0, wcet: 0, deadline: 0, offset: 0, bcet: 0, jitter: 0, periodMax: 0 };
  return { ...none, name, priority, onMiss, more };
}

function given(value: number, otherwise: number): number {
  return value === abi.ABSENT ? otherwise : value;
}

function policyOf(id: number, host: HostScheduler): Policy {
  return id === abi.ABSENT ? policiesUnder(host)[0] : POLICIES[id];
}

function hostOf(flat: Float64Array): Host {
  const id = flat[abi.IN_HEADER_HOST_SCHEDULER];
  const host = {
    scheduler: id === abi.ABSENT ? HOST_DEFAULT : HOSTS[id],
    hostSwitch: given(flat[abi.IN_HEADER_HOST_SWITCH], 0),
    guestSwitch: given(flat[abi.IN_HEADER_GUEST_SWITCH], 0),
  };
  if (!hostFacts(host.scheduler).required.includes("windows")) return host;
  return { ...host, frame: flat[abi.IN_HEADER_FRAME], windows: windowsOf(flat, 0, flat[abi.IN_HEADER_WINDOWS]) };
}

function windowsOf(flat: Float64Array, first: number, end: number): Window[] {
  return Array.from({ length: end - first }, (_, i) => {
    const at = windowAt(flat[abi.IN_HEADER_SERVERS], flat[abi.IN_HEADER_TASKS], first + i);
    const server = flat[at + abi.IN_WINDOW_SERVER];
    return { server, start: flat[at + abi.IN_WINDOW_START], duration: flat[at + abi.IN_WINDOW_DURATION] };
  });
}

function serverOf(
  flat: Float64Array,
  at: number,
  number: number,
  name: string,
  policy: Policy,
  tasks: readonly Task[],
): Server {
  const own = (field: string, slot: number, otherwise: number | null): number | null => {
    if (!takes(policy, field)) return null;
    const value = flat[at + slot];
    return value === abi.ABSENT ? otherwise : value;
  };
  const { isBudgeted } = factsOf(policy);
  const period = own("period", abi.IN_SERVER_PERIOD, null);
  const budget = own("budget", abi.IN_SERVER_BUDGET, null);
  const guest = flat[at + abi.IN_SERVER_SCHEDULER];
  const scheduler = guest === abi.ABSENT ? GUEST_DEFAULT : GUESTS[guest];
  const { hasPriorities } = guestFacts(scheduler);
  return {
    name,
    policy,
    period,
    budget,
    offset: own("offset", abi.IN_SERVER_OFFSET, 0),
    priority: given(flat[at + abi.IN_SERVER_PRIORITY], number + 1),
    scheduler,
    priorities: hasPriorities ? PRIORITIES[given(flat[at + abi.IN_SERVER_PRIORITIES], abi.PRIORITIES_RM)] : null,
    periodMax: isBudgeted ? (own("period_max", abi.IN_SERVER_PERIOD_MAX, period) ?? period) : null,
    budgetMin: isBudgeted ? (own("budget_min", abi.IN_SERVER_BUDGET_MIN, budget) ?? budget) : null,
    maxReplenishments: own("max_replenishments", abi.IN_SERVER_MAX_REPLENISHMENTS, REPLENISHMENTS_DEFAULT),
    tasks,
  };
}

const REPLENISHMENTS_DEFAULT = 16;

function taskOf(flat: Float64Array, at: number, name: string, observed: readonly number[] | undefined): Task {
  const period = flat[at + abi.IN_TASK_PERIOD];
  const wcet = flat[at + abi.IN_TASK_WCET];
  const priority = flat[at + abi.IN_TASK_PRIORITY];
  const task = {
    name,
    period,
    wcet,
    deadline: given(flat[at + abi.IN_TASK_DEADLINE], period),
    offset: given(flat[at + abi.IN_TASK_OFFSET], 0),
    priority: priority === abi.ABSENT ? null : priority,
    bcet: given(flat[at + abi.IN_TASK_BCET], wcet),
    jitter: given(flat[at + abi.IN_TASK_JITTER], 0),
    periodMax: given(flat[at + abi.IN_TASK_PERIOD_MAX], period),
    onMiss: ON_MISS[given(flat[at + abi.IN_TASK_ON_MISS], abi.ON_MISS_CONTINUE)],
  };
  const drawn = distributionsOf(flat, at, observed);
  return drawn === undefined ? task : { ...task, ...drawn };
}
