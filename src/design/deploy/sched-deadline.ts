// KVM on Linux with SCHED_DEADLINE: each virtual CPU is a thread of QEMU, and chrt gives it a runtime and a period.
// SCHED_DEADLINE is EDF over hard constant bandwidth servers (Linux kernel documentation, sched-deadline).

import type { BudgetedServer, System } from "../../model/system.js";
import {
  type Mechanism,
  machineOf,
  onEachCpu,
  type Pins,
  reservations,
  type Settings,
  settingsHold,
  virtualCpusOf,
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
  const cpusets = pins === undefined ? undefined : cpusetsFor(system, pins);
  const { settings, warnings } = onEachCpu(system, pins, (part, cpu) => commandsOf(part, cpu, cpusets));
  return {
    settings: [
      '# TID: the thread of the virtual CPU, from "info cpus" in the QEMU monitor, or the thread named "CPU 0/KVM".',
      ...(cpusets?.first ?? [
        "# Put it into an exclusive cpuset with one CPU first; its affinity cannot be narrowed afterwards.",
      ]),
      ...settings,
    ],
    warnings,
  };
}

/** How a CPU is kept for threads: what comes first, what makes its cpuset, and what puts a thread into it. */
interface Cpusets {
  readonly first: readonly string[];
  readonly make: (cpu: number) => string[];
  readonly join: (cpu: number) => string;
}

/** cgroup v2: a partition is a root domain of its own, so admission is that of the one CPU. */
const PARTITIONS: Cpusets = {
  first: [
    "# PID: the process of QEMU. It goes into the exclusive cpuset of its CPU first: the affinity of a thread under",
    "# SCHED_DEADLINE cannot be narrowed afterwards.",
    'echo "+cpuset" > /sys/fs/cgroup/cgroup.subtree_control',
  ],
  make: (cpu) => [
    `mkdir -p /sys/fs/cgroup/cpu${cpu}`,
    `echo ${cpu} > /sys/fs/cgroup/cpu${cpu}/cpuset.cpus`,
    `echo root > /sys/fs/cgroup/cpu${cpu}/cpuset.cpus.partition`,
  ],
  join: (cpu) => `echo PID > /sys/fs/cgroup/cpu${cpu}/cgroup.procs`,
};

/** cgroup v1, where single threads have a cpuset (Linux kernel documentation, sched-deadline, "SCHED_DEADLINE and cpusets"). */
const OF_THREADS: Cpusets = {
  first: [
    "# A thread goes into the exclusive cpuset of its CPU first: its affinity cannot be narrowed afterwards. A VM has virtual",
    "# CPUs on several CPUs, so these are cpusets of cgroup v1: the partitions of v2 hold whole processes.",
    "mkdir -p /dev/cpuset && mount -t cgroup -o cpuset cpuset /dev/cpuset",
    "echo 1 > /dev/cpuset/cpuset.cpu_exclusive",
    "echo 0 > /dev/cpuset/cpuset.sched_load_balance",
  ],
  make: (cpu) => [
    `mkdir -p /dev/cpuset/cpu${cpu}`,
    `echo ${cpu} > /dev/cpuset/cpu${cpu}/cpuset.cpus`,
    `echo 0 > /dev/cpuset/cpu${cpu}/cpuset.mems`,
    `echo 1 > /dev/cpuset/cpu${cpu}/cpuset.cpu_exclusive`,
  ],
  join: (cpu) => `echo TID > /dev/cpuset/cpu${cpu}/tasks`,
};

function cpusetsFor({ servers }: System, pins: Pins): Cpusets {
  const isSpread = servers.some((server) => {
    const own = virtualCpusOf(servers, server).map(({ name }) => pins.get(name));
    return new Set(own).size > 1;
  });
  return isSpread ? OF_THREADS : PARTITIONS;
}

/** The virtual CPUs of one CPU. */
function commandsOf(system: System, cpu: number | undefined, cpusets: Cpusets | undefined): Settings {
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
      ...(cpu === undefined ? [] : cpusets!.make(cpu)),
      ...reserved.flatMap((server) => [
        ...(cpu === undefined ? [] : [`${cpusets!.join(cpu)}  # ${onOneLine(server.name)}`]),
        `${command(server)}  # ${onOneLine(server.name)}${threadText(server)}${cpuText(cpu)}`,
      ]),
    ],
    warnings: [...warnings, ...beyondBudgets(reserved)],
  };
}

/** Which thread of its machine a virtual CPU of several is. */
function threadText(server: BudgetedServer): string {
  return server.vm === undefined ? "" : `, thread "CPU ${machineOf(server).vcpu}/KVM"`;
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
