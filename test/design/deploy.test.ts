// The settings of real schedulers: exact where the units fit, never less than designed where they do not.

import fc from "fast-check";
import { Fraction } from "fraction.js";
import { describe, expect, test } from "vitest";
import { analyze, type BudgetedServer, isReservation, type System } from "../../src/analysis/index.js";
import { windowTable } from "../../src/design/deploy/arinc653.js";
import { type Deployment, deploy, MECHANISM_NAMES, type MechanismName } from "../../src/design/deploy/index.js";
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

  test("limits of the kernels are warnings", () => {
    expect(deployed([VM], "sched-deadline", 1e-4).warnings.join()).toMatch(/1024 ns.*periods from 100000/);
    expect(deployed([VM], "cgroup", 1e-1).warnings.join()).toMatch(/quota below 1000 us.*periods from 1000/);
    expect(deployed([{ ...VM, budget: 3 }], "sched-deadline").warnings.join()).toContain("95 % of a CPU");
    expect(deployed([VM], "xen-rtds", 1e-3).warnings.join()).toContain("below 10 us");
    const dedicated = { name: "rest", policy: "dedicated", tasks: [] };
    expect(deployed([VM, dedicated], "cgroup").warnings).toContain(
      "rest is dedicated: it has no guaranteed budget that could be set",
    );
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
      const { host, tasks } = analyze(system, { details: false });
      fc.pre(host.schedulable && tasks.every(({ schedulable }) => schedulable === true));
      const { settings, warnings } = deploy({ system, step: new Fraction(1_000_000) }, "arinc653");
      if (settings.length > 0) expect(warnings).toEqual([]);
    });
    fc.assert(property, { numRuns: runsOf(300) });
  });
});
