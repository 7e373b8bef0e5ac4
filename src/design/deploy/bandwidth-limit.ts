// Linux CFS bandwidth control, by itself (cgroup v2) and through those that set it for others: a quota in each period,
// in microseconds. It only limits (Linux kernel documentation, sched-bwc): what a group really gets depends on the
// weights of all others.

import { shellWord } from "../../input/shell.js";
import type { BudgetedServer, More, Server, System } from "../../model/system.js";
import { type Mechanism, machineOf, type Pins, reservations, type Settings, virtualCpusOf } from "./deployment.js";
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

/** Why a virtual CPU has no limit where only whole machines have one. */
export const PART_OF_MACHINE = "is one of several virtual CPUs, and only its machine as a whole can be limited";

export const cgroup: Mechanism = {
  title: "cgroup v2, cpu.max",
  unit: "us",
  settingsOf: (system, pins) =>
    limits(
      system,
      ({ name }) => whyNoDirectory(name),
      ({ name, budget, period, vm, vcpu }) => [
        ...(vm === undefined
          ? []
          : [`# a threaded group (cgroup.type) for the thread "CPU ${vcpu}/KVM" of ${onOneLine(vm)}`]),
        ...pinLines(pins, name, (cpu) => `echo ${cpu} > ${shellWord(`/sys/fs/cgroup/${name}/cpuset.cpus`)}`),
        `echo "${budget} ${period}" > ${shellWord(`/sys/fs/cgroup/${name}/cpu.max`)}`,
      ],
      ({ name, more }) => [`echo ${weightOf(more)} > ${shellWord(`/sys/fs/cgroup/${name}/cpu.weight`)}`],
    ),
};

export const libvirt: Mechanism = {
  title: "libvirt, cputune",
  unit: "us",
  settingsOf: (system, pins) => {
    const uneven: string[] = [];
    const { settings, warnings } = limits(
      system,
      ({ name }) => whyNoWord(name),
      (server, reserved) => {
        const vcpus = virtualCpusOf(reserved, server);
        return server === vcpus[0] ? domainLines(vcpus, pins, uneven) : [];
      },
    );
    return { settings, warnings: [...warnings, ...uneven] };
  },
};

/** libvirt has one quota for all virtual CPUs of a domain: the greatest share of them. @param uneven gets a warning where they differ */
function domainLines(vcpus: readonly BudgetedServer[], pins: Pins | undefined, uneven: string[]): string[] {
  const { name } = machineOf(vcpus[0]);
  const { budget, period } = vcpus.reduce((most, each) =>
    each.budget / each.period > most.budget / most.period ? each : most,
  );
  if (vcpus.some((each) => each.budget !== budget || each.period !== period))
    uneven.push(
      `${name}: libvirt has one quota for all its virtual CPUs; the greatest share is more than some should get`,
    );
  const pinned = (line: (vcpu: number, cpu: number) => string) =>
    vcpus.flatMap((server) => pinLines(pins, server.name, (cpu) => line(machineOf(server).vcpu, cpu)));
  return [
    `<!-- ${commentText(name)} -->`,
    `<cputune>${pinned((vcpu, cpu) => `<vcpupin vcpu="${vcpu}" cpuset="${cpu}"/>`).join("")}<period>${period}</period><quota>${budget}</quota></cputune>`,
    `# while it runs: virsh schedinfo ${shellWord(name)} --set vcpu_period=${period} --set vcpu_quota=${budget}`,
    ...pinned((vcpu, cpu) => `# while it runs: virsh vcpupin ${shellWord(name)} ${vcpu} ${cpu}`),
  ];
}

export const docker: Mechanism = {
  title: "Docker",
  unit: "us",
  settingsOf: (system, pins) =>
    limits(system, whyNot(whyNoContainer, system), ({ name, budget, period }) => [
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
      whyNot(() => null, system),
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

/** Why a server cannot be limited where only whole machines can, by their name. */
function whyNot(ofName: (name: string) => string | null, { servers }: System): (server: Server) => string | null {
  return (server) => (virtualCpusOf(servers, server).length > 1 ? PART_OF_MACHINE : ofName(server.name));
}

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
 * @param whyNone why a server cannot have any lines; null: it can
 * @param lines of a server, one of all that have a budget
 * @param weight lines of a server that shares what is left, where the mechanism can set weights
 */
function limits(
  system: System,
  whyNone: (server: Server) => string | null,
  lines: (server: BudgetedServer, reserved: readonly BudgetedServer[]) => string[],
  weight?: (server: Server) => string[],
): Settings {
  const { reserved, shared, warnings } = reservations(system, { weights: weight !== undefined });
  const settings: string[] = [];
  for (const server of shared) {
    const reason = whyNone(server);
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
    const reason = whyNone(server);
    if (reason !== null) warnings.push(`${JSON.stringify(name)} ${reason}: it has no settings here`);
    else settings.push(...lines(server, reserved));
  }
  const debt = "and what was too much is taken from the next quota";
  return { settings, warnings: [UPPER_BOUND, ...warnings, ...tickWarnings(reserved, "us", debt)] };
}
