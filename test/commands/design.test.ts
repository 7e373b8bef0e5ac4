/** replenish design: curves, choices, files and streams. */

import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { tableFromIPC } from "@uwdata/flechette";
import polars from "nodejs-polars";
import { describe, expect, test } from "vitest";
import { analyze } from "../../src/analysis/index.js";
import { designCommand } from "../../src/commands/bodies/design.js";
import type { DesignResult } from "../../src/design/result.js";
import { parseScenario } from "../../src/scenario/parse.js";
import { resolveScenario } from "../../src/scenario/resolve.js";
import { designed, fileOf, printedBy, vectorLines } from "./capture.js";

const PAPER = new URL("../../sweeps/paper.yaml", import.meta.url).pathname;

const HOST = {
  horizon: 1000,
  host: { scheduler: "fp" },
  servers: [
    {
      name: "control",
      policy: "idling",
      period: 10,
      budget: 4,
      tasks: [
        { name: "loop", period: 20, wcet: 3 },
        { name: "log", period: 100, wcet: 4 },
      ],
    },
    {
      name: "video",
      policy: "idling",
      period: 10,
      budget: 4,
      scheduler: "edf",
      tasks: [{ name: "frame", period: 40, wcet: 4 }],
    },
    { name: "net", policy: "polling", period: 10, budget: 2, tasks: [{ name: "rx", period: 50, wcet: 3 }] },
  ],
};

async function resultOf(file: string, options: Parameters<typeof designed>[1] = {}): Promise<DesignResult> {
  const { code, out } = await designed(file, { ...options, json: true });
  expect(code).toBe(0);
  return JSON.parse(out) as DesignResult;
}

describe("--jsonl", () => {
  test("agrees with all 40 vectors", async () => {
    const lines = vectorLines("design.jsonl");
    const { code, out } = await designed(fileOf("q.jsonl", lines.join("\n")), { jsonl: true });
    expect(code).toBe(0);
    const answers = out.trim().split("\n");
    expect(answers).toHaveLength(40);
    for (const [index, line] of lines.entries()) {
      const { curve, best, best_with_switch } = JSON.parse(line);
      expect(JSON.parse(answers[index]!)).toEqual({ curve, best, best_with_switch });
    }
  });

  test.each([
    [
      '{"tasks":[{"period":5,"wcet":2}],"periods":[1,3],"switch":1}',
      {
        curve: [
          [1, 1],
          [2, 1],
          [3, 2],
        ],
        best: 2,
      },
    ],
    ['{"tasks":[{"period":5,"wcet":2}],"periods":[3,1]}', { error: expect.stringContaining("periods: a list is not") }],
    ['{"tasks":[{"period":5}],"periods":[1,3]}', { error: "tasks[0].wcet: is missing; it has no default" }],
    ['{"tasks":[]}', { error: expect.stringContaining("periods: is missing; it is [from, to]: whole numbers") }],
    [
      '{"horizon":9}',
      { error: expect.stringContaining("is not a key of a question, which are id, guest, priorities,") },
    ],
    ['{"guset":"fp"}', { error: expect.stringContaining('did you mean "guest"?') }],
    ["[]", { error: "a list is not an object" }],
    ["{", { error: expect.stringContaining("not valid JSON") }],
  ])("%s", async (line, expected) => {
    const { code, out } = await designed(fileOf("q.jsonl", line), { jsonl: true });
    expect(JSON.parse(out)).toMatchObject(expected);
    expect(code).toBe("error" in expected ? 3 : 0);
  });
});

