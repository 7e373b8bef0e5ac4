// The tasks of a scenario, with what they refer to.

import { firstJobs } from "./jobs.js";
import { type OpenedVm, streamsOf } from "./open-servers.js";
import type { Stream } from "./philox.js";
import type { Source, Task, Vm, World } from "./state.js";
import type { AnyScenario, AnyServer, AnyTask } from "./types.js";

/** Opens all tasks of the world, and says who follows whom. */
export function openTasks(world: World, scenario: AnyScenario, vms: readonly OpenedVm[]): void {
  const tasks: Task[] = [];
  const stream = streamsOf(scenario);
  Object.assign(world, { tasks });
  for (const [vm, given] of vms) {
    for (const givenTask of given.tasks!) {
      const task = openTask(givenTask, vm, given, vms, stream(tasks.length));
      vm.tasks.push(task);
      tasks.push(task);
    }
  }
  const givenTasks = vms.flatMap(([, given]) => given.tasks!);
  for (const [i, { after }] of givenTasks.entries()) {
    const leader = tasks.find((task) => task.vm.name === after?.server && task.name === after.task);
    leader?.followers.push(tasks[i]!);
  }
}

function openTask(given: AnyTask, vm: Vm, givenVm: AnyServer, vms: readonly OpenedVm[], stream: Stream): Task {
  const period = periodOf(given, vms);
  const deadline = given.deadline ?? period;
  const { priorities = "rm" } = givenVm;
  const observed = given.execution !== undefined && "empirical" in given.execution ? given.execution.empirical : [];
  const wcet = given.wcet ?? Math.max(0, ...observed); // jobs as given say it themselves
  const hasParts = given.parts !== undefined;
  const byGuest = vm.scheduler === "fp" && priorities !== "explicit";
  const task = {
    number: stream.entity,
    name: given.name,
    vm,
    server: vm.vcpus[0]!,
    source: sourceOf(given),
    wcet,
    bcet: given.bcet ?? Math.min(wcet, ...observed),
    execution: given.execution ?? ({ distribution: "uniform" } as const),
    deadline,
    onMiss: given.on_miss ?? "continue",
    priority: { rm: period, dm: deadline, explicit: given.priority! }[priorities],
    goesFirst: (hasParts && byGuest) || (givenVm.separation === "us" && isHeavy(wcet, period, vm)),
    hostPriority: given.host_priority ?? null,
    windowLength: given.window?.[1] ?? null,
    vcpu: hasParts ? null : (vm.vcpus.find(({ name }) => name === given.vcpu) ?? onlyVcpu(vm)),
    parts: (given.parts ?? []).map(({ vcpu, budget, deadline = 0 }) => ({
      vcpu: vm.vcpus.find(({ name }) => name === vcpu)!,
      budget,
      deadline,
    })),
    deferWhile: vms.find(([{ name }]) => name === given.defer_while)?.[0] ?? null,
    followers: [],
    stream,
    queue: [],
    lastPut: null,
    happened: {
      ...{ released: 0, missed: 0, skipped: 0, preemptions: 0, migrations: 0 },
      ...{ responses: [], guestResponses: [], completionTimes: [], latenesses: [], startDelays: [], jobs: [] },
    },
  };
  // The task and its first job refer to each other: the job is drawn for the very object that then holds it.
  return Object.assign(task, { coming: firstJobs(task, given.offset ?? 0) });
}

const onlyVcpu = (vm: Vm) => (vm.hasVcpus ? null : vm.vcpus[0]!);

/** T: of a task that follows others that of the first of them; infinity where there is none. */
function periodOf(given: AnyTask, vms: readonly OpenedVm[]): number {
  if (given.after === undefined) return given.period ?? Number.POSITIVE_INFINITY;
  const { server, task } = given.after;
  const leader = vms.find(([vm]) => vm.name === server)![1].tasks!.find(({ name }) => name === task)!;
  return periodOf(leader, vms);
}

/** Whether `separation: us` lets the task go before others. */
function isHeavy(wcet: number, period: number, vm: Vm): boolean {
  const count = BigInt(vm.vcpus.length);
  const [c, t] = [BigInt(wcet), BigInt(period)];
  return vm.scheduler === "fp" ? c * (3n * count - 2n) > count * t : c * (2n * count - 1n) > count * t;
}

function sourceOf(given: AnyTask): Source {
  if (given.after !== undefined) return { kind: "after", delay: given.after.delay ?? 0 };
  if (given.jobs !== undefined) return { kind: "jobs", jobs: given.jobs };
  if (given.think !== undefined) {
    return { kind: "think", think: given.think, thinkMax: given.think_max ?? given.think };
  }
  const period = given.period!;
  const { period_max: periodMax = period, jitter = 0, sporadic = { distribution: "uniform" } as const } = given;
  return { kind: "period", period, periodMax, jitter, sporadic };
}
