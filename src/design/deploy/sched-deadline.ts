// KVM on Linux with SCHED_DEADLINE: each virtual CPU is a thread of QEMU, and chrt gives it a runtime and a period.
// SCHED_DEADLINE is EDF over hard constant bandwidth servers (Linux kernel documentation, sched-deadline).

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
import { admissionWarnings, tickWarnings } from "./linux.js";
import { cpuText, onOneLine } from "./names.js";

/** Limits of the kernel, in nanoseconds: the accuracy of its arithmetic, and kernel.sched_deadline_period_{min,max}_us. */
const RUNTIME_MIN = 1024;
const PERIOD_MIN = 100_000;
const PERIOD_MAX = 4_194_304_000;

/** The tick is the kernel's own, and debts are always carried. */
const EXPRESSIBLE = ["deadline", "reclaim", "enforce_every", "enforce_phase", "overrun"];

export const schedDeadline: Mechanism = { title: "KVM, SCHED_DEADLINE", unit: "ns", settingsOf };

function settingsOf(system: System, pins?: Pins): Settings {
  const { settings, warnings } = onEachCpu(system, pins, commandsOf);
  const cpuset =
    pins === undefined
      ? ["# Put it into an exclusive cpuset with one CPU first; its affinity cannot be narrowed afterwards."]
      : [
          "# PID: the process of QEMU. It goes into the exclusive cpuset of its CPU first: the affinity of a thread under",
          "# SCHED_DEADLINE cannot be narrowed afterwards.",
          'echo "+cpuset" > /sys/fs/cgroup/cgroup.subtree_control',
        ];
  return {
    settings: [
      '# TID: the thread of the virtual CPU, from "info cpus" in the QEMU monitor, or the thread named "CPU 0/KVM".',
      ...cpuset,
      ...settings,
    ],
    warnings,
  };
}

/** The virtual CPUs of one CPU. */
function commandsOf(system: System, cpu: number | undefined): Settings {
  const { reserved, warnings } = reservations(system, { fields: EXPRESSIBLE });
  for (const { name, period, budget } of reserved) {
    if (budget < RUNTIME_MIN) warnings.push(`${name}: the kernel refuses a runtime below ${RUNTIME_MIN} ns`);
    if (period < PERIOD_MIN || period > PERIOD_MAX) {
      warnings.push(
        `${name}: the kernel takes periods from ${PERIOD_MIN} to ${PERIOD_MAX} ns, unless kernel.sched_deadline_period_min_us and kernel.sched_deadline_period_max_us say otherwise`,
      );
    }
  }
  warnings.push(
    ...admissionWarnings(reserved),
    ...tickWarnings(reserved, "ns", "and what was too much is taken from the next runtime"),
  );
  const host = { ...system.host, scheduler: "edf" } as const;
  warnings.push(
    ...settingsHold(
      { ...system, host, servers: reserved.map((server) => withPolicy(server, "cbs")) },
      "SCHED_DEADLINE",
    ),
  );
  return {
    settings: [
      ...(cpu === undefined ? [] : cpusetOf(cpu)),
      ...reserved.flatMap((server) => [
        ...(cpu === undefined ? [] : [`echo PID > ${directoryOf(cpu)}/cgroup.procs  # ${onOneLine(server.name)}`]),
        `${command(server)}  # ${onOneLine(server.name)}${cpuText(cpu)}`,
      ]),
    ],
    warnings: [...warnings, ...beyondBudgets(reserved)],
  };
}

function directoryOf(cpu: number): string {
  return `/sys/fs/cgroup/cpu${cpu}`;
}

/** A cpuset of cgroup v2 that is a partition, a root domain of its own: admission is that of the one CPU. */
function cpusetOf(cpu: number): string[] {
  const directory = directoryOf(cpu);
  return [
    `mkdir -p ${directory}`,
    `echo ${cpu} > ${directory}/cpuset.cpus`,
    `echo root > ${directory}/cpuset.cpus.partition`,
  ];
}

/** chrt has no word for SCHED_FLAG_RECLAIM: then it is the system call itself, struct sched_attr and all. */
function command({ budget, period, more }: BudgetedServer): string {
  const deadline = typeof more?.deadline === "number" ? more.deadline : period;
  if (more?.reclaim !== true) return `chrt -d -T ${budget} -D ${deadline} -P ${period} -p 0 TID`;
  const attributes = `struct.pack("=IIQiIQQQ", 48, 6, 2, 0, 0, ${budget}, ${deadline}, ${period})`;
  return `python3 -c 'import ctypes, struct; exit(ctypes.CDLL(None).syscall(314, TID, ${attributes}, 0) != 0)'`;
}

/** What of semantics.md section 10 is set, and does not guarantee. */
function beyondBudgets(servers: readonly BudgetedServer[]): string[] {
  const reclaiming = servers.filter(({ more }) => more?.reclaim === true).map(({ name }) => name);
  const constrained = servers.filter(({ more }) => typeof more?.deadline === "number").map(({ name }) => name);
  const forgiving = servers.filter(({ more }) => more?.overrun === "forgive").map(({ name }) => name);
  return [
    ...(reclaiming.length === 0
      ? []
      : [
          `${reclaiming.join(", ")}: what it reclaims (GRUB, SCHED_FLAG_RECLAIM) is what others leave, and guarantees nothing beyond the runtime; 314 is sched_setattr on x86-64`,
        ]),
    ...(constrained.length === 0
      ? []
      : [
          `${constrained.join(", ")}: the kernel admits by runtime / period, also where the deadline is shorter: admitted is not schedulable`,
        ]),
    ...(forgiving.length === 0 ? [] : [`${forgiving.join(", ")}: Linux carries what ran over, it does not forgive it`]),
  ];
}