describe("the paper's guest", () => {
  test("needs 2.5 of 3 ticks, and least of all 3.5 of 4.5", async () => {
    const result = await resultOf(PAPER, { cell: 0, periods: "0.25:20" });
    const [vm] = result.servers;
    expect(vm!.curve.find(({ period }) => period === 3)).toMatchObject({ budget: 2.5, blackout: 1 });
    expect(vm!.best).toBe(4.5);
    expect(result.choice).toMatchObject({
      servers: [{ name: "vm", period: 4.5, budget: 3.5 }],
      optimal: true,
      confirmed: { horizon: 990, holds: true },
    });
    expect(result.choice!.bandwidth).toBe(7 / 9);
  });

  test("with a switch a period", async () => {
    const { servers, choice } = await resultOf(PAPER, {
      cell: 0,
      periods: "1ms:80ms:1ms",
      switch: "4ms",
    });
    const [vm] = servers;
    const cheapest = vm!.curve
      .filter(({ budget }) => budget !== null)
      .sort((a, b) => a.bandwidth_with_switch! - b.bandwidth_with_switch!);
    expect(vm!.curve).toHaveLength(80);
    expect(vm!.best_with_switch).toBe(cheapest[0]!.period);
    expect(cheapest[0]!.bandwidth_with_switch).toBe((cheapest[0]!.budget! + 1) / cheapest[0]!.period);
    // A switch of a whole tick in each period leaves too little of the CPU at any of them.
    expect(cheapest[0]!.bandwidth_with_switch! > 1).toBe(choice === null);
  });
});

describe("several servers", () => {
  test("get periods, budgets and priorities that the analysis passes and a run confirms", async () => {
    const { choice, servers } = await resultOf(fileOf("s.json", JSON.stringify(HOST)));
    const chosen = HOST.servers.map((server, index) => {
      const { period, budget, priority } = choice!.servers[index]!;
      return { ...server, period, budget, priority };
    });
    const system = resolveScenario(parseScenario(JSON.stringify({ ...HOST, servers: chosen })));
    const { host, tasks } = analyze(system);
    expect(host.schedulable).toBe(true);
    expect(tasks.every(({ schedulable }) => schedulable === true)).toBe(true);
    expect(choice!.confirmed.holds).toBe(true);
    expect(choice!.confirmed.tasks.every(({ missed, released }) => missed === 0 && released > 0)).toBe(true);
    // No server alone could do with less, so together they cannot either.
    const least = servers.map(({ curve }) => Math.min(...curve.map(({ bandwidth }) => bandwidth ?? 1)));
    expect(choice!.bandwidth).toBeGreaterThanOrEqual(least.reduce((sum, value) => sum + value) - 1e-12);
  });

  test("say why there is nothing to choose", async () => {
    const dedicated = [{ name: "vm", policy: "dedicated", tasks: [{ name: "t", period: 5, wcet: 1 }] }];
    const { out } = await designed(fileOf("s.json", JSON.stringify({ horizon: 10, servers: dedicated })));
    expect(out).toContain("dedicated has no guaranteed budget");
    expect(out).toContain("Nothing to choose.");
  });

  test("and once where all servers have one reason", async () => {
    const vcpus = ["v0", "v1"].map((name) => ({ name, policy: "idling", period: 5, budget: 2 }));
    const vm = { name: "vm", assignment: "global-blind", vcpus, tasks: [] };
    const other = { name: "other", policy: "idling", period: 5, budget: 1, tasks: [] };
    const scenario = { horizon: 10, host: { cpus: 2 }, servers: [vm, other] };
    const { out } = await designed(fileOf("s.json", JSON.stringify(scenario)));
    expect(out).toMatch(/^vm\.v0, vm\.v1, other: vm is global-blind/);
    expect(out.split("global-blind")).toHaveLength(2);
  });

  test("or that no choice was found", async () => {
    const full = HOST.servers.map((server) => ({ ...server, tasks: [{ name: "t", period: 10, wcet: 4 }] }));
    const { out } = await designed(fileOf("s.json", JSON.stringify({ ...HOST, servers: full })));
    expect(out).toContain("No choice of periods and budgets was found");
  });
});

