// Linux CFS bandwidth control, by itself (cgroup v2) and through libvirt: a quota in each period, in microseconds.
// It only limits (Linux kernel documentation, sched-bwc): what a group really gets depends on the weights of all others.

import type { BudgetedServer } from "../../model/system.js";
import { type Deployment, type Design, reservations } from "./deployment.js";
import { commentText, shellWord } from "./text.js";
import { inDeployUnit } from "./units.js";

/** Limits of the kernel, in microseconds. */
const QUOTA_MIN = 1000;
const PERIOD_MIN = 1000;
const PERIOD_MAX = 1_000_000;

const UPPER_BOUND =
  "an upper bound only: a quota keeps a machine from taking more, and guarantees nothing; no deadline is sure to be met";

export function cgroup(design: Design): Deployment {
  const { settings, warnings } = limits(design, ({ name, budget, period }) => [
    `echo "${budget} ${period}" > ${shellWord(`/sys/fs/cgroup/${name}/cpu.max`)}`,
  ]);
  return { mechanism: "cgroup", title: "cgroup v2, cpu.max", unit: "us", settings, warnings };
}

export function libvirt(design: Design): Deployment {
  const { settings, warnings } = limits(design, ({ name, budget, period }) => [
    `<!-- ${commentText(name)} -->`,
    `<cputune><period>${period}</period><quota>${budget}</quota></cputune>`,
    `# while it runs: virsh schedinfo ${shellWord(name)} --set vcpu_period=${period} --set vcpu_quota=${budget}`,
  ]);
  return { mechanism: "libvirt", title: "libvirt, cputune", unit: "us", settings, warnings };
}

function limits({ system, step }: Design, lines: (server: BudgetedServer) => string[]) {
  const { reserved, warnings } = reservations(inDeployUnit(system, step, "us"));
  for (const { name, period, budget } of reserved) {
    if (budget < QUOTA_MIN) warnings.push(`${name}: the kernel refuses a quota below ${QUOTA_MIN} us`);
    if (period < PERIOD_MIN || period > PERIOD_MAX) {
      warnings.push(`${name}: the kernel takes periods from ${PERIOD_MIN} to ${PERIOD_MAX} us`);
    }
  }
  return { settings: reserved.flatMap(lines), warnings: [UPPER_BOUND, ...warnings] };
}
