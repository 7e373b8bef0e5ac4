// A trace as a stream: pieces of any size, order, damage, foreign files, and what is said about them.

import { Readable } from "node:stream";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fitTrace } from "../../src/fit/fit.js";
import { HELD_BACK } from "../../src/fit/read/reorder.js";
import { change, event, fitText, refusal, windowsOf } from "./hand-made.js";

const lines = [
  "# tracer: nop",
  change(0, "hog", "vm"),
  change(4000, "vm", "hog"),
  event(5000, "hog"),
  change(12_000, "hog", "vm"),
  change(15_000, "vm", "hog", "S"),
];
const windows = [
  [0, 4000],
  [12_000, 15_000],
];
const EXPECTED =
  "expected is text of ftrace (`TASK-PID [CPU] FLAGS SECONDS.FRACTION: sched_switch: ...`), `trace-cmd report` or `perf script`";

describe("a stream", () => {
  test("may come in pieces of any size, with either line end, with or without a last one", async () => {
    const text = lines.join("\n");
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 300 }), fc.boolean(), fc.boolean(), async (size, crlf, last) => {
        const whole = (last ? `${text}\n` : text).replaceAll("\n", crlf ? "\r\n" : "\n");
        const fit = await fitText(whole, {}, size);
        expect(windowsOf(fit)).toStrictEqual(windows);
        expect(fit.warnings).toStrictEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  test("is sorted where lines are a little out of order", async () => {
    const body = lines.slice(1);
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(body, { minLength: body.length }), async (shuffled) => {
        const fit = await fitText(shuffled);
        expect(windowsOf(fit)).toStrictEqual(windows);
        const moved = shuffled.some((line, i) => line !== body[i]);
        expect(fit.warnings).toStrictEqual(moved ? [expect.stringMatching(/^\d lines? out of order, put in/)] : []);
      }),
      { numRuns: 30 },
    );
  });

  test("leaves out what comes too late, and says so", async () => {
    const many = Array.from({ length: HELD_BACK + 2 }, (_, i) => event(20_000 + i, "hog"));
    const fit = await fitText([...lines, ...many, change(16_000, "hog", "vm"), change(17_000, "vm", "hog")]);
    expect(windowsOf(fit)).toStrictEqual(windows);
    expect(fit.warnings).toStrictEqual([
      `2 lines too far out of order left out, the first is line ${lines.length + many.length + 1}`,
    ]);
  });

  test("has names of any language, cut to 15 bytes as Linux does, be it within a character", async () => {
    const name = Buffer.from("a-машинам").subarray(0, 15);
    const line = (first: string, time: string, rest: string) =>
      Buffer.concat([
        Buffer.from(`  ${first} [000] d..2. ${time}: sched_switch: ${rest.split("VM")[0]}`),
        name,
        Buffer.from(`${rest.split("VM")[1]}\n`),
      ]);
    const trace = Buffer.concat([
      line(
        "<idle>-0",
        "1.000000",
        "prev_comm=i prev_pid=0 prev_prio=120 prev_state=R ==> next_comm=VM next_pid=7 next_prio=9",
      ),
      line(
        "vm-7",
        "1.004000",
        "prev_comm=VM prev_pid=7 prev_prio=9 prev_state=R ==> next_comm=i next_pid=0 next_prio=120",
      ),
    ]);
    const { threads, supply } = await fitTrace(Readable.from([trace]), { threads: ["a-машинам"] });
    expect([threads, supply]).toStrictEqual([[{ pid: 7, name: name.toString() }], 4_000_000]);
  });

  test("that is cut off says which line is left out", async () => {
    const fit = await fitText(`${lines.join("\n")}\n${change(16_000, "hog", "vm").slice(0, 90)}`);
    expect(windowsOf(fit)).toStrictEqual(windows);
    expect(fit.warnings).toStrictEqual(["line 7, the last one, is cut off: it is left out"]);
  });

  test("with foreign and damaged lines in between is read without them", async () => {
    const damaged = change(13_000, "vm", "hog").replace("next_pid", "next");
    const fit = await fitText([...lines.slice(0, 5), "oops", damaged, "what", lines[5]]);
    expect(windowsOf(fit)).toStrictEqual(windows);
    expect(fit.warnings).toStrictEqual([
      "2 lines left out that no trace has, the first is line 6",
      "1 line with a damaged sched_switch left out, the first is line 7",
    ]);
  });

  test("says when its beginning was overwritten", async () => {
    const fit = await fitText(["# entries-in-buffer/entries-written: 6/1006   #P:2", ...lines]);
    expect(fit.warnings).toStrictEqual([
      "line 1: of 1006 events 6 are left, the earlier ones were overwritten",
      "lines of CPU 0 only, and there are 2 CPUs: a gap may be time on another; record all of them",
    ]);
    const reason = "lines of CPU 0 only, of 2; 1000 earlier events were overwritten";
    expect(fit.completeness).toStrictEqual({ verdict: "part", reason });
  });

  test("asks which thread is meant where several bear the name, as those of two VMs do", async () => {
    const both = [...lines, change(16_000, "hog", "vm2"), change(17_000, "vm2", "hog")].map((line) =>
      line.replaceAll("vm2", "vm"),
    );
    expect(await refusal(fitText(both))).toBe(
      "small.trace: 2 threads bear the name vm: 7 (ran 7 ms), 8 (ran 1 ms); say which by its pid, such as --thread 7, or that all of them are one VM, --together",
    );
    expect(windowsOf(await fitText(both, { threads: ["7"] }))).toStrictEqual(windows);
    expect(windowsOf(await fitText(both, { together: true }))).toStrictEqual([...windows, [16_000, 17_000]]);
  });
});

