// Who gets the CPU: the host picks a server, the guest a job. semantics.md section 6.

import { isEligible, serverDeadline } from "./policies.js";
import { isUnfinished, type Job, type Run, type Server, type World } from "./state.js";

/** The server that has the CPU from now on, or null. */
export function pickServer(world: World, before: Run | null, now: number): Server | null {
  const eligible = world.servers.filter((server) => isEligible(server, now));
  switch (world.scheduler) {
    case "fp":
      return smallest(eligible, (server) => [server.priority, server.number]);
    case "edf":
      return smallest(eligible, (server) => [
        serverDeadline(server, now),
        preferred(server === before?.server),
        server.number,
      ]);
    case "table": {
      const phase = now % world.frame;
      const window = world.windows.find(({ start, duration }) => start <= phase && phase < start + duration);
      return world.servers.find((server) => server.name === window?.server) ?? null;
    }
  }
}

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

/** As a part of a rank: what is preferred goes first among equals. */
function preferred(condition: boolean): number {
  return condition ? 0 : 1;
}

/** The item of the smallest rank, comparing the first number, then the second and so on; null when there is none. */
function smallest<Item>(items: readonly Item[], rank: (item: Item) => readonly number[]): Item | null {
  let best: Item | null = null;
  for (const item of items) {
    if (best === null || precedes(rank(item), rank(best))) best = item;
  }
  return best;
}

function precedes(left: readonly number[], right: readonly number[]): boolean {
  const at = left.findIndex((value, i) => value !== right[i]);
  return at >= 0 && left[at]! < right[at]!;
}