describe("several CPUs", () => {
  const HOSTS = new URL("../../sweeps/hosts.yaml", import.meta.url).pathname;

  test("docs/deploy.md shows what is printed", async () => {
    const page = readFileSync(new URL("../../docs/deploy.md", import.meta.url), "utf8");
    const { out, code } = await designed(HOSTS, { cpus: 2 });
    expect(code).toBe(0);
    expect(page).toContain(
      `replenish design sweeps/hosts.yaml --cpus 2\n\`\`\`\n\n\`\`\`text\n${out.trimEnd()}\n\`\`\``,
    );
  });

  test("one CPU is what there is without", async () => {
    for (const options of [{ json: true }, { deploy: "all" }] as const) {
      const { out } = await designed(HOSTS, options);
      expect((await designed(HOSTS, { ...options, cpus: 1 })).out).toBe(out);
    }
  });

  test("JSON says the CPU of each server, what is left of each CPU, and how it was found; curves are written", async () => {
    const output = join(dirname(fileOf("x", "")), "out");
    const { host, choice, servers } = await resultOf(HOSTS, { cpus: 3, switch: "1ms", output });
    expect(host).toEqual({ cpus: 3, method: "exact search", affinity: false, alone: [], misfits: [] });
    expect(choice).toMatchObject({ optimal: true, confirmed: { holds: true } });
    for (const { cpu, servers: names, bandwidth_with_switch, left } of choice!.cpus!) {
      expect(names).toEqual(choice!.servers.filter((server) => server.cpu === cpu).map(({ name }) => name));
      expect(bandwidth_with_switch + left).toBeCloseTo(1, 12);
    }
    const rows = tableFromIPC(readFileSync(join(output, "curves.arrow"))).numRows;
    expect(rows).toBe(servers.reduce((sum, { curve }) => sum + curve.length, 0));
  });

  test("settings are those of its CPUs", async () => {
    const { choice, deploy } = await resultOf(HOSTS, { cpus: 2, deploy: "all" });
    const docker = deploy.find(({ mechanism }) => mechanism === "docker")!;
    for (const { name, cpu } of choice!.servers)
      expect(docker.settings).toContainEqual(expect.stringContaining(`--name ${name} --cpuset-cpus ${cpu} `));
  });

  test("a file that names the machine's CPUs is placed on these, and pinned to them", async () => {
    const named = fileOf("named.yaml", `${readFileSync(HOSTS, "utf8")}cpus: [6, 2, 3]\n`);
    const numbers = [6, 2, 3];
    const [plain, real] = [await resultOf(HOSTS, { cpus: 3 }), await resultOf(named, { deploy: "all" })];
    expect(real.choice!.cpus).toStrictEqual(
      plain.choice!.cpus!.map(({ cpu, ...rest }) => ({ cpu: numbers[cpu], ...rest })),
    );
    for (const { name, cpu } of real.choice!.servers) {
      expect(numbers).toContain(cpu);
      const settings = (mechanism: string) =>
        real.deploy.find((one) => one.mechanism === mechanism)!.settings.join("\n");
      expect(settings("docker")).toContain(`--name ${name} --cpuset-cpus ${cpu} `);
      expect(settings("xen-rtds")).toContain(`xl vcpu-pin ${name} 0 ${cpu}`);
      expect(settings("libvirt")).toContain(`virsh vcpupin ${name} 0 ${cpu}`);
      expect(settings("sched-deadline")).toContain(`echo ${cpu} > `);
    }
    expect((await resultOf(named, { cpus: 2 })).choice!.cpus!.map(({ cpu }) => cpu)).toStrictEqual([6, 2]);
    await expect(designed(named, { cpus: 4 })).rejects.toThrow("4 are more than the 3 that the sweep names: 6, 2, 3");
    const one = fileOf("one.yaml", `${readFileSync(HOSTS, "utf8")}cpus: [5]\n`);
    expect((await designed(one, {})).out).toContain("do not fit on 1 CPU with these periods");
  });

  test("where they do not fit, the least number of CPUs is said", async () => {
    const text = readFileSync(HOSTS, "utf8").replace("wcet: 12", "wcet: 22").replace("wcet: 15", "wcet: 40");
    const file = fileOf("h.yaml", text);
    const { out, code } = await designed(file, { cpus: 2 });
    expect([code, out]).toEqual([
      0,
      "6 servers do not fit on 2 CPUs with these periods (exact search): together they take at least 2.314 CPUs, and 3 CPUs are the least that do.\n",
    ]);
    expect((await designed(file, { cpus: 3 })).out).toContain("6 servers on 3 CPUs by exact search");
    const full = fileOf(
      "f.yaml",
      text
        .replace("wcet: 4 }, log", "wcet: 20 }, log")
        .replace("loop: { period: 20, wcet: 4 }", "loop: { period: 20, wcet: 20 }"),
    );
    expect((await designed(full, { cpus: 2 })).out).toBe(
      "control cannot be placed on any CPU, even alone: no budget is enough at any of these periods\n",
    );
  });

  test("an affinity limits where a server goes, on the CPUs of the host or the first of them", async () => {
    const cpus = { control: [2], video: [0, 1], net: [0, 1] } as Record<string, number[]>;
    const servers = HOST.servers.map((server) => ({ ...server, affinity: cpus[server.name] }));
    const file = fileOf("s.json", JSON.stringify({ ...HOST, host: { cpus: 3 }, servers }));
    const { choice, host } = await resultOf(file);
    expect(host).toMatchObject({ cpus: 3, affinity: true, misfits: [] });
    for (const { name, cpu } of choice!.servers) expect(cpus[name]).toContain(cpu);
    expect(choice!.confirmed.holds).toBe(true);
    expect((await designed(file, {})).out).toContain("the least of all placements that affinity allows, with");
    await expect(designed(file, { cpus: 4 })).rejects.toThrow("4 are more than the 3 of the host");
    await expect(designed(file, { cpus: 2 })).rejects.toThrow(
      "--cpus: 2 from CPU 0 on are not enough: control may only have CPU 2",
    );
    const full = servers.map((server) => ({ ...server, tasks: [{ name: "t", period: 10, wcet: 6 }] }));
    const tight = fileOf("t.json", JSON.stringify({ ...HOST, host: { cpus: 3 }, servers: full.slice(1).reverse() }));
    expect((await designed(tight, { periods: "1:9" })).out).toContain("2 servers on 3 CPUs");
    const one = full.map((server) => ({ ...server, affinity: [1] }));
    const none = fileOf("n.json", JSON.stringify({ ...HOST, host: { cpus: 2 }, servers: one }));
    expect((await designed(none, { periods: "1:9" })).out).toMatch(
      /^control, video, net do not fit on CPU 1 with these periods \(exact search\): .* and 3 CPUs are the least that do\.\n$/,
    );
  });

  test("the VCPUs of a partitioned VM are placed one by one; what assign of the host says is replaced", async () => {
    const vcpu = "policy: cbs, period: 10, budget: 5";
    const text = `
tick: 1ms
horizon: 400
cpus: [4, 5]
system:
  host: { scheduler: edf, cpus: 2, assign: first-fit }
  servers:
    vm:
      assignment: partitioned
      assign: worst-fit
      scheduler: edf
      vcpus: { v0: { ${vcpu} }, v1: { ${vcpu} } }
      tasks: { a: { period: 20, wcet: 8 }, b: { period: 40, wcet: 14 } }
    other: { ${vcpu.replace("5", "2")}, tasks: { t: { period: 20, wcet: 8 } } }
`;
    const { choice, host, deploy } = await resultOf(fileOf("v.yaml", text), { deploy: "xen-rtds" });
    expect(host).toMatchObject({ cpus: 2, affinity: false, misfits: [] });
    expect(choice!.servers.map(({ name }) => name)).toEqual(["vm.v0", "vm.v1", "other"]);
    expect(choice).toMatchObject({ optimal: true, confirmed: { holds: true } });
    for (const { name, cpu } of choice!.servers.slice(0, 2))
      expect(deploy[0]!.settings).toContain(`xl vcpu-pin vm ${name.at(-1)} ${cpu}`);
    const blind = fileOf(
      "b.yaml",
      text.replace("partitioned", "global-blind").replace("      assign: worst-fit\n", ""),
    );
    await expect(designed(blind, { cpus: 2 })).rejects.toThrow(
      "vm is global-blind, so its jobs run on any of its VCPUs",
    );
    const unnamed = fileOf(
      "u.yaml",
      readFileSync(blind, "utf8").replace("cpus: [4, 5]\n", "").replace(", assign: first-fit", ""),
    );
    expect((await designed(unnamed, {})).out).toContain("say assignment: partitioned with assign: first-fit");
  });
});

