// Fixed priorities in the guest. Liu & Layland, Journal of the ACM 20(1), 1973 (rate monotonic); Leung & Whitehead,
// Performance Evaluation 2(4), 1982 (deadline monotonic). Tasks stand in the order of (priority, number).

import { IN_SERVER_PRIORITIES, IN_TASK_DEADLINE, IN_TASK_PRIORITY, PRIORITIES_DM, PRIORITIES_RM } from "../abi";
import { field, fieldOr, periodOf } from "../input";
import { noTask, pendingWord, Server, Task, taskOf } from "../records";
import { NEVER } from "../time";

/** The priority of a task of the server at `input`: the smaller, the higher. Without a period, or a deadline, it is the last. */
export function orderOf(input: usize, task: usize): i64 {
  const priorities = <i32>fieldOr(input, IN_SERVER_PRIORITIES, PRIORITIES_RM);
  if (priorities == PRIORITIES_RM) return periodOf(task, NEVER);
  if (priorities == PRIORITIES_DM) return fieldOr(task, IN_TASK_DEADLINE, periodOf(task, NEVER));
  return field(task, IN_TASK_PRIORITY);
}

/** The best pending task of a server that has one. @inline */
export function pick(server: Server): Task {
  const first = pendingWord(server, 0);
  return taskOf(server, first != 0 ? <i32>ctz(first) : firstBeyond(server));
}

/** The same where none of the first 64 is pending. */
function firstBeyond(server: Server): i32 {
  let word = 1;
  while (pendingWord(server, word) == 0) word++;
  return (word << 6) + <i32>ctz(pendingWord(server, word));
}

/** The best pending task, or noTask, of a server with at most 64 tasks. @inline */
export function pickFew(server: Server): Task {
  const pending = server.pending0;
  return pending == 0 ? noTask : taskOf(server, <i32>ctz(pending));
}
