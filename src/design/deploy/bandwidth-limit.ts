// Linux CFS bandwidth control, by itself (cgroup v2) and through those that set it for others: a quota in each period,
// in microseconds. It only limits (Linux kernel documentation, sched-bwc): what a group really gets depends on the
// weights of all others.

import { shellWord } from "../../input/shell.js";
import type { BudgetedServer, More, Server, System } from "../../model/system.js";
import { type Mechanism, type Pins, reservations, type Settings } from "./deployment.js";
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
  settingsOf: (system, pins) =>
    limits(
      system,
      whyNoDirectory,
      ({ name, budget, period }) => [
        ...pinLines(pins, name, (cpu) => `echo ${cpu} > ${shellWord(`/sys/fs/cgroup/${name}/cpuset.cpus`)}`),
        `echo "${budget} ${period}" > ${shellWord(`/sys/fs/cgroup/${name}/cpu.max`)}`,
      ],
      ({ name, more }) => [`echo ${weightOf(more)} > ${shellWord(`/sys/fs/cgroup/${name}/cpu.weight`)}`],
    ),
};

export const libvirt: Mechanism = {
  title: "libvirt, cputune",
  unit: "us",
  settingsOf: (system, pins) =>
    limits(system, whyNoWord, ({ name, budget, period }) => [
      `<!-- ${commentText(name)} -->`,
      `<cputune>${pinLines(pins, name, (cpu) => `<vcpupin vcpu="0" cpuset="${cpu}"/>`).join("")}<period>${period}</period><quota>${budget}</quota></cputune>`,
      `# while it runs: virsh schedinfo ${shellWord(name)} --set vcpu_period=${period} --set vcpu_quota=${budget}`,
      ...pinLines(pins, name, (cpu) => `# while it runs: virsh vcpupin ${shellWord(name)} 0 ${cpu}`),
    ]),
};

export const docker: Mechanism = {
  title: "Docker",
  unit: "us",
  settingsOf: (system, pins) =>
    limits(system, whyNoContainer, ({ name, budget, period }) => [
      `docker run --name ${name} --cpuset-cpus ${pins?.get(name) ?? "CPU"} --cpu-period ${period} --cpu-quota ${budget} IMAGE`,
      `# while it runs: docker update ${pinLines(pins, name, (cpu) => `--cpuset-cpus ${cpu} `).join("")}--cpu-period ${period} --cpu-quota ${budget} ${name}`,
    ]),
};

/** Every value is more than asked for by less than a hundredth of a percent of the period. */
export const systemd: Mechanism = {
  title: "systemd, CPUQuota",
  unit: "us",
  settingsOf: (system, pins) =>
    limits(
      system,
      () => null,
      ({ name, budget, period }) => {
        const parts = Math.ceil((budget * SYSTEMD_PARTS) / period);
        const percent = `${Math.floor(parts / 100)}.${String(parts % 100).padStart(2, "0")}`;
        const unit = shellWord(`${unitName(name)}.service`);
        return [
          `systemctl set-property ${unit} AllowedCPUs=${pins?.get(name) ?? "CPU"} CPUQuotaPeriodSec=${period}us CPUQuota=${percent}%  # ${onOneLine(name)}`,
        ];
      },
    ),
};

/** What pins a server to its CPU; nothing where the CPU is not said. */
function pinLines(pins: Pins | undefined, name: string, line: (cpu: number) => string): string[] {
  const cpu = pins?.get(name);
  return cpu === undefined ? [] : [line(cpu)];
}

/** cgroup v2 has 100 where Linux's own weight is 1024, and takes 1 to 10,000. */
function weightOf(more: More = {}): number {
  const weight = typeof more.weight === "number" ? more.weight : 1024;
  return Math.min(10_000, Math.max(1, Math.round((weight * 100) / 1024)));
}

/**
 * Limits of every server that has a budget.
 * @param whyNot why a server's name cannot stand in the lines; null: it can
 * @param weight lines of a server that shares what is left, where the mechanism can set weights
 */
function limits(
  system: System,
  whyNot: (name: string) => string | null,
  lines: (server: BudgetedServer) => string[],
  weight?: (server: Server) => string[],
): Settings {
  const { reserved, shared, warnings } = reservations(system, { weights: weight !== undefined });
  const settings: string[] = [];
  for (const server of shared) {
    const reason = whyNot(server.name);
    if (reason !== null) warnings.push(`${JSON.stringify(server.name)} ${reason}: it has no settings here`);
    else settings.push(...weight!(server));
  }
  if (shared.length > 0)
    warnings.push(
      "cpu.weight shares what is left: it guarantees nothing, and groups with a quota have weights as well",
    );
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