describe("files", () => {
  test("the curves as Arrow, for two independent readers, equal in every byte when made again", async () => {
    const path = fileOf("s.json", JSON.stringify(HOST));
    const directory = join(dirname(path), "out");
    const again = join(dirname(path), "again.arrow");
    const { servers } = await resultOf(path, { output: directory, arrow: again, periods: "1:9", switch: "1" });
    const bytes = readFileSync(join(directory, "curves.arrow"));
    expect(readFileSync(again).equals(bytes)).toBe(true);
    const points = servers.flatMap(({ name, curve }) => curve.map((point) => ({ server: name, ...point })));
    expect(points).toHaveLength(27);
    expect(tableFromIPC(bytes).toArray()).toEqual(points);
    expect(polars.readIPC(bytes).toRecords()).toEqual(points);
    expect(JSON.parse(readFileSync(join(directory, "design.json"), "utf8"))).toMatchObject({ name: path });
  });
});

describe("usage", () => {
  test.each([
    [{}, "choose one with --cell"],
    [{ cell: 99_999 }, "has cells 0 to"],
    [{ cell: 0, periods: "5:1" }, "ends before it begins"],
    [{ cell: 0, periods: "5" }, "FROM:TO"],
    [{ cell: 0, periods: "1:2:0" }, "more than 0"],
    [{ cell: 0, switch: "-1" }, "negative"],
    [{ cell: 0, switch: "1week" }, "week"],
    [{ cell: 0, tick: "1ms" }, "the sweep says how long its tick is"],
  ])("%o", async (options, message) => {
    await expect(designed(PAPER, options)).rejects.toThrow(message);
  });

  test("durations and deployment need a tick", async () => {
    const path = fileOf("s.json", JSON.stringify(HOST));
    await expect(designed(path, { periods: "1ms:20ms" })).rejects.toThrow("--tick 1ms");
    await expect(designed(path, { deploy: "all" })).rejects.toThrow("--tick 1ms");
    await expect(designed(path, { tick: "0ms" })).rejects.toThrow("not positive");
    const { out } = await designed(path, { tick: "1ms", periods: "1ms:20ms", deploy: "all" });
    expect(out).toContain("chrt -d");
  });
});