describe("refused is", () => {
  const binary = Buffer.from([0x17, 0x08, 0x44]).toString("latin1");
  test.each<[string, string, string]>([
    ["an empty file", "", `small.trace: holds no event; ${EXPECTED}`],
    ["a file of comments", "# tracer: nop\n#\n", `small.trace: holds no event; ${EXPECTED}`],
    ["another text", "# a\n\n{ }\n", `small.trace:3 no line of a trace; ${EXPECTED}`],
    [
      "trace.dat",
      `${binary}tracing6\n`,
      `small.trace:1 a binary trace.dat: run \`trace-cmd report FILE\`, which is what is read here; ${EXPECTED}`,
    ],
    [
      "perf.data",
      "PERFILE2h\n",
      `small.trace:1 a binary perf.data: run \`perf script -i FILE -F comm,pid,tid,cpu,time,event,trace\`, which is what is read here; ${EXPECTED}`,
    ],
    [
      "a packed file",
      "\x1f\x8b\x08\n",
      `small.trace:1 packed by gzip: unpack it first, \`gunzip -c FILE | replenish fit -\`; ${EXPECTED}`,
    ],
    ["a file without lines", "x".repeat(70_000), `small.trace:1 longer than 65536 bytes; ${EXPECTED}`],
    [
      "a trace without switches",
      `${event(0, "vm")}\n`,
      "small.trace: holds no sched_switch event; record with `-e sched:sched_switch`",
    ],
    [
      "switches of an unknown form",
      `${event(0, "vm")}\n${change(1, "vm", "hog").replace("next_pid", "next")}\n`,
      "small.trace:2 sched_switch in a form that is not known; `prev_comm=... prev_pid=... ==> next_comm=...` and `comm:pid [prio] S ==> comm:pid [prio]` are",
    ],
    [
      "two clocks in one file",
      `${event(0, "vm")}\n${change(2e12, "vm", "hog")}\n`,
      "small.trace:2 the time 2000100 s is more than 1000000 s away from the first line's",
    ],
  ])("%s", async (_what, text, message) => {
    expect(await refusal(fitText(text))).toBe(message);
  });

  test("a thread that is not there, with those that are", async () => {
    expect(await refusal(fitText(lines, { threads: ["vn", 4711] }))).toBe(
      'small.trace: no thread vn; did you mean "vm"?; no thread 4711; ran most: hog (9), vm (7)',
    );
    expect(await refusal(fitText(lines, { threads: [] }))).toBe(
      "small.trace: no thread is chosen; ran most: hog (9), vm (7)",
    );
  });

  test("a part that is not there", async () => {
    expect(await refusal(fitText(lines, { from: "now", to: "1e3" }))).toBe(
      [
        "small.trace from: now is no time; it is given in seconds as the trace writes them, such as 3135.848",
        "small.trace to: 1e3 is no time; it is given in seconds as the trace writes them, such as 3135.848",
      ].join("\n"),
    );
    expect(await refusal(fitText(lines, { from: 200, to: 300 }))).toBe(
      "small.trace: nothing lies between from and to; the trace goes from 100.000000 to 100.015000 s",
    );
  });

  test("a file that is not there", async () => {
    const { fitTrace } = await import("../../src/fit/fit.js");
    await expect(fitTrace("no/such.trace", { threads: ["vm"] })).rejects.toThrow(
      "no/such.trace: no such file or directory (ENOENT)",
    );
  });
});
