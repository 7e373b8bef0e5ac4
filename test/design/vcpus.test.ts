// Systems that say something of several CPUs, placed: each VCPU a server of its own, each on a CPU that it may have.

import fc from "fast-check";
import { Fraction } from "fraction.js";
import { describe, expect, test } from "vitest";
import { analyze } from "../../src/analysis/index.js";
import { deploy, MECHANISM_NAMES, type MechanismName } from "../../src/design/deploy/index.js";
import { designSystem } from "../../src/design/design.js";
import { designHost } from "../../src/design/several.js";
import { asServers, whyNotPlaced } from "../../src/design/vcpus.js";
import type { System } from "../../src/model/system.js";
import { normalForm } from "../../src/scenario/normal-form.js";
import { parseScenario } from "../../src/scenario/parse.js";
import { resolveScenario } from "../../src/scenario/resolve.js";
import { runsOf } from "../support/runs.js";
import { simulateObject } from "../support/simulate.js";

type Json = Record<string, unknown>;

const systemOf = (scenario: unknown): System => resolveScenario(parseScenario(JSON.stringify(scenario)));
const placed = (scenario: unknown): System => {
  const system = systemOf(scenario);
  expect(whyNotPlaced(system, system.several!)).toEqual([]);
  return asServers(system, system.several!);
};

const vcpu = fc.record({
  policy: fc.constantFrom("idling", "polling", "deferrable", "sporadic", "cbs"),
  period: fc.constantFrom(4, 6, 10),
  budget: fc.integer({ min: 1, max: 4 }),
});
const task = fc.record({
  period: fc.integer({ min: 8, max: 40 }),
  wcet: fc.integer({ min: 1, max: 5 }),
  offset: fc.nat(9),
  on: fc.nat(2),
});
/** A plain server, a partitioned VM, and another one, with one CPU for each VCPU. */
const scenarios = fc
  .record({
    scheduler: fc.constantFrom("fp", "edf"),
    guests: fc.array(fc.constantFrom("fp", "edf", "fifo"), { minLength: 2, maxLength: 2 }),
    vcpus: fc.array(vcpu, { minLength: 3, maxLength: 6 }),
    tasks: fc.array(task, { minLength: 2, maxLength: 8 }),
  })
  .map(({ scheduler, guests, vcpus, tasks }): Json => {
    const [plain, ...others] = vcpus;
    const half = Math.ceil(others.length / 2);
    const vm = (name: string, own: typeof others, guest: string, which: number): Json => ({
      name,
      assignment: "partitioned",
      scheduler: guest,
      vcpus: own.map((each, i) => ({ ...each, name: `v${i}` })),
      tasks: tasks
        .filter((_, i) => i % 2 === which)
        .map(({ on, ...each }, i) => ({ ...each, name: `t${i}`, vcpu: `v${on % own.length}` })),
    });
    const servers = [
      { ...plain, name: "plain", tasks: [{ name: "t", period: 20, wcet: 2 }] },
      vm("a", others.slice(0, half), guests[0], 0),
      ...(others.length > half ? [vm("b", others.slice(half), guests[1], 1)] : []),
    ];
    return { horizon: 300, host: { scheduler, cpus: 1 }, servers };
  });

const without = (record: Json, ...keys: string[]) =>
  Object.fromEntries(Object.entries(record).filter(([key]) => !keys.includes(key)));

test("a partitioned VM runs as its VCPUs would as servers", () => {
  fc.assert(
    fc.property(scenarios, (scenario) => {
      const as = simulateObject(normalForm(placed(scenario), { horizon: 300 }));
      const vms = simulateObject(scenario);
      const vcpus = vms.servers.flatMap(({ name, vcpus: own, ...server }: Json & { vcpus?: Json[] }) =>
        own === undefined ? [{ name, ...server }] : own.map((each) => ({ ...each, name: `${name}.${each.name}` })),
      );
      expect(vcpus.map((server: Json) => without(server, "migrations"))).toEqual(as.servers);
      const sorted = (tasks: Json[]) => tasks.map((each) => JSON.stringify(without(each, "server", "name"))).sort();
      expect(sorted(vms.tasks.map((each: Json) => without(each, "migrations")))).toEqual(sorted(as.tasks));
    }),
    { numRuns: runsOf(400) },
  );
});

