// KVM on Linux with SCHED_DEADLINE: each virtual CPU is a thread of QEMU, and chrt gives it a runtime and a period.
// SCHED_DEADLINE is EDF over hard constant bandwidth servers (Linux kernel documentation, sched-deadline).

import type { System } from "../../model/system.js";
import { type Mechanism, reservations, type Settings, settingsHold, withPolicy } from "./deployment.js";
import { admissionWarnings, tickWarnings } from "./linux.js";
import { onOneLine } from "./names.js";

/** Limits of the kernel, in nanoseconds: the accuracy of its arithmetic, and kernel.sched_deadline_period_{min,max}_us. */
const RUNTIME_MIN = 1024;
const PERIOD_MIN = 100_000;
const PERIOD_MAX = 4_194_304_000;

export const schedDeadline: Mechanism = { title: "KVM, SCHED_DEADLINE", unit: "ns", settingsOf };

function settingsOf(system: System): Settings {
  const { reserved, warnings } = reservations(system);
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
      '# TID: the thread of the virtual CPU, from "info cpus" in the QEMU monitor, or the thread named "CPU 0/KVM".',
      "# Put it into an exclusive cpuset with one CPU first; its affinity cannot be narrowed afterwards.",
      ...reserved.map(
        ({ name, budget, period }) => `chrt -d -T ${budget} -D ${period} -P ${period} -p 0 TID  # ${onOneLine(name)}`,
      ),
    ],
    warnings,
  };
}
