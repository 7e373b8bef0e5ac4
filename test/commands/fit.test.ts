// replenish fit as a user runs it, on the recordings of test/fit: what it prints, the files it makes, and its refusals.

import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tableFromIPC } from "@uwdata/flechette";
import { compileKernel, Kernel, openSweep, simulate, tracedCell } from "replenish";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { fitCommand } from "../../src/commands/bodies/fit.js";
import { exitCodeOf } from "../../src/commands/failure.js";
import type { FitOptions } from "../../src/commands/fit.js";
import { supplyCurve } from "../../src/fit/measure/curve.js";
import { stretchesOf } from "../../src/fit/measure/cycles.js";
import { recordedScenario, recordedSupply } from "../../src/fit/measure/recorded.js";
import { fitJson } from "../../src/fit/write/json.js";
import { fitPicture } from "../../src/fit/write/picture.js";
import { fitLines } from "../../src/fit/write/text.js";
import { change, fitText } from "../fit/hand-made.js";
import { fitRecorded, recordingText } from "../fit/recording.js";
import { replenish } from "../support/command.js";
import { PROGRAM } from "../support/program.js";
import { simulateText } from "../support/simulate.js";

const ENFORCED = "kvm_deadline_4_12_paper.trace";
const FAIR = "kvm_fair_paper.trace";
let directory = "";

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "replenish-fit-"));
  for (const name of [ENFORCED, FAIR, "deadline_10_12_paper.trace"]) file(name, recordingText(name));
});
afterAll(() => rmSync(directory, { recursive: true }));

interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The program as built. */
function started(words: readonly string[], input = ""): Outcome {
  const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, ...words], {
    encoding: "utf8",
    input,
    cwd: directory,
  });
  return { status, stdout, stderr };
}

