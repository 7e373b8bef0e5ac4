// Linux CFS bandwidth control, by itself (cgroup v2) and through those that set it for others: a quota in each period,
// in microseconds. It only limits (Linux kernel documentation, sched-bwc): what a group really gets depends on the
// weights of all others.

import { shellWord } from "../../input/shell.js";
import type { BudgetedServer, System } from "../../model/system.js";
import { type Mechanism, reservations, type Settings } from "./deployment.js";
import { tickWarnings } from "./linux.js";
import { commentText, onOneLine, unitName, whyNoContainer, whyNoDirectory, whyNoWord } from "./names.js";

/** Limits of the kernel, in microseconds. */
const QUOTA_MIN = 1000;
const PERIOD_MIN = 1000;
const PERIOD_MAX = 1_000_000;
/** systemd takes a quota in hundredths of a percent of a CPU. */
const SYSTEMD_PARTS = 10_000;

export const UPPER_BOUND =
  "an upper bound only: a quota keeps a machine from taking more, and guarantees nothing; no deadline is sure to be met";

export const cgroup: Mechanism = {
  title: "cgroup v2, cpu.max",
  unit: "us",
  settingsOf: (system) =>
    limits(system, whyNoDirectory, ({ name, budget, period }) => [
      `echo "${budget} ${period}" > ${shellWord(`/sys/fs/cgroup/${name}/cpu.max`)}`,
    ]),
};

export const libvirt: Mechanism = {
  title: "libvirt, cputune",
  unit: "us",
  settingsOf: (system) =>
    limits(system, whyNoWord, ({ name, budget, period }) => [
      `<!-- ${commentText(name)} -->`,
      `<cputune><period>${period}</period><quota>${budget}</quota></cputune>`,
      `# while it runs: virsh schedinfo ${shellWord(name)} --set vcpu_period=${period} --set vcpu_quota=${budget}`,
    ]),
};

export const docker: Mechanism = {
  title: "Docker",
  unit: "us",
  settingsOf: (system) =>
    limits(system, whyNoContainer, ({ name, budget, period }) => [
      `docker run --name ${name} --cpuset-cpus CPU --cpu-period ${period} --cpu-quota ${budget} IMAGE`,
      `# while it runs: docker update --cpu-period ${period} --cpu-quota ${budget} ${name}`,
    ]),
};

/** Every value is more than asked for by less than a hundredth of a percent of the period. */
export const systemd: Mechanism = {
  title: "systemd, CPUQuota",
  unit: "us",
  settingsOf: (system) =>
    limits(
      system,
      () => null,
      ({ name, budget, period }) => {
        const parts = Math.ceil((budget * SYSTEMD_PARTS) / period);
        const percent = `${Math.floor(parts / 100)}.${String(parts % 100).padStart(2, "0")}`;
        const unit = shellWord(`${unitName(name)}.service`);
        return [
          `systemctl set-property ${unit} AllowedCPUs=CPU CPUQuotaPeriodSec=${period}us CPUQuota=${percent}%  # ${onOneLine(name)}`,
        ];
      },
    ),
};

/**
 * Limits of every server that has a budget.
 * @param whyNot why a server's name cannot stand in the lines; null: it can
 */
function limits(
  system: System,
  whyNot: (name: string) => string | null,
  lines: (server: BudgetedServer) => string[],
): Settings {
  const { reserved, warnings } = reservations(system);
  const settings: string[] = [];
  for (const server of reserved) {
    const { name, budget, period } = server;
    if (budget < QUOTA_MIN) warnings.push(`${name}: the kernel refuses a quota below ${QUOTA_MIN} us`);
    if (period < PERIOD_MIN || period > PERIOD_MAX) {
      warnings.push(`${name}: the kernel takes periods from ${PERIOD_MIN} to ${PERIOD_MAX} us`);
    }
    const reason = whyNot(name);
    if (reason !== null) warnings.push(`${JSON.stringify(name)} ${reason}: it has no settings here`);
    else settings.push(...lines(server));
  }
  const debt = "and what was too much is taken from the next quota";
  return { settings, warnings: [UPPER_BOUND, ...warnings, ...tickWarnings(reserved, "us", debt)] };
}