describe("what depends on others is refused, with what to do instead", () => {
  const dom0 = { name: "dom0", policy: "idling", period: 10, budget: 4, tasks: [{ name: "irq", period: 20, wcet: 1 }] };
  const vcpus = [0, 1].map((i) => ({ name: `v${i}`, policy: "idling", period: 10, budget: 4 }));
  const t = { name: "t", period: 20, wcet: 4 };
  const parts = [0, 1].map((i) => ({ vcpu: `v${i}`, budget: 2 }));
  const own = { name: "s", policy: "idling", period: 10, budget: 4 };
  test.each([
    ["global-blind", { name: "vm", assignment: "global-blind", vcpus, tasks: [t] }, "say assignment: partitioned"],
    ["parts", { name: "vm", assignment: "partitioned", vcpus, tasks: [{ ...t, parts }] }, "vm/t runs in parts"],
    ["a tree", { ...own, servers: [{ ...own, name: "leaf", tasks: [t] }] }, "list its leaves as topmost servers"],
    [
      "a chain",
      { ...own, tasks: [{ name: "t", wcet: 1, after: { server: "dom0", task: "irq" } }] },
      "s/t follows dom0/irq, so what it needs depends on the budget of another server",
    ],
    ["host_priority", { ...own, tasks: [{ ...t, host_priority: 1 }] }, "s/t has host_priority"],
  ])("%s", (_, server, reason) => {
    const system = systemOf({ horizon: 100, host: { cpus: 2 }, servers: [dom0, server] });
    const reasons = whyNotPlaced(system, system.several!);
    expect(reasons.length).toBeGreaterThan(0);
    for (const each of reasons) expect(each).toContain(reason);
  });

  test("a deferred task; and under host edf a host_priority has no effect", () => {
    const rt = { name: "rt", policy: "dedicated", tasks: [t] };
    const deferred = { ...own, tasks: [{ ...t, defer_while: "rt" }] };
    const system = systemOf({ horizon: 100, host: { cpus: 2 }, servers: [rt, deferred] });
    expect(whyNotPlaced(system, system.several!)).toEqual([expect.stringContaining("s/t has defer_while")]);
    const raised = { ...own, tasks: [{ ...t, host_priority: 1 }] };
    const edf = systemOf({ horizon: 100, host: { scheduler: "edf", cpus: 2 }, servers: [raised] });
    expect(whyNotPlaced(edf, edf.several!)).toEqual([]);
  });
});

const light = fc.record({
  policy: fc.constantFrom("idling", "cbs"),
  wcet: fc.integer({ min: 1, max: 12 }),
  cluster: fc.nat(1),
});

test("servers with an affinity are placed as each group would be on its CPUs alone", () => {
  const seen = { placed: 0, none: 0 };
  const settings = { switchCost: 0, periods: { from: 2, to: 8, step: 3 } };
  const property = fc.property(fc.array(light, { minLength: 2, maxLength: 5 }), fc.boolean(), (drawn, swapped) => {
    const clusters = swapped ? [[1, 3], [0]] : [[0], [1, 3]];
    const servers = drawn.map(({ policy, wcet }, i) => ({
      ...{ name: `s${i}`, policy, period: 8, budget: 1, tasks: [{ name: "t", period: 20, wcet }] },
    }));
    const system = systemOf({ horizon: 100, host: { scheduler: "edf" }, servers });
    const cpusOf = drawn.map(({ cluster }) => clusters[cluster]);
    const { choice, misfits, alone } = designHost(system, { ...settings, cpus: 4, cpusOf });
    if (alone.length > 0) return;
    const groups = clusters.map((_, i) => [...drawn.keys()].filter((server) => drawn[server].cluster === i));
    const apart = groups.map((members, i) => {
      const own = { ...system, servers: members.map((server) => system.servers[server]) };
      return members.length === 0 ? null : designHost(own, { ...settings, cpus: clusters[i].length });
    });
    const fits = apart.every((each) => each === null || each.choice !== null);
    expect(choice !== null).toBe(fits);
    seen[fits ? "placed" : "none"]++;
    expect(misfits.map((misfit) => misfit.servers).sort()).toEqual(
      groups.filter((_, i) => apart[i] !== null && apart[i].choice === null).sort(),
    );
    if (choice === null) return;
    expect(choice.isOptimal).toBe(true);
    groups.forEach((members, i) => {
      members.forEach((server, place) => {
        expect(choice.cpuOf[server]).toBe(clusters[i][apart[i]!.choice!.cpuOf[place]]);
        expect(choice.system.servers[server]).toEqual({
          ...apart[i]!.choice!.system.servers[place],
          name: `s${server}`,
        });
      });
    });
    expect(choice.cpus[2].servers).toEqual([]);
  });
  fc.assert(property, { seed: 20, numRuns: Math.max(60, runsOf(300)) });
  expect(Math.min(seen.placed, seen.none)).toBeGreaterThan(3);
});

test("a system that says its CPUs is designed by what it says", () => {
  const own = { policy: "cbs", period: 10, budget: 4 };
  const tasks = [0, 1].map((i) => ({ name: `t${i}`, period: 20, wcet: 9, vcpu: `v${i}` }));
  const vcpus = [0, 1].map((i) => ({ ...own, name: `v${i}`, affinity: [1 - i] }));
  const given = { horizon: 100, host: { scheduler: "edf", cpus: 2 } };
  const system = systemOf({ ...given, servers: [{ name: "vm", assignment: "partitioned", vcpus, tasks }] });
  const { choice } = designHost(system, { cpus: 2, switchCost: 0 });
  expect([choice!.cpuOf, choice!.system.servers.map(({ name }) => name)]).toEqual([
    [1, 0],
    ["vm.v0", "vm.v1"],
  ]);
  expect(designHost(system, { cpus: 1, switchCost: 0 }).alone).toEqual([
    { name: "vm.v0", reason: "none of the CPUs of its affinity is there" },
  ]);
  const blind = { name: "vm", assignment: "global-blind", vcpus, tasks: [{ name: "t", period: 20, wcet: 9 }] };
  const { alone } = designHost(
    systemOf({ ...given, servers: [{ ...blind, vcpus: [0, 1].map((i) => ({ ...own, name: `v${i}` })) }] }),
    { cpus: 2, switchCost: 0 },
  );
  expect(alone).toEqual(
    [0, 1].map((i) => ({ name: `vm.v${i}`, reason: expect.stringContaining("vm is global-blind") })),
  );
  const [curve] = designSystem(system, { switchCost: 0 }).curves;
  expect(curve.reason).toContain("for a design with several CPUs");
});