test("the text has a table and a plot", async () => {
  const { out } = await designed(PAPER, { cell: 0, switch: "0.25" });
  expect(out).toContain("periods 0.25 to 5 by 0.25 ticks\n  best period: 4.5 with budget 3.5 ticks: bandwidth 0.7778");
  expect(out).toContain("Simulated for 990 ticks: ");
  expect(out).toMatch(/ {2} +4\.5 +3\.5 +2 +0\.7778 +0\.8333 {2}best, also with a switch/);
  expect(out).toContain("* least budget / period   + (budget + 0.25) / period");
  expect(out).toMatch(/^0\.7778 \| {4}\*/m);
});

test("with a switch the choice is the least with it, of equals that of the longer period", async () => {
  const { out } = await designed(PAPER, { cell: 0, periods: "0.25:20", switch: "0.25" });
  expect(out).toMatch(/ {2} +4\.5 +3\.5 +2 +0\.7778 +0\.8333 {2}best$/m);
  expect(out).toContain(
    "bandwidth 0.8, with the switch 0.8333: the least of all with these periods; of equals, longer periods come first",
  );
});

test("a scenario's ticks are not refined", async () => {
  const scenario = fileOf("whole-ticks.json", JSON.stringify(HOST));
  const refused = designed(scenario, { periods: "0.1:5" });
  await expect(refused).rejects.toThrow("--periods 0.1: not a multiple of the time base, 1 tick");
});

