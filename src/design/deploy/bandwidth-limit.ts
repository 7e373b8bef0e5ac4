// Linux CFS bandwidth control, by itself (cgroup v2) and through libvirt: a quota in each period, in microseconds.
// It only limits (Linux kernel documentation, sched-bwc): what a group really gets depends on the weights of all others.

import { shellWord } from "../../input/shell.js";
import type { BudgetedServer, System } from "../../model/system.js";
import { type Mechanism, reservations, type Settings } from "./deployment.js";
import { commentText } from "./text.js";

/** Limits of the kernel, in microseconds. */
const QUOTA_MIN = 1000;
const PERIOD_MIN = 1000;
const PERIOD_MAX = 1_000_000;

const UPPER_BOUND =
  "an upper bound only: a quota keeps a machine from taking more, and guarantees nothing; no deadline is sure to be met";

export const cgroup: Mechanism = {
  title: "cgroup v2, cpu.max",
  unit: "us",
  settingsOf: (system) =>
    limits(system, ({ name, budget, period }) => [
      `echo "${budget} ${period}" > ${shellWord(`/sys/fs/cgroup/${name}/cpu.max`)}`,
    ]),
};

export const libvirt: Mechanism = {
  title: "libvirt, cputune",
  unit: "us",
  settingsOf: (system) =>
    limits(system, ({ name, budget, period }) => [
      `<!-- ${commentText(name)} -->`,
      `<cputune><period>${period}</period><quota>${budget}</quota></cputune>`,
      `# while it runs: virsh schedinfo ${shellWord(name)} --set vcpu_period=${period} --set vcpu_quota=${budget}`,
    ]),
};

function limits(system: System, lines: (server: BudgetedServer) => string[]): Settings {
  const { reserved, warnings } = reservations(system);
  for (const { name, period, budget } of reserved) {
    if (budget < QUOTA_MIN) warnings.push(`${name}: the kernel refuses a quota below ${QUOTA_MIN} us`);
    if (period < PERIOD_MIN || period > PERIOD_MAX) {
      warnings.push(`${name}: the kernel takes periods from ${PERIOD_MIN} to ${PERIOD_MAX} us`);
    }
  }
  return { settings: reserved.flatMap(lines), warnings: [UPPER_BOUND, ...warnings] };
}
