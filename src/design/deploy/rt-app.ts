// rt-app: the tasks of each guest as a synthetic load, to be run inside it for a test on the real machine.

import { FixedPriorityDemand } from "../../analysis/demand.js";
import { Staircase } from "../../analysis/staircase.js";
import type { Server, System, Task } from "../../model/system.js";
import type { Mechanism, Pins, Settings } from "./deployment.js";
import { cpuText, onOneLine } from "./names.js";

/** SCHED_FIFO priority of the most urgent task. */
const PRIORITY_FIRST = 80;
const DURATION_SECONDS = 60;

export const rtApp: Mechanism = { title: "rt-app, one file a guest", unit: "us", settingsOf };

function settingsOf({ servers }: System, pins?: Pins): Settings {
  const guests = servers
    .map((server) => ({ ...server, tasks: server.tasks.filter((task) => task.more === undefined) }))
    .filter(({ tasks }) => tasks.length > 0);
  const others = servers.flatMap(({ name, tasks }) =>
    tasks.filter((task) => task.more !== undefined).map((task) => `${name}/${task.name}`),
  );
  const warnings = [
    ...others.map((name) => `${name} has no period: it is left out`),
    "run is calibrated work, not measured time: check the calibration on an idle guest first",
    ...guests
      .filter(({ scheduler, tasks }) => scheduler === "fp" && tasks.length > PRIORITY_FIRST)
      .map(({ name }) => `${name} has more than ${PRIORITY_FIRST} tasks: the last ones share a priority`),
  ];
  return {
    settings: guests.flatMap((server) => [
      `# ${onOneLine(server.name)}.json${cpuText(pins?.get(server.name))}`,
      ...JSON.stringify(load(server), null, 2).split("\n"),
    ]),
    warnings,
  };
}

function load(server: Server): unknown {
  const levels = levelsOf(server);
  return {
    global: { duration: DURATION_SECONDS, calibration: "CPU0", default_policy: "SCHED_FIFO", ftrace: "none" },
    tasks: Object.fromEntries(server.tasks.map((task, i) => [task.name, thread(server, task, levels[i])])),
  };
}

function thread({ scheduler, vcpu }: Server, task: Task, level: number): unknown {
  const policy =
    scheduler === "edf"
      ? {
          policy: "SCHED_DEADLINE",
          "dl-runtime": task.wcet,
          "dl-deadline": Math.min(task.deadline, task.period),
          "dl-period": task.period,
        }
      : { policy: "SCHED_FIFO", priority: Math.max(1, PRIORITY_FIRST - level) };
  return {
    ...policy,
    ...(vcpu === undefined ? {} : { cpus: [vcpu] }),
    ...(task.offset > 0 ? { delay: task.offset } : {}),
    loop: -1,
    run: task.wcet,
    timer: { ref: "unique", period: task.period, mode: "absolute" },
  };
}

/** For each task how many of its guest are more urgent; a first-in first-out guest has one level. */
function levelsOf(server: Server): number[] {
  const levels = server.tasks.map(() => 0);
  if (server.scheduler === "fp") {
    const { tasks } = new FixedPriorityDemand(server, 0, new Staircase([]));
    for (const [level, { index }] of tasks.entries()) levels[index] = level;
  }
  return levels;
}
