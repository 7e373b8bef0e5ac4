// Fixed priorities in the guest. Liu & Layland, Journal of the ACM 20(1), 1973 (rate monotonic); Leung & Whitehead,
// Performance Evaluation 2(4), 1982 (deadline monotonic). Tasks stand in the order of (priority, number).

import { noTask, pendingWord, Server, Task, taskOf } from "../records";

/** The best pending task of a server that has one. */
// @ts-ignore: decorator
@inline
export function pick(server: Server): Task {
  let word = 0;
  while (pendingWord(server, word) == 0) word++;
  return taskOf(server, (word << 6) + <i32>ctz(pendingWord(server, word)));
}

/** The best pending task, or noTask, of a server with at most 64 tasks. */
// @ts-ignore: decorator
@inline
export function pickFew(server: Server): Task {
  const pending = server.pending0;
  return pending == 0 ? noTask : taskOf(server, <i32>ctz(pending));
}
