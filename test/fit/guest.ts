// A guest of the simplest kind, apart from the kernel: fixed priorities on given supply windows, all in microseconds.

import type { RecordedSupply } from "../../src/fit/measure/recorded.js";

export interface GuestTask {
  readonly period: number;
  /** Execution time of job k. */
  demand(k: number): number;
}

interface Job {
  readonly arrival: number;
  work: number;
}

/**
 * The response times of every task's completed jobs; the first task has the highest priority, all arrive at 0.
 * A window that ended because the VM fell asleep goes on while there is work, up to the next one.
 */
export function replay(supply: RecordedSupply, tasks: readonly GuestTask[]): number[][] {
  const span = supply.span / 1000;
  const queues: Job[][] = tasks.map(() => []);
  const responses: number[][] = tasks.map(() => []);
  const released = tasks.map(() => 0);
  const release = (now: number) => {
    for (const [i, task] of tasks.entries()) {
      for (; released[i] * task.period <= now && released[i] * task.period < span; released[i]++)
        queues[i].push({ arrival: released[i] * task.period, work: task.demand(released[i]) });
    }
  };
  const nextRelease = () => Math.min(...tasks.map((task, i) => released[i] * task.period));
  for (const [w, [start, duration, ended]] of supply.windows.entries()) {
    let now = start / 1000;
    const end = (start + duration) / 1000;
    const last = ended === "asleep" ? (supply.windows[w + 1]?.[0] ?? supply.span) / 1000 : end;
    release(now);
    while (now < last) {
      const i = queues.findIndex((queue) => queue.length > 0);
      if (i < 0 && now >= end) break;
      const until = Math.min(i < 0 ? end : last, nextRelease());
      if (i >= 0) {
        const [job] = queues[i];
        const done = Math.min(job.work, until - now);
        job.work -= done;
        now += done;
        if (job.work === 0) {
          queues[i].shift();
          responses[i].push(now - job.arrival);
        }
      } else now = until;
      release(now);
    }
  }
  return responses;
}