describe("settings of a VM with several VCPUs", () => {
  const VMS = {
    horizon: 100,
    host: { scheduler: "edf", cpus: 8 },
    servers: [
      {
        name: "vm",
        assignment: "partitioned",
        vcpus: [
          { name: "v0", policy: "cbs", period: 20, budget: 4 },
          { name: "v1", policy: "cbs", period: 10, budget: 4 },
        ],
        tasks: [0, 1].map((i) => ({ name: `t${i}`, period: 40, wcet: 2, vcpu: `v${i}` })),
      },
      { name: "net", policy: "cbs", period: 20, budget: 8, tasks: [{ name: "t", period: 40, wcet: 2 }] },
    ],
  };
  const settings = (mechanism: MechanismName, v1 = 7) => {
    const pins = new Map(Object.entries({ "vm.v0": 3, "vm.v1": v1, net: 3 }));
    return deploy({ system: placed(VMS), step: new Fraction(1_000_000), pins }, mechanism);
  };

  test.each([
    ["sched-deadline", "echo 7 > /dev/cpuset/cpu7/cpuset.cpus"],
    ["sched-deadline", "echo TID > /dev/cpuset/cpu7/tasks  # vm.v1"],
    ["sched-deadline", 'chrt -d -T 4000000 -D 10000000 -P 10000000 -p 0 TID  # vm.v1, thread "CPU 1/KVM", CPU 7'],
    ["rt-group", "echo 10000 > /sys/fs/cgroup/cpu/vm.v1/cpu.rt_period_us"],
    [
      "libvirt",
      '<cputune><vcpupin vcpu="0" cpuset="3"/><vcpupin vcpu="1" cpuset="7"/><period>10000</period><quota>4000</quota></cputune>',
    ],
    ["libvirt", "# while it runs: virsh vcpupin vm 1 7"],
    ["cgroup", '# a threaded group (cgroup.type) for the thread "CPU 1/KVM" of vm'],
    ["cgroup", 'echo "4000 10000" > /sys/fs/cgroup/vm.v1/cpu.max'],
    ["xen-rtds", "xl vcpu-pin vm 1 7"],
    ["xen-rtds", "xl sched-rtds -d vm -v 1 -p 10000 -b 4000 -e 0"],
    ["xen-rtds", "xl sched-rtds -d net -v all -p 20000 -b 8000 -e 0"],
    ["arinc653", "<!-- partition 0: vm, virtual CPU 1, CPU 7 -->"],
    ["arinc653", '    <Slot id="0" start="0us" duration="4000us" partitionId="0" vCpuId="1"/>'],
    ["rt-app", "# vm.v1.json, CPU 7"],
  ] as const)("%s: %s", (mechanism, line) => {
    expect(settings(mechanism).settings).toContain(line);
  });

  test("a VM whose VCPUs are all on one CPU is a process of its partition", () => {
    const lines = settings("sched-deadline", 3).settings;
    expect(lines).toContain("echo root > /sys/fs/cgroup/cpu3/cpuset.cpus.partition");
    expect(lines).toContain("echo PID > /sys/fs/cgroup/cpu3/cgroup.procs  # vm.v1");
  });

  test("what only limits whole machines has nothing for its VCPUs, and libvirt one quota for all", () => {
    for (const mechanism of ["docker", "systemd", "kubelet"] as const) {
      const { settings: lines, warnings } = settings(mechanism);
      expect(lines.join("\n")).not.toContain("vm.v");
      expect(lines.join("\n")).toContain("net");
      for (const name of ["vm.v0", "vm.v1"])
        expect(warnings).toContainEqual(expect.stringContaining(`"${name}" is one of several virtual CPUs`));
    }
    expect(settings("libvirt").warnings).toContainEqual(expect.stringContaining("vm: libvirt has one quota"));
  });

  test.each(MECHANISM_NAMES)("%s: what is chosen for it is schedulable", (mechanism) => {
    const { choice } = designHost(placed(VMS), { cpus: 2, switchCost: 0 });
    expect(analyze({ ...choice!.system, servers: [choice!.system.servers[0]] }).schedulable).toBe(true);
    expect(settings(mechanism).settings.length).toBeGreaterThan(0);
  });
});