describe("inputs of the field", () => {
  const field = (name: string) => new URL(`./field/${name}`, import.meta.url).pathname;

  test("0.92 of a CPU is more than a kernel with a fair server admits", async () => {
    const options = { periods: "50ms:50ms", deploy: "sched-deadline" } as const;
    const { choice, deploy } = await resultOf(field("admission-92-percent.yaml"), options);
    expect(choice?.bandwidth).toBe(0.92);
    expect(deploy[0].warnings[0]).toMatch(
      /^these servers need 0\.92 of a CPU: Linux 6\.12 and later admit 0\.90 by default/,
    );
  });

  test("options finer than the plan refine the time base", async () => {
    const file = field("switch-finer-than-the-plan.yaml");
    const { switch: cost, servers, choice } = await resultOf(file, { periods: "1ms:10ms:1ms", switch: "20us" });
    expect([cost, choice?.servers[0].period, choice?.confirmed.holds]).toEqual([0.02, 1, true]);
    expect(servers[0].periods).toEqual({ from: 1, to: 10, step: 1 });
    const coarse = await resultOf(file, { periods: "1ms:10ms:1ms" });
    for (const [i, { period, budget }] of servers[0].curve.entries()) {
      expect(period).toBe(coarse.servers[0].curve[i].period);
      expect(budget).toBeLessThanOrEqual(coarse.servers[0].curve[i].budget!);
    }
    // Without a step the periods are those of the plan's own time base.
    const own = await resultOf(file, { periods: "1ms:1.2ms", switch: "20us" });
    expect(own.servers[0].curve.map(({ period }) => period)).toEqual([1, 1.05, 1.1, 1.15, 1.2]);
  });
});

describe("a system of several CPUs of which nothing is proved", () => {
  const task = { period: "20ms", wcet: "5ms" };
  const server = { policy: "rtds", period: "10ms", budget: "4ms", extratime: true, tasks: { t: task } };
  const deployed = async (servers: object) => {
    const sweep = { horizon: "1s", system: { host: { scheduler: "edf", cpus: 2 }, servers } };
    const { out } = await designed(fileOf("rtds.json", JSON.stringify(sweep)), { deploy: "xen-rtds" });
    return out;
  };
  const ONE =
    "warning: the host has 2 CPUs, and the file does not say which server has which: all is said as of one CPU";

  test("is pinned as the file says", async () => {
    const out = await deployed({ a: { ...server, affinity: [1] }, b: { ...server, affinity: [0] } });
    expect(out).toContain("xl vcpu-pin a 0 1\n  xl sched-rtds -d a ");
    expect(out).toContain("xl vcpu-pin b 0 0\n  xl sched-rtds -d b ");
    expect(out).not.toContain(ONE);
  });

  test("or a warning says that its settings are those of one CPU", async () => {
    expect(await deployed({ a: server, b: server })).toContain(ONE);
    const { policy, period, budget, extratime, tasks } = server;
    const vcpu = { policy, period, budget, extratime };
    const vm = { assignment: "global-blind", vcpus: { v0: vcpu, v1: vcpu }, tasks };
    expect(await deployed({ vm })).toContain(ONE);
  });
});

test("where there is no curve to draw, the answer that says why is printed all the same", async () => {
  const own = { policy: "polling", period: 10, budget: 2 };
  const disk = { name: "disk", period: 40, wcet: 1 };
  const send = { name: "send", wcet: 1, deadline: 40, after: { server: "b", task: "frame" } };
  const frame = { name: "frame", wcet: 1, deadline: 40, after: { server: "a", task: "disk" } };
  const servers = [
    { ...own, name: "a", tasks: [disk, send] },
    { ...own, name: "b", tasks: [frame] },
  ];
  const sweep = fileOf("after.json", JSON.stringify({ ...HOST, servers }));
  const options = { sweep, set: [], json: false, jsonl: false, switch: "0", picture: fileOf("never.svg", "") };
  const { code, out } = await printedBy(async () => {
    await expect(designCommand(options)).rejects.toThrow("there is nothing to draw");
    return 0;
  });
  expect(code).toBe(0);
  expect(out).toContain("Nothing to choose.");
});
