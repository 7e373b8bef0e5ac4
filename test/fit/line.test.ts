// One line of a trace at a time: every form, and names made to mislead.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type LineKind, LineReader } from "../../src/fit/read/line.js";

interface Said {
  readonly kind: LineKind;
  readonly task: string;
  readonly pid: number;
  readonly cpu: number;
  readonly time: string;
  readonly prev?: string;
  readonly next?: string;
  readonly rest?: readonly number[];
}

function read(text: string): Said {
  const reader = new LineReader();
  const kind = reader.read(Buffer.from(`>${text}<`, "latin1"), 1, text.length + 1);
  const { header, change } = reader;
  const time = `${header.seconds}.${String(header.nanoseconds).padStart(9, "0")}`;
  const said = { kind, task: reader.name(header.task), pid: header.pid, cpu: header.cpu, time };
  if (kind !== "switch") return said;
  return {
    ...said,
    prev: reader.name(change.prev),
    next: reader.name(change.next),
    rest: [change.prevPriority, change.prevState, change.nextPid, change.nextPriority],
  };
}

const R = "R".charCodeAt(0);
const S = "S".charCodeAt(0);

describe("the forms of a switch", () => {
  test.each<[string, string, Said]>([
    [
      "ftrace of today",
      "              vm-4654    [001] d..2.  2675.408041: sched_switch: prev_comm=vm prev_pid=4654 prev_prio=-1 prev_state=R+ ==> next_comm=hog next_pid=75 next_prio=120",
      {
        kind: "switch",
        task: "vm",
        pid: 4654,
        cpu: 1,
        time: "2675.408041000",
        prev: "vm",
        next: "hog",
        rest: [-1, R, 75, 120],
      },
    ],
    [
      "with thread groups and nine digits",
      " vm-4654 (   4600) [013] d..2. 2675.408041007: sched_switch: prev_comm=vm prev_pid=4654 prev_prio=120 prev_state=S ==> next_comm=hog next_pid=75 next_prio=0",
      {
        kind: "switch",
        task: "vm",
        pid: 4654,
        cpu: 13,
        time: "2675.408041007",
        prev: "vm",
        next: "hog",
        rest: [120, S, 75, 0],
      },
    ],
    [
      "without flags, as old kernels",
      "vm-4654 [001] 2675.408041: sched_switch: prev_comm=vm prev_pid=4654 prev_prio=120 prev_state=S ==> next_comm=swapper next_pid=0 next_prio=120",
      {
        kind: "switch",
        task: "vm",
        pid: 4654,
        cpu: 1,
        time: "2675.408041000",
        prev: "vm",
        next: "swapper",
        rest: [120, S, 0, 120],
      },
    ],
    [
      "trace-cmd report",
      "  <idle>-0     [000]  3171.776795: sched_switch:         swapper/0:0 [120] R ==> trace-cmd:2932 [-1]",
      {
        kind: "switch",
        task: "<idle>",
        pid: 0,
        cpu: 0,
        time: "3171.776795000",
        prev: "swapper/0",
        next: "trace-cmd",
        rest: [120, R, 2932, -1],
      },
    ],
    [
      "trace-cmd report with a remark behind",
      "  bash-52501 [110] d... 81778.908247123: sched_switch: bash:52501 [120] S ==> swapper/110:0 [120] [12770284:0x2e8:64]",
      {
        kind: "switch",
        task: "bash",
        pid: 52501,
        cpu: 110,
        time: "81778.908247123",
        prev: "bash",
        next: "swapper/110",
        rest: [120, S, 0, 120],
      },
    ],
    [
      "the sched_switch tracer",
      "  bash-3997  [01]   240.132284:   3997:120:R ==> 4055:120:R",
      {
        kind: "switch",
        task: "bash",
        pid: 3997,
        cpu: 1,
        time: "240.132284000",
        prev: "",
        next: "",
        rest: [120, R, 4055, 120],
      },
    ],
    [
      "the sched_switch tracer with CPU and name",
      "  bash-1408  [000] 26208.816939:   1408:120:S ==> [000]     9: 98:R events/0 ",
      {
        kind: "switch",
        task: "bash",
        pid: 1408,
        cpu: 0,
        time: "26208.816939000",
        prev: "",
        next: "events/0",
        rest: [120, S, 9, 98],
      },
    ],
    [
      "keys in another order, with commas, quotes and a state as a number",
      'vm-4654 [001] d..2. 1.5: sched_switch: { next_prio=-1, next_pid = 75, next_comm="a b, c", prev_state=0x100, prev_comm=, prev_pid=4654 }',
      {
        kind: "switch",
        task: "vm",
        pid: 4654,
        cpu: 1,
        time: "1.500000000",
        prev: "",
        next: "a b, c",
        rest: [0, R, 75, -1],
      },
    ],
    [
      "keys in another order, with an arrow and names that hold signs of equality",
      "vm-4654 [001] d..2. 1.5: sched_switch: prev_pid=4654 prev_comm=a=b== prev_prio=120 prev_state=D|W ==> next_pid=75 next_comm=prev_pid next_prio=98",
      {
        kind: "switch",
        task: "vm",
        pid: 4654,
        cpu: 1,
        time: "1.500000000",
        prev: "a=b==",
        next: "prev_pid",
        rest: [120, "D".charCodeAt(0), 75, 98],
      },
    ],
  ])("%s", (_name, text, said) => {
    expect(read(text)).toStrictEqual(said);
  });

  test("any name of 15 characters comes through, in both forms", () => {
    const letters = fc.constantFrom(..." =>:[]()-#_.0123456789abprevnextcommpidio/");
    const name = fc
      .oneof(
        fc.string({ unit: letters, minLength: 1, maxLength: 15 }),
        fc.constantFrom(
          " prev_pid=1 ",
          " ==> next_comm=",
          "a next_pid=1",
          "b:7 [1] R ==> ",
          "[000] 1.2: x",
          "x (1) [1]",
        ),
      )
      .filter((text) => text.trim() === text && !text.startsWith("#"));
    fc.assert(
      fc.property(name, name, fc.nat(99999), fc.nat(99999), (prev, next, pid, nextPid) => {
        const head = `${prev}-${pid} [002] d..2. 1.000001: sched_switch: `;
        const long = `prev_comm=${prev} prev_pid=${pid} prev_prio=120 prev_state=S ==> next_comm=${next} next_pid=${nextPid} next_prio=-1`;
        const short = `${prev}:${pid} [120] S ==> ${next}:${nextPid} [-1]`;
        const said = {
          kind: "switch",
          task: prev,
          pid,
          cpu: 2,
          time: "1.000001000",
          prev,
          next,
          rest: [120, S, nextPid, -1],
        };
        expect(read(head + long)).toStrictEqual(said);
        expect(read(head + short)).toStrictEqual(said);
      }),
    );
  });
});

