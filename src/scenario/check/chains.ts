// The rules on chains of tasks and deferred interrupts (semantics.md sections 11.2 and 11.8).

import * as abi from "../../../assembly/abi.js";
import { serverAt, taskAt } from "../../model/fields.js";
import { Checker, type Report } from "./checker.js";

export function checkChains(flat: Float64Array, report: Report): void {
  const servers = flat[abi.IN_HEADER_SERVERS];
  const owners = ownersOf(flat);
  const taskOf = (number: number) => new Checker(flat, taskAt(servers, number), "task", number, report);
  for (const number of owners.keys()) {
    const task = taskOf(number);
    const [follows, deferred] = [task.value(abi.IN_TASK_AFTER), task.value(abi.IN_TASK_DEFER_WHILE)];
    if (!task.has(abi.IN_TASK_AFTER)) task.unused("after.delay", abi.IN_TASK_DELAY, "without after");
    if (follows >= 0 && isInCircle(flat, number))
      task.say("after", () => "goes in a circle: the task follows itself, so no job of it would ever come");
    if (deferred >= 0) checkDeferred(flat, task, deferred, owners);
    if (!(follows >= 0) && !(deferred >= 0)) continue;
    const field = follows >= 0 ? "after" : "defer_while";
    const shifts = task.value(abi.IN_TASK_ON_MISS) === abi.ON_MISS_SHIFT;
    if (shifts) task.say("on_miss", () => `shift does not go with ${field}`);
    const hosts = follows >= 0 ? [owners[number], owners[follows]] : [owners[number]];
    if (hosts.some((server) => flat[serverAt(server) + abi.IN_SERVER_CLOCK] >= 0))
      task.say(
        field,
        () => "does not go with a clock of its server, or of that of the task before; it goes by host time",
      );
  }
}

/** The server of each task. */
function ownersOf(flat: Float64Array): number[] {
  const owners: number[] = [];
  for (let server = 0; server < flat[abi.IN_HEADER_SERVERS]; server++)
    for (let count = flat[serverAt(server) + abi.IN_SERVER_TASKS]; count > 0; count--) owners.push(server);
  return owners;
}

/** Whether a task comes after itself. */
function isInCircle(flat: Float64Array, task: number): boolean {
  const servers = flat[abi.IN_HEADER_SERVERS];
  let at = task;
  for (let steps = 0; steps <= flat[abi.IN_HEADER_TASKS]; steps++) {
    at = flat[taskAt(servers, at) + abi.IN_TASK_AFTER];
    if (at === task) return true;
    if (!(at >= 0)) return false;
  }
  return false; // it leads into a circle that others are told of
}

/** It waits for a server that can be seen to have no ready job, and none of whose jobs waits for another. */
function checkDeferred(flat: Float64Array, task: Checker, server: number, owners: readonly number[]): void {
  if (flat[abi.IN_HEADER_RELEASE_COST] >= 0)
    task.say("defer_while", () => "does not go with the release_cost of the host, of which nobody knows who pays it");
  const at = serverAt(server);
  const policy = flat[at + abi.IN_SERVER_POLICY];
  const isImplied = policy === abi.ABSENT && flat[abi.IN_HEADER_HOST_SCHEDULER] === abi.HOST_TABLE;
  if (!isImplied && policy >= 0 && policy !== abi.POLICY_DEDICATED)
    task.say("defer_while", () => "is not a dedicated server, for which alone interrupts can wait");
  const servers = flat[abi.IN_HEADER_SERVERS];
  const isWaiting = (number: number) => flat[taskAt(servers, number) + abi.IN_TASK_DEFER_WHILE] !== abi.ABSENT;
  if (owners.some((owner, number) => owner === server && isWaiting(number)))
    task.say("defer_while", () => "is a server with a task that has defer_while itself");
}
