// Traces as people have them: files of the field in test/fit/field, and one schedule written in every form that is read.

import { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { type Fit, type FitOptions, fitEach, fitTrace } from "../../src/fit/fit.js";
import { fitLines as textOf } from "../../src/fit/write/text.js";
import { refusal } from "./hand-made.js";

const field = (name: string) => fileURLToPath(new URL(`./field/${name}`, import.meta.url));
const MS = 1_000_000;

/** What every trace of the field shows: 4 ms of every 12, 20 times. */
function expectSchedule(fit: Fit): void {
  expect(fit.periodic).toMatchObject({ period: 12 * MS, budget: 4 * MS, cycles: 18, samePeriod: 18, sameBudget: 18 });
  expect([fit.blackoutMax, fit.supply, fit.span]).toStrictEqual([8 * MS, 80 * MS, 232 * MS]);
  expect([fit.deficitMax, fit.migrations, fit.switchesLost]).toStrictEqual([0, 0, 0]);
  expect(fit.completeness.verdict).toBe("unknown");
  expect(fit.warnings).toStrictEqual([]);
}

describe("the files of the field", () => {
  test.each([
    "trace-perf-script.txt",
    "trace-perf-script-short.txt",
    "trace-systrace.html",
    "trace-atrace-header.txt",
    "trace-bom.txt",
    "trace-latency-format.txt",
  ])("%s", async (name) => {
    expectSchedule(await fitTrace(field(name), { threads: ["vcpu0"] }));
  });

  test("trace-all-cpus.txt is whole, its windows joined over CPUs", async () => {
    const fit = await fitTrace(field("trace-all-cpus.txt"), { threads: ["CPU 0/KVM"] });
    expect(fit).toMatchObject({
      completeness: {
        verdict: "whole",
        reason: "lines of CPUs 1 and 2, of 4: the others did nothing; no switch is missing",
      },
      periodic: { period: 12 * MS, budget: 4 * MS },
      migrations: 39,
      warnings: [],
    });
    expect(fit.share).toBeCloseTo(0.339, 4);
  });

  test("trace-one-cpu-of-four.txt is a part, and says so before any number", async () => {
    const fit = await fitTrace(field("trace-one-cpu-of-four.txt"), { threads: ["CPU 0/KVM"] });
    expect(fit.completeness).toStrictEqual({ verdict: "part", reason: "lines of CPU 1 only, of 4" });
    expect(textOf("one CPU of four", fit).join("\n")).toMatch(
      /supply bound +open +only a part of the trace is there; in it, in every interval/,
    );
    expect(fit.warnings).toStrictEqual([
      "lines of CPU 1 only, and there are 4 CPUs: a gap may be time on another; record all of them",
    ]);
  });

  test("trace-two-vcpus.txt: each VCPU by itself, their union only when asked for", async () => {
    const trace = field("trace-two-vcpus.txt");
    const options = { threads: ["CPU 0/KVM", "CPU 1/KVM"] };
    const fits = await fitEach(trace, options);
    expect(fits.map(({ threads }) => threads)).toStrictEqual([
      [{ pid: 300, name: "CPU 0/KVM" }],
      [{ pid: 301, name: "CPU 1/KVM" }],
    ]);
    for (const { periodic } of fits) expect(periodic).toMatchObject({ period: 12 * MS, budget: 4 * MS });
    expect(await refusal(fitTrace(trace, options))).toContain("CPU 0/KVM (300), CPU 1/KVM (301) have a supply each");
    const union = await fitTrace(trace, { ...options, together: true });
    expect(union.supply).toBe(160 * MS);
  });
});

interface Turn {
  /** Microseconds since second 100. */
  readonly time: number;
  readonly from: Thread;
  readonly to: Thread;
}
interface Thread {
  readonly comm: string;
  readonly pid: number;
  readonly prio: number;
}
const HOG: Thread = { comm: "hog", pid: 200, prio: 120 };
const VM: Thread = { comm: "vcpu0", pid: 300, prio: -1 };
/** The schedule of the field. */
const TURNS: readonly Turn[] = Array.from({ length: 20 }, (_, k) => [
  { time: 12_000 * k, from: HOG, to: VM },
  { time: 12_000 * k + 4000, from: VM, to: HOG },
]).flat();

const seconds = (time: number) => `100.${String(time).padStart(6, "0")}`;
const fields = ({ from, to }: Turn, state = "R", arrow = " ==> ") =>
  `prev_comm=${from.comm} prev_pid=${from.pid} prev_prio=${from.prio} prev_state=${state}${arrow}next_comm=${to.comm} next_pid=${to.pid} next_prio=${to.prio}`;
const short = ({ from, to }: Turn, state = "R") =>
  `${from.comm}:${from.pid} [${from.prio}] ${state} ==> ${to.comm}:${to.pid} [${to.prio}]`;
const column = ({ comm, pid }: Thread) => `${comm.padStart(16)}-${String(pid).padEnd(7)}`;
const ftrace = (turn: Turn, event = `sched_switch: ${fields(turn)}`) =>
  `${column(turn.from)} [001] d..2. ${seconds(turn.time)}: ${event}`;

function fitLines(lines: readonly string[], options: Partial<FitOptions> = {}): Promise<Fit> {
  return fitBytes(Buffer.from(`${lines.join("\n")}\n`, "latin1"), options);
}

function fitBytes(bytes: Buffer, options: Partial<FitOptions> = {}): Promise<Fit> {
  return fitTrace(Readable.from([bytes]), { threads: ["vcpu0"], file: "a.trace", ...options });
}

/** Every form of a line, by what writes it. */
const FORMS: Readonly<Record<string, (turn: Turn) => string>> = {
  "ftrace of today": (turn) => ftrace(turn),
  "ftrace with thread groups": (turn) =>
    `${column(turn.from)} (    100) [001] d..2. ${seconds(turn.time)}: sched_switch: ${fields(turn)}`,
  "ftrace with unknown thread groups": (turn) =>
    `${column(turn.from)} (-----) [001] d..2. ${seconds(turn.time)}: sched_switch: ${fields(turn)}`,
  "ftrace whose first column knows no name": (turn) => ftrace(turn).replace(/^ *\w+-/, "           <...>-"),
  "a first column without anything": (turn) => `[001] ${seconds(turn.time)}: sched_switch: ${fields(turn)}`,
  "a first column of the pid": (turn) => `${turn.from.pid} [001] ${seconds(turn.time)}: sched_switch: ${fields(turn)}`,
  "a first column of name and pid with a colon": (turn) =>
    `${turn.from.comm}:${turn.from.pid} [001] ${seconds(turn.time)}: sched_switch: ${fields(turn)}`,
  "a first column without a pid": (turn) => `someone [001] d..2. ${seconds(turn.time)}: sched_switch: ${fields(turn)}`,
  "the next thread in the first column": (turn) =>
    `${column(turn.to)} [001] d..2. ${seconds(turn.time)}: sched_switch: ${fields(turn)}`,
  "the next thread in the first column, short": (turn) =>
    `${column(turn.to)} [001] ${seconds(turn.time)}: sched_switch: ${short(turn)}`,
  "the next thread first among the fields": ({ time, from, to }) =>
    `${column(from)} [001] d..2. ${seconds(time)}: sched_switch: next_comm=${to.comm} next_pid=${to.pid} next_prio=${to.prio} prev_comm=${from.comm} prev_pid=${from.pid} prev_prio=${from.prio} prev_state=R`,
  "the kernel's log": (turn) =>
    `[   28.123470] ${turn.from.comm}-${turn.from.pid}  1d..2. ${turn.time + 4e6}us : sched_switch: ${fields(turn)}`,
  "the kernel's log with its level and caller": (turn) =>
    `<4>[   28.123470][  T300] ${turn.from.comm}-${turn.from.pid}  1d..2. ${turn.time}us+: sched_switch: ${fields(turn)}`,
  "the journal": (turn) =>
    `Nov 27 19:00:00 host kernel: ${turn.from.comm}-${turn.from.pid}  1d..2. ${turn.time}us!: sched_switch: ${fields(turn)}`,
  "trace-cmd report": (turn) => `${column(turn.from)} [001] ${seconds(turn.time)}: sched_switch:    ${short(turn)}`,
  "trace-cmd report -l": (turn) =>
    `${turn.from.comm}-${turn.from.pid}     1d..2. ${seconds(turn.time)}: sched_switch:   ${short(turn)}`,
  "trace-cmd report -R": (turn) =>
    `${column(turn.from)} [001] ${seconds(turn.time)}: sched_switch:    ${fields(turn, "0", " ")}`,
  "trace-cmd report -R, preempted": (turn) =>
    `${column(turn.from)} [001] ${seconds(turn.time)}: sched_switch:    ${fields(turn, "0x100", " ")}`,
  "trace-cmd where it could not parse": (turn) =>
    `${column(turn.from)} [001] ${seconds(turn.time)}: sched_switch: [FAILED TO PARSE] ${fields(turn, "2048", " ")}`,
  "trace-cmd report of one of several files": (turn) =>
    `   trace-host.dat: ${column(turn.from)} [001] ${seconds(turn.time)}: sched_switch:    ${short(turn)}`,
  "perf script with process and thread": (turn) =>
    `${turn.from.comm.padStart(16)}  100/${turn.from.pid} [001] ${seconds(turn.time)}:       sched:sched_switch: ${fields(turn)}`,
  "perf script with a count": (turn) =>
    `${turn.from.comm}  ${turn.from.pid} [001] ${seconds(turn.time)}:          1 sched:sched_switch: ${short(turn)}`,
  "perf script in nanoseconds": (turn) =>
    `${turn.from.comm}  ${turn.from.pid} [001] ${seconds(turn.time)}000: sched:sched_switch: ${fields(turn, "R+")}`,
};

describe("one schedule in every form", () => {
  test.each(Object.entries(FORMS))("%s", async (_name, form) => {
    expectSchedule(await fitLines(TURNS.map(form)));
  });

  test("perf script with perf's own records of the switches between", async () => {
    const record = ({ comm, pid }: Thread, time: number, text: string) =>
      `${comm}  ${pid} [001] ${seconds(time)}: PERF_RECORD_SWITCH_CPU_WIDE ${text}`;
    const lines = TURNS.flatMap((turn) => [
      FORMS["perf script with a count"](turn),
      record(turn.from, turn.time, `OUT preempt  next pid/tid:   ${turn.to.pid}/${turn.to.pid}`),
      record(turn.to, turn.time, `IN           prev pid/tid:   ${turn.from.pid}/${turn.from.pid}`),
    ]);
    expectSchedule(await fitLines(lines));
  });

  test("perf script with a stack below each event", async () => {
    const stack = ["\tffffffff81a3c2d4 __schedule+0x2d4 ([kernel.kallsyms])", "\t    7f01 main+0x1 (/usr/bin/hog)", ""];
    const lines = TURNS.flatMap((turn) => [FORMS["perf script with a count"](turn), ...stack]);
    const { periodic, warnings } = await fitLines(lines);
    expect(periodic).toMatchObject({ period: 12 * MS, budget: 4 * MS });
    expect(warnings).toStrictEqual([]);
  });

  test("a kernel's log, whose other lines are passed over", async () => {
    const before = Array.from({ length: 2000 }, (_, i) => `[    0.${String(i).padStart(6, "0")}] a driver says hello`);
    const dump = ["[   28.12] Dumping ftrace buffer:", "[   28.12] ---------------------------------"];
    const after = ["[   29.0] ---------------------------------", "[   30.1] more"];
    expectSchedule(await fitLines([...before, ...dump, ...TURNS.map(FORMS["the kernel's log"]), ...after]));
  });

  test("a page with lines longer than any trace's, escaped or not", async () => {
    const script = `<script>${"x".repeat(300_000)}</script>`;
    const page = (lines: readonly string[]) => [
      "<!doctype html>",
      "<html><head>",
      script,
      '  <script class="trace-data" type="application/text">',
      "PROCESS DUMP",
      "  </script>",
      "vcpu0-300 [001] d..2. 99.0: sched_switch: text between is no trace",
      '  <script class="trace-data" type="application/text">',
      "# tracer: nop",
      ...lines,
      "  </script>",
      "</body></html>",
    ];
    expectSchedule(await fitLines(page(TURNS.map((turn) => ftrace(turn)))));
    expectSchedule(await fitLines(page(TURNS.map((turn) => ftrace(turn).replaceAll(">", "&gt;")))));
  });

  test("states as numbers say who fell asleep", async () => {
    const asleep = async (state: string) => {
      const form = (turn: Turn) => FORMS["trace-cmd report"](turn).replace(" R ==>", ` ${state} ==>`);
      return (await fitLines(TURNS.map(form))).periodic.cycles === 0;
    };
    for (const state of ["S", "D", "1", "2", "0x1", "0x402", "64"]) expect(await asleep(state), state).toBe(true);
    for (const state of ["R", "R+", "0", "256", "0x100", "4096", "T", "4"])
      expect(await asleep(state), state).toBe(false);
  });
});

describe("clocks", () => {
  /** 2.4 counts a nanosecond, from beyond 2^53 on. */
  const counted = (turn: Turn) => {
    const count = 9_007_199_254_740_993n + BigInt(turn.time) * 2400n;
    return `${column(turn.from)} [001] d..2. ${count}: sched_switch: ${fields(turn)}`;
  };

  test("of counts are read with a rate", async () => {
    for (const rate of ["2.4GHz", "2400 MHz", 2_400_000_000]) {
      const fit = await fitLines(TURNS.map(counted), { rate });
      expect(fit.periodic).toMatchObject({ period: 12 * MS, budget: 4 * MS, cycles: 18 });
      expect([fit.from, fit.to]).toStrictEqual(["0.000000000", "0.232000000"]);
      expect(fit.warnings).toStrictEqual(["times are counts: shown are seconds since the first line"]);
    }
  });

  test("of counts without a rate: how to record", async () => {
    expect(await refusal(fitLines(TURNS.map(counted)))).toBe(
      "a.trace:1 times are counts and not seconds, as the clocks x86-tsc and counter write them: say how many make a second, such as --rate 2.4GHz (of x86-tsc, `dmesg | grep tsc` has it), or record with `echo mono > trace_clock` or `trace-cmd record -C mono`",
    );
  });

  test("of seconds with a rate, and a rate that is none", async () => {
    expect(
      await refusal(
        fitLines(
          TURNS.map((turn) => ftrace(turn)),
          { rate: "1GHz" },
        ),
      ),
    ).toBe("a.trace:1 times are seconds: --rate is for a trace whose times are counts");
    expect(await refusal(fitLines(TURNS.map(counted), { rate: "fast" }))).toBe(
      "rate: fast is no rate; it is written as 2.4GHz or 2400000000",
    );
  });

  test("that change within a trace: the other lines are left out", async () => {
    const fit = await fitLines([...TURNS.map((turn) => ftrace(turn)), counted(TURNS[0])]);
    expect(fit.warnings).toStrictEqual(["1 line left out that no trace has, the first is line 41"]);
    expect(fit.completeness).toStrictEqual({ verdict: "part", reason: "1 line left out" });
  });
});

describe("what is missing", () => {
  const whole = TURNS.map((turn) => ftrace(turn));

  test("nothing, of all CPUs that there are", async () => {
    const heading = "# entries-in-buffer/entries-written: 40/40   #P:1";
    const one = await fitLines([heading, ...whole.map((line) => line.replace("[001]", "[000]"))]);
    expect(one.completeness).toStrictEqual({ verdict: "whole", reason: "lines of CPU 0, no switch is missing" });
  });

  test.each([
    ["of trace-cmd", "cpus=8"],
    ["of perf script --header", "# nrcpus online : 8"],
    ["of ftrace", "# entries-in-buffer/entries-written: 40/40   #P:8"],
  ])("CPUs, by the heading %s", async (_name, heading) => {
    const { completeness, warnings } = await fitLines([heading, ...whole]);
    expect(completeness).toStrictEqual({ verdict: "part", reason: "lines of CPU 1 only, of 8" });
    expect(warnings).toHaveLength(1);
  });

  test("events that the trace calls lost", async () => {
    for (const notice of ["CPU:1 [LOST 12 EVENTS]", "[   28.1] CPU:1 [12 EVENTS DROPPED]"]) {
      const { completeness, switchesLost } = await fitLines([...whole.slice(0, 10), notice, ...whole.slice(14)]);
      expect(completeness).toStrictEqual({ verdict: "part", reason: "12 lost events in 1 place" });
      expect(switchesLost).toBe(12);
    }
    const perf = TURNS.map(FORMS["perf script with a count"]);
    const notice = "hog  200 [001] 100.060000: PERF_RECORD_LOST lost 3";
    const { completeness } = await fitLines([...perf.slice(0, 10), notice, ...perf.slice(12)]);
    expect(completeness.reason).toBe("3 lost events in 1 place");
  });

  test("a report of host and guest is refused", async () => {
    const named = (file: string) => (turn: Turn) =>
      `${file.padStart(15)}: ${column(turn.from)} [001] ${seconds(turn.time)}: sched_switch:    ${short(turn)}`;
    const lines = TURNS.flatMap((turn) => [
      named("host.dat")(turn),
      named("guest.dat")({ ...turn, time: turn.time + 5 }),
    ]);
    expect(await refusal(fitLines(lines))).toBe(
      "a.trace:2 a report of several files or buffers, host.dat and guest.dat: CPUs of a host and of its guests have the same numbers; run `trace-cmd report` on the host's file alone",
    );
  });

  test("lines of two machines in one file are not one machine's", async () => {
    const guest: Thread = { comm: "task", pid: 12, prio: 98 };
    const idle: Thread = { comm: "swapper/1", pid: 0, prio: 120 };
    const lines = TURNS.flatMap((turn) => [
      ftrace(turn),
      ftrace({ time: turn.time + 1000, from: idle, to: guest }),
      ftrace({ time: turn.time + 2000, from: guest, to: idle }),
    ]);
    const { completeness, warnings } = await fitLines(lines);
    expect(completeness.verdict).toBe("part");
    expect(completeness.reason).toMatch(/^\d+ of \d+ switches are missing$/);
    expect(warnings[0]).toContain("more than 1 in 20 switches is missing: the lines may be those of several machines");
  });
});

describe("files of another kind are named, with what makes a trace of them", () => {
  test.each<[string, string | Buffer, string]>([
    ["trace.dat", "\x17\x08\x44tracing6\0\0", "a binary trace.dat: run `trace-cmd report FILE`"],
    ["perf.data", "PERFILE2h\0\0", "a binary perf.data: run `perf script -i FILE"],
    ["Perfetto", "\n\x12\x08\x01\x10\x00\xffabc", "a binary trace of Perfetto: run `traceconv systrace FILE`"],
    ["JSON", '{"traceEvents":[{"ph":"X","ts":1}]}\n', "a JSON trace of Chrome or Perfetto"],
    ["long JSON", `{"traceEvents":[${'{"ph":"X","ts":1},'.repeat(9000)}`, "a JSON trace of Chrome or Perfetto"],
    ["gzip", "\x1f\x8b\x08\0", "packed by gzip: unpack it first"],
    ["zstd", "\x28\xb5\x2f\xfd\0", "packed by zstd"],
    ["xz", "\xfd7zXZ\0", "packed by xz"],
    ["zip", "PK\x03\x04", "a zip archive"],
    ["atrace -z", "capturing trace... done\nTRACE:\nx\x9c\x01\x02", "packed by `atrace -z`: record without -z"],
    ["UTF-16", "\xff\xfe#\0 \0", "text in UTF-16: make UTF-8 of it"],
    [
      "LTTng",
      "[19:00:00.123] (+0.000012) host sched_switch: { cpu_id = 1 }, { prev_comm",
      "an LTTng trace as babeltrace",
    ],
    ["perf script without CPU", "hog 200 100.000000: sched:sched_switch: hog:200", "perf script without the CPU"],
    ["perf script without time", "hog 200 [001] sched:sched_switch: hog:200", "perf script without the time"],
    [
      "perf sched timehist",
      "           time    cpu  task name                       wait time",
      "what `perf sched` makes",
    ],
    [
      "perf trace",
      '     4.000 (         ): hog/200 sched:sched_switch(prev_comm: "hog", prev_pid: 200, next_pid: 300)',
      "what `perf trace` prints: record with `perf sched record`, then run `perf script`",
    ],
    ["bpftrace", "Attaching 1 probe...\n@[hog]: 3", "what bpftrace prints: record with `trace-cmd`"],
    [
      "verbose latency format",
      "     hog     200   1 2 00000000 [00000001] 4.000ms (+4.000ms): sched_switch: prev_comm=hog",
      "the latency format in words: `echo noverbose > trace_options`",
    ],
    ["Perfetto's table", '"ts","dur","cpu","utid","end_state"\n1,2,3,4,"R"', "a table of columns, not the lines"],
    ["a table", "time;cpu;prev_pid;next_pid\n1;2;3;4", "a table of columns, not the lines"],
    ["function graph", " 1)   0.584 us    |  mutex_lock();", "the function graph tracer: record the switches"],
    ["tp_printk", "sched_switch: prev_comm=a prev_pid=1 prev_prio=1 prev_state=S ==> x", "switches without a time"],
    ["a program", "\x7fELF\x02\x01\x01\0\0\0", "a binary file"],
    ["prose", "Once upon a time\nthere was\n", "no line of a trace"],
  ])("%s", async (_name, content, what) => {
    const bytes = Buffer.isBuffer(content) ? content : Buffer.from(content, "latin1");
    const message = await refusal(fitBytes(bytes));
    expect(message).toContain(what);
    expect(message).toContain("; expected is text of ftrace (");
    expect(message).toMatch(/^a\.trace:1 /);
  });

  test("but not a text that begins with what a trace's tools say", async () => {
    const greeting = ["capturing trace... done", "TRACE:", "version = 6", "trace-cmd version 3.2", "cpus=1", ""];
    const lines = TURNS.map((turn) => ftrace(turn).replace("[001]", "[000]"));
    expect((await fitLines([...greeting, ...lines])).warnings).toStrictEqual([]);
  });
});
