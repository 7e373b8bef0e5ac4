// The settings of real schedulers: exact where the units fit, never less than designed where they do not.

import fc from "fast-check";
import { Fraction } from "fraction.js";
import { describe, expect, test } from "vitest";
import { analyze, type BudgetedServer, isReservation, type System } from "../../src/analysis/index.js";
import { OWN_RESERVATION } from "../../src/analysis/theorems.js";
import { windowTable } from "../../src/design/deploy/arinc653.js";
import {
  type Deployment,
  deploy,
  deployAsGiven,
  isDeployableAsGiven,
  MECHANISM_NAMES,
  type MechanismName,
} from "../../src/design/deploy/index.js";
import { DoesNotFit, inDeployUnit } from "../../src/design/deploy/units.js";
import { parseScenario } from "../../src/scenario/parse.js";
import { resolveScenario } from "../../src/scenario/resolve.js";
import { reservedSystems } from "../soundness/systems.js";
import { runsOf } from "../support/runs.js";

function systemOf(servers: readonly object[], host: object = {}): System {
  return resolveScenario(parseScenario(JSON.stringify({ horizon: 1000, host, servers })));
}

const VM = {
  name: "vm",
  policy: "idling",
  period: 3,
  budget: 1,
  tasks: [
    { name: "slow", period: 55, wcet: 5 },
    { name: "fast", period: 25, wcet: 1, offset: 2 },
  ],
};
const EDF = {
  name: "my vm",
  policy: "polling",
  period: 12,
  budget: 2,
  scheduler: "edf",
  tasks: [{ name: "t", period: 60, wcet: 2, deadline: 90 }],
};

/** Of a tick of 4 ms. */
function deployed(servers: readonly object[], mechanism: MechanismName, ms = 4): Deployment {
  return deploy({ system: systemOf(servers), step: new Fraction(ms).mul(1_000_000) }, mechanism);
}

