// The rules on tasks in parts (semantics.md sections 11.2 and 11.6).

import * as abi from "../../../assembly/abi.js";
import { PART_FIELDS, partAt, serverAt, slotOf, TASK_FIELDS, taskAt } from "../../model/fields.js";
import { GUEST_DEFAULT, GUESTS, type GuestScheduler } from "../../model/guests.js";
import { Checker, type Report } from "./checker.js";
import { jobCount, observedCount } from "./run.js";
import { windowCount } from "./windows.js";

export function checkParts(flat: Float64Array, report: Report): void {
  const servers = flat[abi.IN_HEADER_SERVERS];
  const tasks = flat[abi.IN_HEADER_TASKS];
  let [task, part] = [0, 0];
  for (let number = 0; number < servers; number++) {
    const server = new Checker(flat, serverAt(number), "server", number, report);
    for (const end = task + server.value(abi.IN_SERVER_TASKS); task < end; task++) {
      const owner = new Checker(flat, taskAt(servers, task), "task", task, report);
      const count = partsOf(owner);
      const first = part;
      part += count;
      if (!owner.has(abi.IN_TASK_PARTS)) continue;
      const parts = Array.from({ length: count }, (_, i) => {
        const at = partAt(servers, tasks, windowCount(flat), jobCount(flat), observedCount(flat), first + i);
        return new Checker(flat, at, "part", first + i, report);
      });
      checkTask(owner, parts, schedulerOf(server));
    }
  }
}

/** How many parts a task has; none when they were left out, or refused before. */
function partsOf(task: Checker): number {
  return Math.max(0, task.value(abi.IN_TASK_PARTS) || 0);
}

/** The guest of a partitioned VM; undefined where parts have no place. */
function schedulerOf(server: Checker): GuestScheduler | undefined {
  const isPartitioned =
    server.value(abi.IN_SERVER_VCPUS) > 0 && server.value(abi.IN_SERVER_ASSIGNMENT) === abi.ASSIGNMENT_PARTITIONED;
  if (!isPartitioned) return undefined;
  const id = server.value(abi.IN_SERVER_SCHEDULER);
  return id === abi.ABSENT ? GUEST_DEFAULT : GUESTS[id];
}

function checkTask(task: Checker, parts: readonly Checker[], scheduler: GuestScheduler | undefined): void {
  if (scheduler === undefined || scheduler === "fifo") {
    task.say("parts", () => "mean nothing unless the assignment is partitioned, and the guest's scheduler fp or edf");
    return;
  }
  for (const { name, slot } of ALONE) task.unused(name, slot, "beside parts");
  if (parts.length === 1 || task.value(abi.IN_TASK_PARTS) === 0)
    task.say("parts", () => `${parts.length} are too few; a task in parts has at least two`);
  for (const part of parts) {
    part.minima(PART_FIELDS);
    part.required("budget", abi.IN_PART_BUDGET);
    if (scheduler === "edf") part.required("deadline", abi.IN_PART_DEADLINE, "under edf each part has one");
    else part.unused("deadline", abi.IN_PART_DEADLINE, "unless the guest's scheduler is edf");
  }
  checkVcpus(parts);
  checkSum(task, parts);
  if (scheduler === "edf") checkDeadlines(task, parts);
}

const ALONE = [
  { name: "jitter", slot: slotOf(TASK_FIELDS, "jitter") },
  { name: "after", slot: abi.IN_TASK_AFTER },
  { name: "defer_while", slot: abi.IN_TASK_DEFER_WHILE },
];

function checkVcpus(parts: readonly Checker[]): void {
  const vcpus = parts.map((part) => part.value(abi.IN_PART_VCPU));
  parts.forEach((part, i) => {
    if (vcpus.indexOf(vcpus[i]) < i && vcpus[i] >= 0)
      part.say("vcpu", () => "is that of a part before; each is on another one");
  });
}

/** Exact also where the sum passes 2^53: it is compared with a time. */
function checkSum(task: Checker, parts: readonly Checker[]): void {
  const budgets = parts.map((part) => part.value(abi.IN_PART_BUDGET));
  const wcet = task.value(abi.IN_TASK_WCET);
  const sum = budgets.reduce((total, budget) => total + budget, 0);
  if (parts.length > 1 && budgets.every((budget) => budget >= 1) && wcet >= 1 && sum !== wcet)
    task.say("parts", (show) => `their budgets are ${show(sum)} together, and the wcet is ${show(wcet)}`);
}

function checkDeadlines(task: Checker, parts: readonly Checker[]): void {
  let before = 0;
  for (const part of parts) {
    const deadline = part.value(abi.IN_PART_DEADLINE);
    const last = before;
    if (deadline >= 1 && deadline <= last)
      part.say("deadline", (show) => `${show(deadline)} is not after that of the part before, ${show(last)}`);
    if (deadline > before) before = deadline;
  }
  const own = task.value(task.has(abi.IN_TASK_DEADLINE) ? abi.IN_TASK_DEADLINE : abi.IN_TASK_PERIOD);
  const end = parts.at(-1);
  end?.atMost("deadline", abi.IN_PART_DEADLINE, own, (show) => `exceeds the task's deadline ${show(own)}`);
}