describe("other lines", () => {
  test.each<[LineKind, string]>([
    ["other", "hog-1 [001] dNh3. 1.5: sched_wakeup: comm=vm pid=8950 prio=-1 target_cpu=001"],
    ["other", "vm-1 [001] ...1. 1.5: tracing_mark_write: a-2 [000] d.... 1.6: sched_switch: b:2 [120] S ==> c:3 [120]"],
    ["other", "bash-3997 [01] 240.132281: 3997:120:R + 4055:120:R"],
    ["damaged", "vm-1 [001] d..2. 1.5: sched_switch: prev_comm=vm prev_pid=1 prev_prio=120 prev_sta"],
    [
      "damaged",
      "vm-1 [001] d..2. 1.5: sched_switch: prev_comm=vm prev_pid=2 prev_prio=120 prev_state=S ==> next_comm=a next_pid=3 next_prio=1",
    ],
    ["damaged", "vm-1 [001] d..2. 1.5: sched_switch: vm:1 [120] S ==> hog"],
    ["damaged", "vm-1 [001] d..2. 1.5: sched_switch: next_pid=2 prev_pid=1 next_comm=a"],
    ["damaged", "vm-1 [001] d..2. 1.5: sched_switch: next_pid=2 prev_pid=1 prev_state=S prev_pid=1"],
    ["damaged", "vm-1 [001] d..2. 1.5: sched_switch: next_pid=2 prev_pid=1 prev_state= next_comm=a"],
    ["lost", "CPU:1 [LOST 12 EVENTS]"],
    ["lost", "CPU:0 [LOST EVENTS]"],
    ["lost", "CPU:7 [204600 EVENTS DROPPED]"],
    ["lost", "CPU:7 [EVENTS DROPPED]"],
    ["comment", "# tracer: nop"],
    ["comment", "##### CPU 1 buffer started ####"],
    ["comment", ""],
    ["comment", "cpus=8"],
    ["comment", "version = 6"],
    ["comment", "CPU 3 is empty"],
    ["comment", " => schedule"],
    ["unknown", "CPU:x [LOST 3 EVENTS]"],
    ["unknown", "hello"],
    ["switch", "vm-1 [001] d..2. 15: sched_switch: vm:1 [120] S ==> hog:2 [120]"],
    ["unknown", "vm-1 [001] d..2. 15 : sched_switch: vm:1 [120] S ==> hog:2 [120]"],
    ["unknown", "vm-1 [001] d..2. 1.0123456789: sched_switch: vm:1 [120] S ==> hog:2 [120]"],
    ["switch", "vm [001] d..2. 1.5: sched_switch: vm:1 [120] S ==> hog:2 [120]"],
    ["unknown", "vm-1 001 d..2. 1.5: sched_switch: vm:1 [120] S ==> hog:2 [120]"],
  ])("%s: %s", (kind, text) => {
    expect(read(text).kind).toBe(kind);
  });

  test("counts lost events where the line says how many", () => {
    const counts = ["CPU:1 [LOST 12 EVENTS]", "CPU:1 [LOST EVENTS]", "CPU:7 [204600 EVENTS DROPPED]"].map((text) => {
      const reader = new LineReader();
      reader.read(Buffer.from(text), 0, text.length);
      return [reader.lostCpu, reader.lost];
    });
    expect(counts).toStrictEqual([
      [1, 12],
      [1, 0],
      [7, 204600],
    ]);
  });
});