/** The command as the command line calls it; file names are those in the directory. */
async function fitted(trace: string, options: Partial<FitOptions>): Promise<Outcome> {
  const printed = { stdout: "", stderr: "" };
  const spies = (["stdout", "stderr"] as const).map((stream) =>
    vi.spyOn(process[stream], "write").mockImplementation((text) => {
      printed[stream] += String(text);
      return true;
    }),
  );
  const files = Object.entries(options).map(([option, value]) => [
    option,
    FILES.has(option) ? at(value as string) : value,
  ]);
  try {
    const given = { thread: ["vcpu0"], json: false, ...Object.fromEntries(files) };
    const status = await fitCommand({ trace: at(trace), ...given }).catch(exitCodeOf);
    const short = (text: string) => text.replaceAll(`${directory}/`, "");
    return { status, stdout: short(printed.stdout), stderr: short(printed.stderr) };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

const FILES = new Set(["server", "scenario", "picture", "tasks"]);

function at(name: string): string {
  return name === "" ? "" : join(directory, name);
}

function file(name: string, text: string): string {
  writeFileSync(join(directory, name), text, "latin1");
  return name;
}

function written(name: string): string {
  return readFileSync(join(directory, name), "utf8");
}

const PAPER = "tasks:\n  t1: { period: 20ms, wcet: 8.11ms }\n  t2: { period: 220ms, wcet: 81ms }\n";

describe("what it prints", () => {
  test("is a table on stdout, warnings on stderr", async () => {
    expect(await fitted(ENFORCED, {})).toStrictEqual({
      status: 0,
      stdout: `${ENFORCED}: vcpu0 (8993), 3138.752066 s to 3140.544038 s
  trace                  part  lines of CPU 1 only, of 2; 7 missing switches
  share                0.3368  603.534 ms of 1791.972 ms
  longest blackout   8.216 ms  without the CPU
  period            12.000 ms  148 of 148 cycles: 11.805 to 12.175 ms
  budget             3.997 ms  147 of these 148: 3.959 to 4.038 ms
  supply bound         broken  in some interval up to 96 ms the VM got 0.277 ms less than this period and budget guarantee
  server                  cbs  SCHED_DEADLINE: budget 4 ms in 12 ms, used up at ticks of 4 ms; 147 of 149 cycles last whole periods
  migrations                0  to another CPU, in the whole trace
  lost switches             7  in the whole trace

  ms         n    min    p50   mean    p99    max
  windows  151  1.991  3.997  3.997  4.038  7.982
  gaps     150  0.019  7.999  7.923  8.076  8.216

A cycle lasts from one replenishment to the next, the VM having work all the while.
`,
      stderr: `${ENFORCED}: warning: lines of CPU 1 only, and there are 2 CPUs: a gap may be time on another; record all of them
${ENFORCED}: warning: missing switches: 7; each is taken to have happened at the line before on its CPU; up to 1.843 ms of the VM's supply are in doubt
${ENFORCED}: warning: measured is 3138.752066 s to 3140.544038 s; left out are 636.009 ms before it (47.85 ms supply) and 81.876 ms after it (2.165 ms supply)
`,
    });
  });

  test("is with --json the object of the library, also from stdin", async () => {
    const expected = fitJson(await fitRecorded(ENFORCED, { threads: [8993], from: "3139", to: "3140.5" }));
    const { status, stdout } = await fitted(ENFORCED, { thread: ["8993"], from: "3139", to: "3140.5", json: true });
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toStrictEqual(expected);
    const words = ["fit", "-", "--thread", "8993", "--from", "3139", "--to", "3140.5", "--json"];
    const piped = started(words, recordingText(ENFORCED));
    expect(piped.stdout).toBe(stdout);
    expect(piped.stderr).toMatch(/^stdin: warning: /);
  });

  test.each([
    [FAIR, [4796], "only 148 of 199 cycles agree in the period (11.532 to 12.033 ms); a server's are 7 of 8"],
    ["rtgroup_4_12_light.trace", [4845], "no cycle was seen: the VM slept before it ran out of budget twice"],
    [
      "two_deadline_servers.trace",
      [4895],
      "25 of 26 cycles agree in the period (11.767 to 12.044 ms), but only 18 of these in the budget (3.972 to 4.039 ms); a server's are 7 of 8",
    ],
  ])("says of %s %j why there is no period", async (name, threads, reason) => {
    const lines = fitLines(name, await fitRecorded(name, { threads }));
    expect(lines.find((line) => line.includes("period and budget"))).toMatch(/^ {2}period and budget +none {2}/);
    expect(lines.join("\n")).toContain(reason);
  });

  test("says that cycles are too few, and how much less than guaranteed the VM got", async () => {
    const turns = (starts: number[]) =>
      fitText(starts.flatMap((at) => [change(at, "hog", "vm"), change(at + 4000, "vm", "hog")]));
    const few = fitLines("few", await turns([0, 12000, 24000, 36000]));
    expect(few.join("\n")).toContain("which is too few: 5 show a server");
    // The period of 12 ms is kept 16 times and once takes twice as long: 8 of the 12 are missing then.
    const late = Array.from({ length: 18 }, (_, k) => 12000 * (k < 9 ? k : k + 1));
    const lines = fitLines("late", await turns(late));
    expect(lines.find((line) => line.includes("supply bound"))).toMatch(
      / broken {2}in some interval up to 96 ms the VM got 4 ms less than this period and budget guarantee$/,
    );
  });
});

describe("several threads", () => {
  const TWO = "two_deadline_servers.trace";

  test("are reported one by one, whatever their names; their union only when asked for", async () => {
    file(TWO, recordingText(TWO));
    const thread = ["vmA", "vmB"];
    const each = [await fitRecorded(TWO, { threads: [4895] }), await fitRecorded(TWO, { threads: [4896] })];
    const { status, stdout, stderr } = await fitted(TWO, { thread });
    expect({ status, stdout }).toStrictEqual({
      status: 0,
      stdout: `${each.map((fit) => fitLines(TWO, fit).join("\n")).join("\n\n")}\n`,
    });
    expect(stderr).toContain(`${TWO}: 2 threads, each by itself; --together takes their union`);
    expect(stderr).toMatch(/: warning: vmA \(4895\): measured is /);
    const union = await fitRecorded(TWO, { threads: thread, together: true });
    expect((await fitted(TWO, { thread, together: true })).stdout).toBe(`${fitLines(TWO, union).join("\n")}\n`);
  });

  test("make a sweep of a VM with a VCPU each, which runs", async () => {
    file(TWO, recordingText(TWO));
    file(
      "vcpus.yaml",
      "{ scheduler: edf, tasks: { a: { period: 60ms, wcet: 9ms }, b: { period: 120ms, wcet: 20ms } } }",
    );
    const words = { thread: ["vmA", "vmB"], server: "vcpus.json", tasks: "vcpus.yaml" };
    const { status, stderr } = await fitted(TWO, words);
    expect(status).toBe(0);
    expect(stderr).toContain("a sweep with a VM of these VCPUs, v0 is vmA (4895), v1 is vmB (4896); replenish run ");
    const { system, replicates } = JSON.parse(readFileSync(at("vcpus.json"), "utf8"));
    expect(replicates).toBe(100);
    expect(system.host).toStrictEqual({ scheduler: "edf", cpus: 2 });
    const { assignment, scheduler, vcpus } = system.servers.vm;
    expect([assignment, scheduler, Object.keys(vcpus)]).toStrictEqual(["global-blind", "edf", ["v0", "v1"]]);
    // Each is the server of its thread alone; of the second, which the first preempts, no period shows.
    for (const [vcpu, thread] of [
      ["v0", "vmA"],
      ["v1", "vmB"],
    ]) {
      await fitted(TWO, { thread: [thread], server: "alone.json" });
      const {
        tasks: _,
        enforce_phase: phase,
        ...alone
      } = JSON.parse(readFileSync(at("alone.json"), "utf8")).system.servers.vm;
      expect(vcpus[vcpu]).toMatchObject(alone);
      expect(vcpus[vcpu].enforce_phase === undefined).toBe(phase === undefined);
    }
    expect([vcpus.v0.policy, vcpus.v1.policy]).toStrictEqual(["cbs", "idling"]);
    const { scenario } = tracedCell(openSweep(readFileSync(at("vcpus.json"), "utf8"), "vcpus.json"), 0);
    const { host, servers } = simulate(new Kernel(compileKernel()), scenario);
    expect(host.cpus).toHaveLength(2);
    expect(Number(servers[0].vcpus![1].supply)).toBeGreaterThan(0);
  });

  test("say how the tasks are on the VCPUs, if they are not wherever there is room", async () => {
    file(TWO, recordingText(TWO));
    file("pinned.yaml", "{ assignment: partitioned, tasks: { a: { vcpu: v1, period: 60ms, wcet: 9ms } } }");
    const words = { thread: ["vmA", "vmB"], server: "pinned.json", tasks: "pinned.yaml" };
    expect(await fitted(TWO, words)).toMatchObject({ status: 0 });
    const { servers } = JSON.parse(readFileSync(at("pinned.json"), "utf8")).system;
    expect(servers.vm).toMatchObject({ assignment: "partitioned", tasks: { a: { vcpu: "v1" } } });
    file("pinned.yaml", "{ tasks: { a: { vcpu: v1, period: 60ms, wcet: 9ms } } }");
    expect(await fitted(TWO, words)).toMatchObject({ status: 3 });
    file("pinned.yaml", "{ assignment: partitioned, tasks: { a: { period: 60ms, wcet: 9ms } } }");
    expect(await fitted(TWO, { ...words, thread: ["vmA"] })).toMatchObject({ status: 3 });
  });

  test("make no other file: code 2, and which to choose", async () => {
    file(TWO, recordingText(TWO));
    const { status, stdout, stderr } = await fitted(TWO, { thread: ["vmA", "vmB"], picture: "u.json" });
    expect({ status, stdout }).toStrictEqual({ status: 2, stdout: "" });
    expect(stderr).toContain(
      "--picture is made of one thread: choose it, --thread 4895 or --thread 4896, or take them --together\n",
    );
    expect(existsSync(join(directory, "u.json"))).toBe(false);
  });
});

describe("--server", () => {
  /** Runs the sweep that was written. @returns the supply of each of its runs, in milliseconds */
  async function supplies(): Promise<number[]> {
    const words = ["--quiet", "--force", "-o", join(directory, "run"), "--workers", "1"];
    expect((await replenish("run", join(directory, "vm.json"), ...words)).code).toBe(0);
    const { supply } = tableFromIPC(readFileSync(join(directory, "run", "servers.arrow"))).toColumns();
    return [...supply];
  }

  test("writes a sweep that runs as it is, and supplies as was recorded", async () => {
    file("paper.yaml", PAPER);
    const { status, stderr } = await fitted(ENFORCED, { tasks: "paper.yaml", server: "vm.json" });
    expect(status).toBe(0);
    expect(stderr).toMatch(/\nvm\.json: a sweep with this server; replenish run vm\.json\n$/);
    expect(JSON.parse(written("vm.json")).system.servers.vm).toStrictEqual({
      policy: "cbs",
      period: "12ms",
      budget: "4ms",
      enforce_every: "4ms",
      enforce_phase: "3.997ms",
      tasks: { t1: { period: "20ms", wcet: "8.11ms" }, t2: { period: "220ms", wcet: "81ms" } },
    });
    const [supply] = await supplies();
    expect(Math.abs(supply / 603.534 - 1)).toBeLessThan(0.015);
  });

  test("writes one with draws where periods and budgets vary with no tick to explain it", async () => {
    const cycles = Array.from({ length: 60 }, (_, k) => 10_000 * k + ((k * 37) % 90));
    const lines = cycles.flatMap((at, k) => [
      change(at, "hog", "vm"),
      change(at + 3300 + ((k * 53) % 80), "vm", "hog"),
    ]);
    file("varying.trace", `${lines.join("\n")}\n`);
    file("paper.yaml", PAPER);
    const { status } = await fitted("varying.trace", { thread: ["vm"], tasks: "paper.yaml", server: "vm.json" });
    expect(status).toBe(0);
    const { policy, period_max, budget_min } = JSON.parse(written("vm.json")).system.servers.vm;
    expect({ policy, period_max, budget_min }).toStrictEqual({
      policy: "idling",
      period_max: expect.any(String),
      budget_min: expect.any(String),
    });
    const drawn = await supplies();
    expect(drawn).toHaveLength(100);
    expect(new Set(drawn).size).toBeGreaterThan(10); // every replicate has its own draws
    const mean = cycles.reduce((sum, _, k) => sum + 3.3 + ((k * 53) % 80) / 1000, 0);
    for (const each of drawn) expect(Math.abs(each / mean - 1)).toBeLessThan(0.03);
  });

  test("writes it without tasks too, for the user to add them", async () => {
    const { status, stderr } = await fitted(FAIR, { server: "fair.json" });
    expect(status).toBe(0);
    expect(stderr).toContain("fair.json: a sweep with this server; add its tasks, then replenish run fair.json\n");
    expect((await replenish("check", join(directory, "fair.json"))).stdout).toMatch(/fair\.json: valid, 1 cell\n$/);
  });

  test("says where it gives more than was recorded, the VM having slept and no period showing", async () => {
    const names = ["rtgroup_4_12_light.trace", "two_deadline_servers.trace", "kvm_timer_server_10_12_paper.trace"];
    const [grouped, two, timed] = names.map((name) => file(name, recordingText(name)));
    const group = await fitted(grouped, { thread: ["4845", "4846"], together: true, server: "group.json" });
    expect(group.stderr).toContain(
      "\ngroup.json: warning: the server gives 0.381 of a CPU at all times, as the VM got while it had work; over the whole part measured, in which it also slept, it got 0.279. ",
    );
    const several = await fitted(two, { thread: ["vmA", "vmB"], server: "several.json" });
    expect(several.stderr.match(/several\.json: warning: v\d gives/g)).toStrictEqual([
      "several.json: warning: v1 gives",
    ]);
    // One that always had work, and one whose period shows.
    for (const [trace, pid] of [
      [FAIR, "4796"],
      [timed, "9088"],
    ] as const) {
      const { stderr } = await fitted(trace, { thread: [pid], server: "vm.json" });
      expect(stderr).not.toContain("vm.json: warning");
      expect(stderr).toContain("vm.json: a sweep with this server");
    }
  });

  test("is refused where the VM ran once", async () => {
    const trace = [change(0, "hog", "vm"), change(4000, "vm", "hog"), change(9000, "hog", "other")];
    file("once.trace", `${trace.join("\n")}\n`);
    const { status, stderr } = await fitted("once.trace", { thread: ["vm"], server: "once.json" });
    expect(status).toBe(3);
    expect(stderr).toContain("once.trace: the VM ran only once in the part measured");
    expect(existsSync(join(directory, "once.json"))).toBe(false);
  });
});

describe("--scenario", () => {
  test("writes the recorded windows, in which tasks respond as they did on the machine", async () => {
    file("paper.yaml", PAPER);
    const name = "deadline_10_12_paper.trace";
    const part = { from: "2675.464", to: "2678.464" };
    const { status, stderr } = await fitted(name, {
      thread: ["vm"],
      ...part,
      tasks: "paper.yaml",
      scenario: "replay.json",
    });
    expect(status).toBe(0);
    expect(stderr).toContain("replay.json: the recorded windows, in ticks of 1us; replenish simulate replay.json\n");
    const recorded = await fitRecorded(name, { threads: ["vm"], ...part });
    const tasks = [
      { name: "t1", period: 20_000, wcet: 8110 },
      { name: "t2", period: 220_000, wcet: 81_000 },
    ];
    const { scenario } = recordedScenario(recordedSupply(recorded.timeline), tasks);
    expect(JSON.parse(written("replay.json"))).toStrictEqual(scenario);
    const [t1, t2] = JSON.parse(simulateText(written("replay.json"))).tasks;
    // The guest's own log: t1 9.417 ms in the mean and 12.853 at most, t2 191.325 and 192.393.
    expect([t1.completed, t2.completed]).toStrictEqual([150, 13]);
    for (const [{ response_sum, response_max, completed }, mean, most] of [
      [t1, 9417, 12_853],
      [t2, 191_325, 192_393],
    ]) {
      expect(Math.abs(response_sum / completed / mean - 1)).toBeLessThan(0.03);
      expect(Math.abs(response_max / most - 1)).toBeLessThan(0.1);
    }
  });

  test("takes the guest's scheduler and every field of a task, as JSON as well", async () => {
    const task = { period: "20ms", wcet: "8ms", bcet: "4ms", offset: "500us", priority: 1, on_miss: "abort" };
    file("guest.json", JSON.stringify({ scheduler: "fp", priorities: "explicit", tasks: { t: task } }));
    const { status } = await fitted(ENFORCED, { tasks: "guest.json", scenario: "guest-replay.json" });
    expect(status).toBe(0);
    expect(JSON.parse(written("guest-replay.json")).servers).toStrictEqual([
      {
        name: "vm",
        policy: "recorded",
        windows: expect.arrayContaining([{ start: expect.any(Number), duration: expect.any(Number) }]),
        scheduler: "fp",
        priorities: "explicit",
        tasks: [{ name: "t", period: 20_000, wcet: 8000, offset: 500, priority: 1, bcet: 4000, on_miss: "abort" }],
      },
    ]);
  });
});

describe("--tasks", () => {
  test.each([
    [
      "keys of something else, and times without a unit",
      "scheduler: fp\nbudget: 4ms\ntask: {}\ntasks:\n  t1: { period: 20, wcet: =3 }\n",
      [
        "2:1 budget: is not a key of a tasks file, which has scheduler, priorities, assignment, tasks: the recording is the supply",
        '3:1 task: is not a key of a tasks file, which has scheduler, priorities, assignment, tasks: the recording is the supply; did you mean "tasks"?',
        "5:17 tasks.t1.period: 20 is no time with a unit; write it as 20ms, 0.25ms or 250us",
        "5:27 tasks.t1.wcet: =3 is no time with a unit; write it as 20ms, 0.25ms or 250us",
      ],
    ],
    [
      "a misspelt field and value",
      "scheduler: fpp\ntasks:\n  t2: { period: 20ms, wcett: 80ms }\n",
      [
        '1:12 scheduler: "fpp" is not one of fp, edf, fifo; did you mean "fp"?',
        '3:30 tasks.t2.wcett: is not a key of a task; did you mean "wcet"?',
      ],
    ],
    [
      "values against the rules",
      'tasks:\n  "a.b": { period: 20ms, wcet: 8ms, bcet: 9ms }\n  t3: { period: 20ms, wcet: 8.0001ms }\n  t4: { period: 20ms }\n',
      [
        '2:43 tasks["a.b"].bcet: 9ms exceeds the wcet 8ms',
        "3:29 tasks.t3.wcet: 8.0001ms is not a multiple of the resolution 0.001ms",
        "4:7 tasks.t4.wcet: is missing; it has no default",
      ],
    ],
    [
      "a list",
      "[1]\n",
      ["1:1 holds no tasks; they are written as in a sweep, tasks: { control: { period: 20ms, wcet: 3ms } }"],
    ],
    ["no YAML", "tasks: ]\n", ['1:8 not valid YAML: unexpected flow-seq-end token in YAML stream: "]"']],
  ])("refuses %s with code 3, file and place, and writes nothing", async (_title, text, problems) => {
    file("bad.yaml", text);
    const { status, stdout, stderr } = await fitted(ENFORCED, { tasks: "bad.yaml", scenario: "bad.json" });
    expect({ status, stdout }).toStrictEqual({ status: 3, stdout: "" });
    expect(stderr.split("\n").slice(0, problems.length)).toStrictEqual(
      problems.map((problem) => `bad.yaml:${problem}`),
    );
    expect(existsSync(join(directory, "bad.json"))).toBe(false);
  });
});

describe("--picture", () => {
  test("is the same bytes each time, and those of the library", async () => {
    for (const name of ["a.svg", "b.svg"]) expect((await fitted(ENFORCED, { picture: name })).status).toBe(0);
    expect(written("a.svg")).toBe(written("b.svg"));
    expect(written("a.svg")).toBe(fitPicture(ENFORCED, await fitRecorded(ENFORCED, { threads: ["vcpu0"] })));
  });

  test("draws the measured curve and the bound", async () => {
    const recorded = await fitRecorded(ENFORCED, { threads: ["vcpu0"] });
    const { windows } = recorded.timeline;
    const { period, budget } = recorded.periodic;
    const points = supplyCurve(windows, stretchesOf(windows), period, budget, 0, 256);
    const picture = fitPicture("x", recorded);
    const last = points[255];
    const height = Math.max(last.measured!, last.bound!);
    for (const name of ["measured", "bound"] as const) {
      const [origin, ...places] = curve(picture, name);
      expect(origin).toStrictEqual([64, 364]);
      expect(places).toHaveLength(256);
      for (const [i, [x, y]] of places.entries()) {
        expect(((x - 64) / 872) * last.t).toBeCloseTo(points[i].t, -4); // 0.01 pixels are 1.1 us
        expect(((364 - y) / 248) * height).toBeCloseTo(points[i][name]!, -4);
      }
    }
  });

  test("ends its axis where the curve ends: in long intervals there was not always work", async () => {
    const recorded = await fitRecorded("rtgroup_4_12_light.trace", { threads: ["t1", "t2"], together: true });
    const places = curve(fitPicture("x", recorded), "measured");
    expect(places).toHaveLength(257);
    expect(places.at(-1)).toStrictEqual([936, 116]);
  });

  test("marks the longest blackout among the windows around it, and has no bound without a fit", async () => {
    const recorded = await fitRecorded(FAIR, { threads: ["vcpu0"] });
    const picture = fitPicture("x", recorded);
    expect(picture).not.toContain('<path class="bound"');
    expect(picture).toContain("no periodic resource fits: only 148 of 199 cycles");
    const legend = [...picture.matchAll(/<text x="114" y="\d+">([^<]*)</g)].map(([, line]) => line);
    expect(legend.length).toBeGreaterThan(1);
    expect(Math.max(...legend.map((line) => line.length)), "lines have room").toBeLessThanOrEqual(120);
    const boxes = [...picture.matchAll(/<rect class="(supply|blackout)" x="([\d.]+)" y="\d+" width="([\d.]+)"/g)];
    const places = boxes.map(([, name, x, width]) => ({ name, x: Number(x), end: Number(x) + Number(width) }));
    const blackout = places.find(({ name }) => name === "blackout")!;
    const windows = places.filter(({ name }) => name === "supply");
    expect(windows).toHaveLength(24);
    expect(windows.every(({ x, end }) => end < blackout.x + 0.02 || x > blackout.end - 0.02)).toBe(true);
    const pixelsPerMs = (windows[23].end - windows[0].x) / 280.4;
    expect((blackout.end - blackout.x) / pixelsPerMs).toBeCloseTo(16.031, 0);
    expect(picture).toContain(">16.031 ms</text>");
  });

  test("is well-formed whatever a thread calls itself, and with nothing to show", async () => {
    const trace = [change(0, "hog", "vm"), change(4000, "vm", "hog"), change(9000, "hog", "other")];
    const names = await fitText(
      trace.map((line) => line.replaceAll("vm", '<&">\x1b')),
      { threads: [7] },
    );
    const empty = await fitText(trace, { from: "100.005", to: "100.008" });
    expect(empty.timeline.windows.length).toBe(0);
    for (const picture of [fitPicture("a < b", names), fitPicture("empty", empty)]) {
      expect(picture).not.toMatch(/NaN|Infinity|undefined|null/);
      expect(picture).not.toMatch(/&(?!amp;|lt;|gt;|quot;)|\p{Cc}(?<!\n)/u);
      const tags = [...picture.matchAll(/<(\/?)([a-z]+)[^<>]*?(\/?)>/g)];
      const open: string[] = [];
      for (const [, closing, tag, closed] of tags) {
        if (closing === "/") expect(open.pop()).toBe(tag);
        else if (closed === "") open.push(tag);
      }
      expect(open).toStrictEqual([]);
    }
    expect(fitPicture("a < b", names)).toContain("a &lt; b: &lt;&amp;&quot;&gt;? (7)");
  });
});

/** The points of a curve. */
function curve(picture: string, name: string): number[][] {
  const path = new RegExp(`<path class="${name}" d="M([^"hV]*L[^"]*)"`).exec(picture)![1];
  return path.split("L").map((point) => point.split(" ").map(Number));
}

describe("refusals", () => {
  test("an unknown thread is answered with the one that was meant and those that ran most, code 3", async () => {
    const { status, stdout, stderr } = await fitted(ENFORCED, { thread: ["vcpu"] });
    expect({ status, stdout }).toStrictEqual({ status: 3, stdout: "" });
    expect(stderr).toContain(
      `${ENFORCED}: no thread vcpu; did you mean "vcpu0"?; ran most: other1 (7728), hog (8992), `,
    );
  });

  test("a refused trace was not to be run: no line says that nothing was", () => {
    const { status, stderr } = started(["fit", ENFORCED, "--thread", "t9"]);
    expect(status).toBe(3);
    expect(stderr).toMatch(/^kvm_deadline_4_12_paper\.trace: no thread t9; ran most: [^\n]+\n$/);
  });

  test("a foreign trace: code 3 and the line", async () => {
    file("foreign.txt", "# a comment\nhello\n");
    const { status, stderr } = await fitted("foreign.txt", {});
    expect(status).toBe(3);
    expect(stderr).toMatch(/^foreign\.txt:2 no line of a trace; expected is text of ftrace/);
  });

  test("a truncated trace: what there is, with a warning", async () => {
    file("cut.trace", recordingText(ENFORCED).slice(0, 60_060));
    const { status, stdout, stderr } = await fitted("cut.trace", { json: true });
    expect(status).toBe(0);
    expect(JSON.parse(stdout).period).toBeCloseTo(12, 1);
    expect(stderr).toMatch(/warning: line \d+, the last one, is cut off: it is left out/);
  });

  test.each<[string, Partial<FitOptions>, string]>([
    ["missing.trace", {}, "missing.trace: no such file or directory (ENOENT)\n"],
    [ENFORCED, { tasks: "none.yaml", server: "x" }, "none.yaml: no such file or directory (ENOENT)\n"],
    [ENFORCED, { picture: "nowhere/x.svg" }, "nowhere/x.svg: no such file or directory (ENOENT)\n"],
  ])("%s %j: code 7", async (trace, options, message) => {
    const { status, stdout, stderr } = await fitted(trace, options);
    expect({ status, stdout }).toStrictEqual({ status: 7, stdout: "" });
    expect(stderr.endsWith(message)).toBe(true);
  });

  test.each<[Partial<FitOptions>, string]>([
    [{ from: "soon" }, "--from: soon is no time in seconds as the trace writes them, such as 3135.848"],
    [{ to: "-1" }, "--to: -1 is no time in seconds as the trace writes them, such as 3135.848"],
    [{ scenario: "s.json" }, "--scenario needs --tasks FILE: what runs in the VM"],
    [{ tasks: "t.yaml" }, "--tasks goes with --server or --scenario, the files that tasks are written into"],
    [{ server: "s", picture: "s" }, "the trace, --tasks, --server, --scenario and --picture are different files"],
    [{ picture: ENFORCED }, "the trace, --tasks, --server, --scenario and --picture are different files"],
  ])("%j: code 2", async (options, message) => {
    const { status, stdout, stderr } = await fitted(ENFORCED, options);
    expect({ status, stdout }).toStrictEqual({ status: 2, stdout: "" });
    expect(stderr).toBe(`${message}\nSee: replenish --help\n`);
  });

  test("no thread: code 2, and how to find one", async () => {
    const { code, stderr } = await replenish("fit", join(directory, ENFORCED));
    expect(code).toBe(2);
    expect(stderr).toContain(
      "--thread is needed: name or pid of a thread of the VM; several are reported one by one\nName a thread of the VM; ",
    );
  });
});
