// Jobs are conserved. When each job is released, and how much work it is, follows from the scenario alone; when a job
// completes is observed (timeline.ts). The life of every job between the two is gone through here in the words of
// semantics.md sections 2 and 4, without a scheduler, and must explain every counter.

import { describe, expect } from "vitest";
import { drawJob } from "../reference/jobs.js";
import { openWorld } from "../reference/open.js";
import { scenarioArbitrary } from "../reference/scenarios.js";
import type { Job, Task } from "../reference/state.js";
import { law } from "./law.js";
import { type Completion, completions, growingRuns } from "./timeline.js";

interface Lives {
  readonly released: number;
  readonly missed: number;
  readonly skipped: number;
  readonly completed: readonly Job[];
  readonly aborted: readonly Job[];
  /** Released and unfinished at the end, oldest first. */
  readonly pending: readonly Job[];
}

/** What became of the jobs of one task up to the horizon. */
function livesOf(task: Task, observed: readonly Completion[], horizon: number): Lives {
  const completed: Job[] = [];
  const aborted: Job[] = [];
  const pending: Job[] = [];
  let [released, missed, skipped] = [0, 0, 0];
  let next = task.coming[0]!;
  for (let now = 0; ; now++) {
    for (const { response } of observed.filter(({ time }) => time === now)) {
      // The oldest unfinished job: none completes twice, unreleased, dropped, aborted or out of order.
      const job = pending.shift();
      expect(job?.arrival).toBe(now - response);
      completed.push(job!);
    }
    missed += pending.filter((job) => job.deadline === now).length;
    while (task.onMiss === "abort" && pending[0]?.deadline === now) aborted.push(pending.shift()!);
    if (now === horizon) return { released, missed, skipped, completed, aborted, pending };
    for (; next.release === now; next = drawJob(task, next.number + 1, next.arrival + next.gap)) {
      released++;
      if (task.onMiss === "skip" && pending.length > 0) {
        skipped++;
        missed++;
      } else pending.push(next);
    }
  }
}

const demandOf = (jobs: readonly Job[]): number => jobs.reduce((sum, job) => sum + job.remaining, 0);

describe("jobs are conserved", () => {
  const overruns = { stops: ["horizon"], horizonMax: 120 } as const;

  law("released = completed + aborted + skipped + pending", 500, scenarioArbitrary(overruns), (scenario) => {
    const runs = growingRuns(scenario);
    const { tasks } = openWorld(scenario);
    runs.at(-1)!.tasks.forEach((counters, number) => {
      const lives = livesOf(tasks[number]!, completions(runs, number), scenario.horizon);
      const { released, missed, skipped } = lives;
      expect(counters).toMatchObject({ released, missed, skipped });
      const left = lives.aborted.length + lives.pending.length;
      expect(counters.released).toBe(counters.completed + left + counters.skipped);
    });
  });

  const free = scenarioArbitrary({ ...overruns, switchCosts: false });
  law("the CPU time of a server is the work of its jobs, and idling", 500, free, (scenario) => {
    const runs = growingRuns(scenario);
    const { servers } = openWorld(scenario);
    servers.forEach((server, i) => {
      const { supply, idled } = runs.at(-1)!.servers[i]!;
      const lives = server.tasks.map((task) => livesOf(task, completions(runs, task.number), scenario.horizon));
      const finished = demandOf(lives.flatMap(({ completed }) => completed));
      // Of the others the oldest of each task, and those aborted, may have begun; none of them is done.
      const begun = lives.flatMap(({ aborted, pending }) => [...aborted, ...pending.slice(0, 1)]);
      expect(supply - idled).toBeGreaterThanOrEqual(finished);
      expect(supply - idled).toBeLessThanOrEqual(finished + demandOf(begun) - begun.length);
    });
  });
});
