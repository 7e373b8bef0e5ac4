// First come, first served in the guest: the job released first, then the smallest task number. A job that has begun
// goes on, because nothing released later comes before it.

import { pendingWord, Server, Task, taskOf } from "../records";

/** The best pending task of a server that has one. @inline */
export function pick(server: Server): Task {
  let best = changetype<Task>(0);
  for (let word = 0; word << 6 < server.taskCount; word++) {
    for (let pending = pendingWord(server, word); pending != 0; pending &= pending - 1) {
      const task = taskOf(server, (word << 6) + <i32>ctz(pending));
      if (changetype<usize>(best) == 0 || task.headRelease < best.headRelease) best = task;
    }
  }
  return best;
}