describe("settings", () => {
  test("SCHED_DEADLINE, nanoseconds", () => {
    const { settings, warnings, unit } = deployed([VM, EDF], "sched-deadline");
    expect(unit).toBe("ns");
    expect(settings.slice(2)).toEqual([
      "chrt -d -T 4000000 -D 12000000 -P 12000000 -p 0 TID  # vm",
      "chrt -d -T 8000000 -D 48000000 -P 48000000 -p 0 TID  # my vm",
    ]);
    expect(warnings).toEqual([]);
  });

  test("of version 2: deadlines and GRUB, weights beside quotas, extra time, and what is not guaranteed", () => {
    const task = [{ name: "t", period: 20, wcet: 4 }];
    const vm = { name: "vm", policy: "cbs", period: 20, budget: 4, deadline: 10, tasks: task };
    const other = { ...vm, name: "gr", deadline: 20, reclaim: true, background: { weight: 512 } };
    const rest = { name: "rest", policy: "fair", weight: 512, tasks: [{ name: "loop", think: 5, wcet: 3 }] };
    const system = systemOf([vm, other, rest], { scheduler: "edf", fair: { algorithm: "sfq", quantum: 3 } });
    const given = (mechanism: MechanismName, of = system) =>
      deployAsGiven({ system: of, step: new Fraction(1_000_000) }, mechanism);
    expect(isDeployableAsGiven(system)).toBe(true);
    expect(isDeployableAsGiven(systemOf([VM]))).toBe(false);

    const deadline = given("sched-deadline");
    expect(deadline.settings.slice(2)).toEqual([
      "chrt -d -T 4000000 -D 10000000 -P 20000000 -p 0 TID  # vm",
      `python3 -c 'import ctypes, struct; exit(ctypes.CDLL(None).syscall(314, TID, struct.pack("=IIQiIQQQ", 48, 6, 2, 0, 0, 4000000, 20000000, 20000000), 0) != 0)'  # gr`,
    ]);
    for (const text of [
      "the budgets are those that were given: nothing is proved of this system",
      "gr: background cannot be set here",
      "rest is fair: it has no guaranteed budget that could be set",
      "gr: what it reclaims (GRUB, SCHED_FLAG_RECLAIM) is what others leave, and guarantees nothing",
      "the kernel admits by runtime / period, also where the deadline is shorter",
    ])
      expect(deadline.warnings).toContainEqual(expect.stringContaining(text));

    const quotas = given("cgroup");
    expect(quotas.settings).toEqual([
      "echo 50 > /sys/fs/cgroup/rest/cpu.weight",
      'echo "4000 20000" > /sys/fs/cgroup/vm/cpu.max',
      'echo "4000 20000" > /sys/fs/cgroup/gr/cpu.max',
    ]);
    expect(quotas.warnings).toContainEqual(expect.stringContaining("cpu.weight shares what is left"));
    expect(given("rt-app").warnings).toContainEqual("rest/loop has no period: it is left out");

    const rtds = { name: "vm", policy: "rtds", period: 20, budget: 4, extratime: true, tasks: task };
    const xen = given("xen-rtds", systemOf([rtds, { ...rtds, name: "b", extratime: false }], { scheduler: "edf" }));
    expect(xen.settings.slice(1)).toEqual([
      "xl sched-rtds -d vm -v all -p 20000 -b 4000 -e 1",
      "xl sched-rtds -d b -v all -p 20000 -b 4000 -e 0",
    ]);
    expect(xen.warnings).toContainEqual(expect.stringContaining("it guarantees nothing beyond the budget"));
  });

  test("a flag that is false asks for nothing", () => {
    const vm = { name: "vm", policy: "rtds", period: 20, budget: 4, tasks: [] };
    const warned = (extratime: boolean) => {
      const system = systemOf([{ ...vm, extratime }], { scheduler: "edf" });
      return deployAsGiven({ system, step: new Fraction(1_000_000) }, "docker").warnings;
    };
    expect(warned(true)).toContain("vm: extratime cannot be set here");
    expect(warned(false).filter((text) => text.includes("extratime"))).toEqual([]);
  });

  test.each(MECHANISM_NAMES.filter((name) => name !== "rt-app"))(
    "%s: without a budget one line says so",
    (mechanism) => {
      const vm = { policy: "credit", weight: 200, tasks: [{ name: "t", period: 20, wcet: 4 }] };
      const servers = [
        { name: "a", ...vm },
        { name: "b", ...vm },
      ];
      const system = systemOf(servers, { scheduler: "credit", slice: 30, tick: 10 });
      expect(deployAsGiven({ system, step: new Fraction(1_000_000) }, mechanism)).toMatchObject({
        settings: [],
        warnings: ["nothing can be set with this mechanism: no server has a guaranteed budget, all are credit"],
      });
    },
  );

  test("what has no test is said once, by its server and field", () => {
    const task = (name: string) => ({ name, period: 20, wcet: 1 });
    const vm = { name: "vm", policy: "cbs", period: 20, budget: 4, deadline: 10, tasks: [task("a"), task("b")] };
    const { warnings } = deployAsGiven(
      { system: systemOf([vm], { scheduler: "edf" }), step: new Fraction(1_000_000) },
      "sched-deadline",
    );
    expect(warnings.filter((text) => text.includes("no test"))).toEqual([
      "nothing shows that SCHED_DEADLINE gives every server its budget in time: no test for vm's deadline shorter than its period",
    ]);
  });

  test("libvirt and cgroup v2, microseconds, only an upper bound", () => {
    const libvirt = deployed([VM, EDF], "libvirt");
    expect(libvirt.settings).toEqual([
      "<!-- vm -->",
      "<cputune><period>12000</period><quota>4000</quota></cputune>",
      "# while it runs: virsh schedinfo vm --set vcpu_period=12000 --set vcpu_quota=4000",
      "<!-- my vm -->",
      "<cputune><period>48000</period><quota>8000</quota></cputune>",
      "# while it runs: virsh schedinfo 'my vm' --set vcpu_period=48000 --set vcpu_quota=8000",
    ]);
    const cgroup = deployed([VM, EDF], "cgroup");
    expect(cgroup.settings).toEqual([
      'echo "4000 12000" > /sys/fs/cgroup/vm/cpu.max',
      "echo \"8000 48000\" > '/sys/fs/cgroup/my vm/cpu.max'",
    ]);
    for (const { warnings } of [libvirt, cgroup])
      expect(warnings).toEqual([expect.stringContaining("an upper bound only")]);
  });

  test("Xen RTDS, microseconds, and what its deferrable servers do to each other", () => {
    const alone = deployed([VM], "xen-rtds");
    expect(alone.settings.slice(1)).toEqual(["xl sched-rtds -d vm -v all -p 12000 -b 4000 -e 0"]);
    expect(alone.warnings).toEqual([]);
    expect(deployed([VM, EDF], "xen-rtds").warnings).toEqual([
      expect.stringContaining("nothing shows that RTDS gives every server its budget in time"),
    ]);
  });

  test("ARINC 653 windows", () => {
    const { settings, warnings } = deployed([VM, { ...EDF, period: 6 }], "arinc653");
    expect(settings).toEqual([
      "<!-- partition 0: vm -->",
      "<!-- partition 1: my vm -->",
      '<Plan id="0" majorFrame="24000us">',
      '  <Slot id="0" start="0us" duration="4000us" partitionId="0"/>',
      '  <Slot id="1" start="4000us" duration="8000us" partitionId="1"/>',
      '  <Slot id="2" start="12000us" duration="4000us" partitionId="0"/>',
      "</Plan>",
    ]);
    expect(warnings).toEqual([]);
  });

  test("rt-app: the load of each guest, by its priorities or deadlines", () => {
    const { settings } = deployed([VM, EDF], "rt-app");
    const second = settings.indexOf("# my vm.json");
    expect(settings[0]).toBe("# vm.json");
    expect(JSON.parse(settings.slice(1, second).join("\n"))).toMatchObject({
      tasks: {
        slow: {
          policy: "SCHED_FIFO",
          priority: 79,
          run: 20_000,
          timer: { ref: "unique", period: 220_000, mode: "absolute" },
        },
        fast: { policy: "SCHED_FIFO", priority: 80, delay: 8000, run: 4000, timer: { period: 100_000 } },
      },
    });
    expect(JSON.parse(settings.slice(second + 1).join("\n"))).toMatchObject({
      tasks: {
        t: { policy: "SCHED_DEADLINE", "dl-runtime": 8000, "dl-deadline": 240_000, "dl-period": 240_000 },
      },
    });
  });

  test("RT groups, microseconds: the most urgent first, and only a limit", () => {
    const { settings, warnings } = deployed(
      [
        { ...EDF, priority: 2 },
        { ...VM, priority: 1 },
      ],
      "rt-group",
    );
    expect(settings.slice(2)).toEqual([
      "mkdir -p /sys/fs/cgroup/cpu/vm",
      "echo 12000 > /sys/fs/cgroup/cpu/vm/cpu.rt_period_us",
      "echo 4000 > /sys/fs/cgroup/cpu/vm/cpu.rt_runtime_us",
      "echo TID > /sys/fs/cgroup/cpu/vm/tasks",
      "chrt -f -p 80 TID  # vm",
      "mkdir -p '/sys/fs/cgroup/cpu/my vm'",
      "echo 48000 > '/sys/fs/cgroup/cpu/my vm/cpu.rt_period_us'",
      "echo 8000 > '/sys/fs/cgroup/cpu/my vm/cpu.rt_runtime_us'",
      "echo TID > '/sys/fs/cgroup/cpu/my vm/tasks'",
      "chrt -f -p 79 TID  # my vm",
    ]);
    expect(warnings).toEqual([expect.stringContaining("a limit, and no reservation")]);
  });

  test("RT groups are deferrable: what the design's servers kept, they may not", () => {
    const tight = [
      { ...VM, name: "a", period: 5, budget: 3, priority: 1, tasks: [] },
      { ...VM, name: "b", period: 5, budget: 2, priority: 2, tasks: [] },
    ];
    expect(deployed(tight, "rt-group").warnings.slice(1)).toEqual([
      expect.stringContaining("these servers need more than 0.95 of a CPU: up to Linux 6.11 all real-time threads"),
      expect.stringContaining("nothing shows that RT groups gives every server its budget in time"),
    ]);
  });

  test("Docker and systemd, microseconds, only an upper bound", () => {
    const docker = deployed([VM], "docker");
    expect(docker.settings).toEqual([
      "docker run --name vm --cpuset-cpus CPU --cpu-period 12000 --cpu-quota 4000 IMAGE",
      "# while it runs: docker update --cpu-period 12000 --cpu-quota 4000 vm",
    ]);
    const systemd = deployed([VM, EDF], "systemd");
    expect(systemd.settings).toEqual([
      "systemctl set-property vm.service AllowedCPUs=CPU CPUQuotaPeriodSec=12000us CPUQuota=33.34%  # vm",
      "systemctl set-property 'my\\x20vm.service' AllowedCPUs=CPU CPUQuotaPeriodSec=48000us CPUQuota=16.67%  # my vm",
    ]);
    for (const { warnings } of [docker, systemd])
      expect(warnings).toEqual([expect.stringContaining("an upper bound only")]);
  });

  test("the kubelet: whole CPUs, and quotas of one period", () => {
    const whole = { ...VM, name: "whole", budget: 3 };
    const { settings, warnings } = deployed([VM, whole], "kubelet");
    expect(settings).toEqual([
      "# KubeletConfiguration of the node",
      "cpuManagerPolicy: static",
      "featureGates: { CustomCPUCFSQuotaPeriod: true }",
      "cpuCFSQuotaPeriod: 12000us",
      "# resources of each container",
      'resources: { requests: { cpu: "334m", memory: 1Gi }, limits: { cpu: "334m", memory: 1Gi } }  # vm',
      'resources: { requests: { cpu: "1", memory: 1Gi }, limits: { cpu: "1", memory: 1Gi } }  # whole',
    ]);
    expect(warnings).toEqual([
      expect.stringContaining("a CPU of its own only in a pod whose requests are its limits"),
      expect.stringContaining("an upper bound only"),
    ]);
    expect(deployed([VM, EDF], "kubelet")).toMatchObject({
      settings: [],
      warnings: ["not possible: a node has one period for all quotas, and these are 12000, 48000 us"],
    });
    expect(deployed([whole], "kubelet").settings).not.toContain("cpuCFSQuotaPeriod: 12000us");
    expect(deployed([VM], "kubelet", 1e-1).warnings.join()).toContain("a node's period is from 1000 to 1000000 us");
  });

  test("SCHED_DEADLINE admits 0.90 of a CPU beside the fair server of Linux 6.12, before it 0.95", () => {
    const admission = (budget: number) =>
      deployed([{ ...VM, period: 1000, budget, tasks: [] }], "sched-deadline").warnings;
    expect(admission(900)).toEqual([]);
    expect(admission(901)).toEqual([
      expect.stringContaining(
        "these servers need 0.901 of a CPU: Linux 6.12 and later admit 0.90 by default, for their fair server has 0.05, and refuse the last of them; before, 0.95 was admitted",
      ),
    ]);
    expect(admission(950)).toEqual([expect.stringContaining("need 0.95 of a CPU: Linux 6.12 and later")]);
    expect(admission(951)).toEqual([
      expect.stringContaining(
        "these servers need 0.951 of a CPU, and the kernel admits 0.95 by default (kernel.sched_rt_runtime_us), 0.90 from Linux 6.12 on",
      ),
    ]);
  });

  test("budgets that are no whole number of scheduler ticks are warned of", () => {
    const ticks = (budget: number, mechanism: MechanismName) =>
      deployed([{ ...VM, period: 100, budget }], mechanism, 0.5).warnings.filter((text) => text.includes("ticks"));
    for (const mechanism of ["sched-deadline", "rt-group", "cgroup", "libvirt", "docker", "systemd"] as const) {
      const unit = mechanism === "sched-deadline" ? "000000 ns" : "000 us";
      expect(ticks(8, mechanism)).toEqual([]);
      expect(ticks(100, mechanism)).toEqual([]);
      expect(ticks(10, mechanism)).toEqual([
        expect.stringContaining(`vm: 5${unit} is no whole number of scheduler ticks (4 ms at HZ=250); a spent budget`),
      ]);
      expect(ticks(7, mechanism)).toEqual([
        expect.stringContaining("is no whole number of scheduler ticks (1 ms at HZ=1000, 4 ms at HZ=250)"),
      ]);
    }
  });

  test("limits of the kernels are warnings", () => {
    expect(deployed([VM], "sched-deadline", 1e-4).warnings.join()).toMatch(/1024 ns.*periods from 100000/);
    expect(deployed([VM], "cgroup", 1e-1).warnings.join()).toMatch(/quota below 1000 us.*periods from 1000/);
    expect(deployed([VM], "xen-rtds", 1e-3).warnings.join()).toContain("below 10 us");
    const dedicated = { name: "rest", policy: "dedicated", tasks: [] };
    expect(deployed([VM, dedicated], "cgroup").warnings).toContain(
      "rest is dedicated: it has no guaranteed budget that could be set",
    );
  });

  test.each(MECHANISM_NAMES)("%s writes names as text, whatever they are", (mechanism) => {
    const hostile = [
      "x\ntouch EXECUTED #",
      "--->",
      "<evil/> -->",
      "../../x",
      "..",
      "--config",
      "'; rm -rf / '",
      "\u001b]0;owned\u0007",
      "\u202egnp",
      "$(id)",
    ];
    for (const name of hostile) {
      const { settings, warnings } = deployed([{ ...VM, name }], mechanism);
      const lines = [...settings, ...warnings];
      for (const line of lines) expect(line).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u);
      for (const line of settings) {
        const comment = /^<!--(.*)-->$/.exec(line);
        if (comment !== null) expect(comment[1]).not.toContain("--");
        expect(line).not.toMatch(/ (?:-d|schedinfo|--name) '?--/);
        const path = /\/sys\/fs\/cgroup\/(?:cpu\/)?(.*?)\/(?:cpu\.|tasks)/.exec(line);
        if (path !== null) expect(path[1]).not.toMatch(/\/|^\.\.?$/);
      }
      const words = settings.filter((line) => !line.startsWith("#") && line.includes("$(id)"));
      for (const line of words) expect(line).toMatch(/'[^']*\$\(id\)[^']*'|# \$\(id\)$|^<!--|^ *"|^\{/);
    }
  });

  describe("on several CPUs", () => {
    const pinned = (names: readonly string[], mechanism: MechanismName) => {
      const servers = names.map((name) => ({ ...VM, name }));
      const pins = new Map(names.map((name, i) => [name, i === 1 ? 7 : 3]));
      return deploy({ system: systemOf(servers), step: new Fraction(4_000_000), pins }, mechanism);
    };

    test.each([
      ["sched-deadline", "mkdir -p /sys/fs/cgroup/cpu7"],
      ["sched-deadline", "echo 7 > /sys/fs/cgroup/cpu7/cpuset.cpus"],
      ["sched-deadline", "echo root > /sys/fs/cgroup/cpu7/cpuset.cpus.partition"],
      ["sched-deadline", "echo PID > /sys/fs/cgroup/cpu7/cgroup.procs  # net"],
      ["sched-deadline", "chrt -d -T 4000000 -D 12000000 -P 12000000 -p 0 TID  # net, CPU 7"],
      ["rt-group", "taskset -p -c 7 TID"],
      ["libvirt", '<cputune><vcpupin vcpu="0" cpuset="7"/><period>12000</period><quota>4000</quota></cputune>'],
      ["libvirt", "# while it runs: virsh vcpupin net 0 7"],
      ["cgroup", "echo 7 > /sys/fs/cgroup/net/cpuset.cpus"],
      ["docker", "docker run --name net --cpuset-cpus 7 --cpu-period 12000 --cpu-quota 4000 IMAGE"],
      ["docker", "# while it runs: docker update --cpuset-cpus 7 --cpu-period 12000 --cpu-quota 4000 net"],
      ["systemd", "systemctl set-property net.service AllowedCPUs=7 CPUQuotaPeriodSec=12000us CPUQuota=33.34%  # net"],
      [
        "kubelet",
        'resources: { requests: { cpu: "334m", memory: 1Gi }, limits: { cpu: "334m", memory: 1Gi } }  # net, CPU 7',
      ],
      ["xen-rtds", "xl vcpu-pin net 0 7"],
      ["arinc653", "<!-- partition 1: net, CPU 7 -->"],
      ["arinc653", '<Processor id="7">'],
      ["arinc653", '    <Slot id="0" start="0us" duration="4000us" partitionId="1"/>'],
      ["rt-app", "# net.json, CPU 7"],
    ] as const)("%s: %s", (mechanism, line) => {
      const { settings } = pinned(["vm", "net", "ui"], mechanism);
      expect(settings).toContain(line);
      expect(settings.filter((text) => text.includes("CPU 3") || /\b3\b/.test(text)).length).toBeGreaterThan(0);
    });

    test("each CPU is a system of its own: two full ones are no warning, and a warning says which it is of", () => {
      const full = { ...VM, budget: 3, tasks: [] };
      const both = systemOf([
        { ...full, name: "a" },
        { ...full, name: "b" },
      ]);
      const pins = new Map([
        ["a", 0],
        ["b", 1],
      ]);
      const { settings, warnings } = deploy({ system: both, step: new Fraction(4_000_000), pins }, "arinc653");
      expect([settings.filter((line) => line.startsWith("<Processor")), warnings]).toEqual([
        ['<Processor id="0">', '<Processor id="1">'],
        [],
      ]);
      const admission = deploy({ system: both, step: new Fraction(4_000_000), pins }, "sched-deadline").warnings;
      for (const cpu of [0, 1])
        expect(admission).toContainEqual(expect.stringMatching(`^CPU ${cpu}: these servers need 1 of a CPU`));
    });

    test("the kubelet cannot pin", () => {
      expect(pinned(["vm", "net"], "kubelet").warnings).toContainEqual(
        expect.stringContaining("no container can be pinned"),
      );
    });

    test.each(MECHANISM_NAMES)("%s: a hostile name is text", (mechanism) => {
      const { settings, warnings } = pinned(["$(id)", "x\ntouch EXECUTED #", "-->", "'; rm -rf / '"], mechanism);
      for (const line of [...settings, ...warnings]) expect(line).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u);
      for (const line of settings) {
        const comment = /^<!--(.*)-->$/.exec(line);
        if (comment !== null) expect(comment[1]).not.toContain("--");
        if (!line.startsWith("#") && line.includes("$(id)"))
          expect(line).toMatch(/'[^']*\$\(id\)[^']*'|# \$\(id\)(?:, CPU 3)?$|^<!--|^ *"|^\{/);
      }
    });
  });

  test.each(MECHANISM_NAMES)("%s refuses a period below its unit", (mechanism) => {
    const { settings, warnings } = deployed([VM], mechanism, 1e-7);
    expect(settings).toEqual([]);
    expect(warnings).toEqual([expect.stringContaining("not possible: the period of vm is less than 1")]);
  });

  test("windows that do not fit are refused", () => {
    const prime = (period: number) => ({ ...VM, name: `p${period}`, period, tasks: [] });
    expect(deployed([prime(997), prime(991), prime(983)], "arinc653").warnings.join()).toContain("divide each other");
    expect(
      deployed([VM, { ...VM, name: "b" }, { ...VM, name: "c" }, { ...VM, name: "d" }], "arinc653").warnings.join(),
    ).toContain("more than the CPU");
  });
});

describe("rounding", () => {
  const step = fc
    .record({ numerator: fc.integer({ min: 1, max: 5_000_000 }), denominator: fc.integer({ min: 1, max: 999 }) })
    .map(({ numerator, denominator }) => new Fraction(BigInt(numerator) * 3000n, BigInt(denominator)));

  test("never gives less or asks for less than designed", () => {
    const property = fc.property(reservedSystems("fp"), step, (system, length) => {
      let rounded: System;
      try {
        rounded = inDeployUnit(system, length, "us");
      } catch (error) {
        if (error instanceof DoesNotFit) return;
        throw error;
      }
      const exact = (time: number) => length.mul(time).div(1000);
      for (const [index, server] of system.servers.entries()) {
        const { period, budget, tasks } = rounded.servers[index]!;
        if (server.period !== null) {
          expect(exact(server.period).gte(period!)).toBe(true);
          expect(exact(server.budget!).lte(budget!) || budget === period).toBe(true);
          expect(exact(server.period).sub(period!).lt(1)).toBe(true);
        }
        for (const [place, task] of server.tasks.entries()) {
          const { period: T, deadline: D, wcet: C, jitter: J } = tasks[place]!;
          expect(exact(task.period).gte(T) && exact(task.deadline).gte(D)).toBe(true);
          expect(exact(task.wcet).lte(C) && exact(task.jitter).lte(J)).toBe(true);
        }
      }
    });
    fc.assert(property, { numRuns: runsOf(300) });
  });

  test("is exact where the unit fits", () => {
    const { servers } = inDeployUnit(systemOf([VM]), new Fraction(4_000_000), "us");
    expect(servers[0]).toMatchObject({ period: 12_000, budget: 4000 });
    expect(servers[0]!.tasks[0]).toMatchObject({ period: 220_000, wcet: 20_000, deadline: 220_000 });
  });
});

describe("the windows of a table", () => {
  const reservations = fc.array(
    fc.record({ period: fc.constantFrom(4, 6, 8, 12, 16, 24, 30), share: fc.integer({ min: 1, max: 4 }) }),
    { minLength: 1, maxLength: 4 },
  );

  test("give each server its budget in each period, one at a time", () => {
    const property = fc.property(reservations, (drawn) => {
      const servers = drawn.map(
        ({ period, share }, i) =>
          ({ name: `s${i}`, period, budget: Math.floor((period * share) / 16) || 1 }) as BudgetedServer,
      );
      fc.pre(servers.reduce((sum, { budget, period }) => sum + budget / period, 0) <= 1);
      const { frame, windows } = windowTable(servers);
      for (const [i, { start, duration }] of windows.entries()) {
        const before = windows[i - 1];
        expect(start).toBeGreaterThanOrEqual(before === undefined ? 0 : before.start + before.duration);
        expect(start + duration).toBeLessThanOrEqual(frame);
      }
      for (const [number, { period, budget }] of servers.entries()) {
        for (let release = 0; release < frame; release += period) {
          const given = windows
            .filter(({ server }) => server === number)
            .map(({ start, duration }) => Math.min(start + duration, release + period) - Math.max(start, release))
            .reduce((sum, time) => sum + Math.max(0, time), 0);
          expect(given).toBe(budget);
        }
      }
    });
    fc.assert(property, { numRuns: runsOf(300) });
  });

  test("supply at least what the reservations would", () => {
    const property = fc.property(reservedSystems("edf"), (system) => {
      fc.pre(system.host.hostSwitch === 0 && system.servers.every((server) => isReservation(system.host, server)));
      const { schedulable, tasks } = analyze(system, { details: false });
      // A budget that comes when the only task of its server asks for it is not one that a window can bring.
      fc.pre(schedulable === true && tasks.every(({ theorem }) => theorem !== OWN_RESERVATION));
      const { settings, warnings } = deploy({ system, step: new Fraction(1_000_000) }, "arinc653");
      if (settings.length > 0) expect(warnings).toEqual([]);
    });
    fc.assert(property, { numRuns: runsOf(300) });
  });
});
