// Earliest deadline first in the guest. Liu & Layland, Journal of the ACM 20(1), 1973. Equal deadlines: the job that ran
// last in this server goes on if it is unfinished, otherwise the smallest task number.

import { pendingWord, Server, Task, taskOf } from "../records";

/** The best pending task of a server that has one. @inline */
export function pick(server: Server): Task {
  let best = changetype<Task>(0);
  let least: i64 = 0;
  for (let word = 0; word << 6 < server.taskCount; word++) {
    for (let pending = pendingWord(server, word); pending != 0; pending &= pending - 1) {
      const task = taskOf(server, (word << 6) + <i32>ctz(pending));
      const deadline = task.headDeadline;
      const first = changetype<usize>(best) == 0 || deadline < least;
      if (first || (deadline == least && changetype<usize>(task) == server.lastJob)) {
        best = task;
        least = deadline;
      }
    }
  }
  return best;
}
