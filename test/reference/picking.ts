// Which job of a server runs: the guest's choice.

import { preferred, smallest } from "./integers.js";
import { isUnfinished, type Job, type Server } from "./state.js";

/** The job that runs while the server has the CPU, or null: it idles. */
export function pickJob(server: Server): Job | null {
  const heads = server.tasks.flatMap((task) => task.queue.slice(0, 1));
  const last = server.lastJob;
  switch (server.scheduler) {
    case "fp":
      return smallest(heads, (job) => [job.task.priority, job.task.number]);
    case "edf":
      return smallest(heads, (job) => [job.deadline, preferred(job === last && isUnfinished(job)), job.task.number]);
    case "fifo":
      return smallest(heads, (job) => [job.release, job.task.number]);
  }
}
