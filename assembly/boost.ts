// Boosted handlers (semantics.md section 11.8): while the job that a guest would dispatch is of a task with a priority at
// the host, its VCPU has that priority. For hosts, and servers of a tree, that go by fixed priorities. Lee, Krishnakumar,
// Krishnan, Singh & Yajnik, VEE 2010, boost VMs with events in a like manner. Only full runs come here.

import { IN_SERVER_PRIORITY, IN_TASK_HOST_PRIORITY, SERVERS_MAX, TASKS_MAX } from "./abi";
import { fieldOr, serverInput, taskInput } from "./input";
import { machine, noTask, Server, serverIndex, serverOf, Task, taskAt } from "./records";

/** Priorities of servers by place, those that they have now, and of tasks by place, there 0 where it has none. */
const ofServers = memory.data(SERVERS_MAX * 8, 64);
const present = memory.data(SERVERS_MAX * 8, 64);
const ofTasks = memory.data(TASKS_MAX * 8, 64);

/** Reads the priority of a server. */
export function read(server: Server): void {
  const priority = fieldOr(serverInput(server.number), IN_SERVER_PRIORITY, <i64>server.number + 1);
  store<i64>(ofServers + ((<usize>serverIndex(server)) << 3), priority);
  store<i64>(present + ((<usize>serverIndex(server)) << 3), priority);
}

/** Once all tasks are loaded. */
export function start(): void {
  for (let i = 0; i < machine.taskCount; i++) {
    const task = taskAt(i);
    const priority = fieldOr(taskInput(task.number), IN_TASK_HOST_PRIORITY, 0);
    store<i64>(ofTasks + ((<usize>i) << 3), priority);
    if (priority != 0) machine.boosts |= serverOf(task).bit;
  }
}

/** Priority of a server whose guest would dispatch the head job of that task, or noTask. */
export function priorityOf(server: Server, next: Task): i64 {
  const boosted = next == noTask ? 0 : load<i64>(ofTasks + ((<usize>next.index) << 3));
  return boosted != 0 ? boosted : load<i64>(ofServers + ((<usize>serverIndex(server)) << 3));
}

/** Finds out which priority the server has, with that job next; whether it is another one than before. */
export function refresh(server: Server, next: Task): bool {
  const priority = priorityOf(server, next);
  if (priority == presentPriority(server)) return false;
  store<i64>(present + ((<usize>serverIndex(server)) << 3), priority);
  return true;
}

/** The priority that was found out last. @inline */
export function presentPriority(server: Server): i64 {
  return load<i64>(present + ((<usize>serverIndex(server)) << 3));
}
