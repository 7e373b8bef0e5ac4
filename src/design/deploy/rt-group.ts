// Linux real-time groups (cgroup v1, CONFIG_RT_GROUP_SCHED): the SCHED_FIFO threads of a group have a runtime in each
// period, in microseconds (Linux kernel documentation, sched-rt-group). A limit like a deferrable server's.

import { shellWord } from "../../input/shell.js";
import type { BudgetedServer, System } from "../../model/system.js";
import {
  type Mechanism,
  onEachCpu,
  type Pins,
  reservations,
  type Settings,
  settingsHold,
  withPolicy,
} from "./deployment.js";
import { throttlingWarnings, tickWarnings } from "./linux.js";
import { onOneLine, whyNoDirectory } from "./names.js";

/** SCHED_FIFO priorities of the most and the least urgent group. */
const PRIORITY_FIRST = 80;
const PRIORITY_LAST = 1;

export const rtGroup: Mechanism = { title: "Linux RT groups, cgroup v1", unit: "us", settingsOf };

function settingsOf(system: System, pins?: Pins): Settings {
  const { settings, warnings } = onEachCpu(system, pins, groupsOf);
  return {
    settings: [
      "# Raise cpu.rt_runtime_us of the parent first: its groups may not have more together.",
      "# TID: every thread of the machine; within a group, chrt orders them.",
      ...(system.servers.some(({ vm }) => vm !== undefined)
        ? ['# Of a VM with several virtual CPUs each has its group: TID is then its thread alone, "CPU 1/KVM".']
        : []),
      ...settings,
    ],
    warnings,
  };
}

/** The groups of one CPU. */
function groupsOf(system: System, cpu: number | undefined): Settings {
  const { reserved, warnings } = reservations(system);
  // As designed under fixed priorities, otherwise rate monotonic.
  const isFixed = system.host.scheduler === "fp";
  const ordered = [...reserved].sort((a, b) => (isFixed ? a.priority - b.priority : a.period - b.period));
  const host = { ...system.host, scheduler: "fp" } as const;
  const servers = ordered.map((server, rank) => withPolicy({ ...server, priority: rank + 1 }, "deferrable"));
  warnings.push(
    "a limit, and no reservation: threads of a higher real-time priority go first, in any group; only kernels with CONFIG_RT_GROUP_SCHED have it, and cgroup v2 has no such setting",
    ...throttlingWarnings(reserved),
    ...tickWarnings(reserved, "us", "and what was too much is taken from the next runtime"),
    ...settingsHold({ ...system, host, servers }, "RT groups"),
  );
  if (ordered.length > PRIORITY_FIRST)
    warnings.push(`more than ${PRIORITY_FIRST} groups: the last ones share a priority`);
  return { settings: ordered.flatMap((server, rank) => groupLines(server, rank, cpu, warnings)), warnings };
}

function groupLines(
  { name, period, budget }: BudgetedServer,
  rank: number,
  cpu: number | undefined,
  warnings: string[],
): string[] {
  const reason = whyNoDirectory(name);
  if (reason !== null) {
    warnings.push(`${JSON.stringify(name)} ${reason}: it has no settings here`);
    return [];
  }
  const group = `/sys/fs/cgroup/cpu/${name}`;
  return [
    `mkdir -p ${shellWord(group)}`,
    `echo ${period} > ${shellWord(`${group}/cpu.rt_period_us`)}`,
    `echo ${budget} > ${shellWord(`${group}/cpu.rt_runtime_us`)}`,
    `echo TID > ${shellWord(`${group}/tasks`)}`,
    ...(cpu === undefined ? [] : [`taskset -p -c ${cpu} TID`]),
    `chrt -f -p ${Math.max(PRIORITY_LAST, PRIORITY_FIRST - rank)} TID  # ${onOneLine(name)}`,
  ];
}
