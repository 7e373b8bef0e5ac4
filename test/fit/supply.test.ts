// From switches to supply: windows over CPUs and threads, the ends of a trace, what is missing in it.

import { describe, expect, test } from "vitest";
import { recordedSupply } from "../../src/fit/measure/recorded.js";
import { fitJson } from "../../src/fit/write/json.js";
import { change, event, fitText, refusal, windowsOf } from "./hand-made.js";

describe("the windows of a VM", () => {
  const plain = [
    change(0, "hog", "vm"),
    change(4000, "vm", "hog"),
    change(12_000, "hog", "vm"),
    change(15_000, "vm", "hog", "S"),
    change(24_000, "hog", "other"),
  ];

  test("make up the JSON object, in milliseconds", async () => {
    const fit = await fitText(plain);
    expect(fitJson(fit)).toStrictEqual({
      trace: { verdict: "unknown", reason: "lines of CPU 0 only, and nothing says how many there were" },
      threads: [{ pid: 7, name: "vm" }],
      span: 24,
      supply: 7,
      share: 7 / 24,
      windows: { n: 2, min: 3, p50: 3, mean: 3.5, p99: 4, max: 4 },
      gaps: { n: 1, min: 8, p50: 8, mean: 8, p99: 8, max: 8 },
      blackout_max: 9,
      period: null,
      budget: null,
      fit: { cycles: 0, same_period: 0, same_budget: 0, period_range: null, budget_range: null, sbf_deficit_max: null },
      server: null,
      migrations: 0,
      switches_lost: 0,
    });
    expect(fit.warnings).toStrictEqual([]);
    expect([fit.from, fit.to]).toStrictEqual(["100.000000", "100.024000"]);
    expect(recordedSupply(fit.timeline)).toStrictEqual({
      span: 24_000_000,
      windows: [
        [0, 4_000_000, "cut"],
        [12_000_000, 3_000_000, "asleep"],
      ],
    });
  });

  test("are joined over CPUs; what another CPU does at the same time does not matter", async () => {
    const fit = await fitText([
      change(0, "hog", "vm", "R", 0),
      change(10, "other", "hog", "S", 1),
      change(2000, "vm", "hog", "R", 0),
      change(2000, "hog", "vm", "R", 1),
      change(5000, "vm", "hog", "R", 1),
      change(8000, "hog", "vm", "R", 0),
      change(9000, "vm", "hog", "R", 0),
    ]);
    expect(windowsOf(fit)).toStrictEqual([
      [0, 5000],
      [8000, 9000],
    ]);
    expect(fit.migrations).toBe(2);
  });

  test("are joined over the threads of a VM, which sleeps when all of them do", async () => {
    const lines = [
      change(0, "hog", "vm"),
      change(1000, "vm", "vm2", "S"),
      change(3000, "vm2", "hog", "R"),
      change(5000, "hog", "vm"),
      change(6000, "vm", "hog", "S"),
      change(8000, "hog", "vm2"),
      change(9000, "vm2", "hog", "S"),
      event(9500, "hog"),
    ];
    const fit = await fitText(lines, { threads: [7, "vm2"], together: true });
    expect(recordedSupply(fit.timeline).windows).toStrictEqual([
      [0, 3_000_000, "cut"],
      [5_000_000, 1_000_000, "cut"],
      [8_000_000, 1_000_000, "asleep"],
    ]);
    expect(fit.threads).toStrictEqual([
      { pid: 7, name: "vm" },
      { pid: 8, name: "vm2" },
    ]);
  });

  test("count once where two threads run side by side", async () => {
    const lines = [
      change(0, "hog", "vm", "R", 0),
      change(1000, "hog", "vm2", "R", 1),
      change(3000, "vm", "hog", "R", 0),
      change(4000, "vm2", "hog", "R", 1),
    ];
    const fit = await fitText(lines, { threads: ["vm", "vm2"], together: true });
    expect(windowsOf(fit)).toStrictEqual([[0, 4000]]);
    expect(fit.warnings).toStrictEqual(["for 2 ms more than one of the threads ran: counted once, as one CPU"]);
  });

  test("are of each thread by itself, and not of one VM, unless they are taken together", async () => {
    const lines = [change(0, "hog", "vm"), change(1000, "vm", "vm2"), change(3000, "vm2", "hog")];
    expect(await refusal(fitText(lines, { threads: ["vm", "vm2"] }))).toBe(
      "small.trace: vm (7), vm2 (8) have a supply each: choose one, or take them together, as one VM",
    );
  });

  test("at the ends of a trace count as supply, but their lengths are not known", async () => {
    const fit = await fitText([
      event(0, "vm"),
      change(1000, "vm", "hog"),
      change(3000, "hog", "vm"),
      change(4000, "vm", "hog"),
      change(7000, "hog", "vm"),
      event(8000, "vm"),
    ]);
    expect(windowsOf(fit)).toStrictEqual([
      [0, 1000],
      [3000, 4000],
      [7000, 8000],
    ]);
    expect(fit.supply).toBe(3_000_000);
    expect(fit.windows).toMatchObject({ n: 1, min: 1_000_000, max: 1_000_000 });
    expect(fit.gaps).toMatchObject({ n: 2, min: 2_000_000, max: 3_000_000 });
  });

  test("are cut at the part's borders", async () => {
    const fit = await fitText(plain, { from: "100.001", to: 100.013 });
    expect(windowsOf(fit)).toStrictEqual([
      [0, 3000],
      [11_000, 12_000],
    ]);
    expect(fit.windows.n).toBe(2);
    expect(fit.warnings).toStrictEqual([
      "measured is 100.001000 s to 100.013000 s; left out are 1 ms before it (1 ms supply) and 11 ms after it (2 ms supply)",
    ]);
  });

  test("may be none in the part that is asked for", async () => {
    const fit = await fitText(plain, { from: "100.016" });
    expect(fitJson(fit)).toMatchObject({ span: 8, supply: 0, share: 0, windows: { n: 0, min: null }, blackout_max: 8 });
    expect(fit.drawn).toBeNull();
  });

  test("go by pid: a thread that is renamed while it runs keeps its window", async () => {
    const renamed = change(4000, "vm", "hog").replace("prev_comm=vm", "prev_comm=guest");
    const fit = await fitText([change(0, "hog", "vm"), renamed, change(6000, "hog", "vm"), change(7000, "vm", "hog")]);
    expect(windowsOf(fit)).toStrictEqual([
      [0, 4000],
      [6000, 7000],
    ]);
  });

  test("of a name that a thread bears only later begin with the window in which it got it", async () => {
    const launcher = (line: string) => line.replace("vm-7", "launcher-7").replace("=vm ", "=launcher ");
    const fit = await fitText([
      launcher(change(0, "hog", "vm")),
      launcher(change(1000, "vm", "hog")),
      launcher(change(2000, "hog", "vm")),
      change(4000, "vm", "hog"),
    ]);
    expect(windowsOf(fit)).toStrictEqual([[2000, 4000]]);
  });

  test("may be finer than a microsecond", async () => {
    const fit = await fitText(
      [change(0, "hog", "vm"), change(4000, "vm", "hog")].map((line) => line.replace(": ", "123: ")),
    );
    expect([fit.from, fit.to, fit.span]).toStrictEqual(["100.000000123", "100.004000123", 4_000_000]);
  });
});

describe("what is missing", () => {
  test("is a switch when a line comes from another thread: it happened when the CPU was last heard of", async () => {
    const fit = await fitText([
      change(0, "vm", "hog"),
      event(1000, "hog"),
      change(3000, "vm", "hog"), // the switch from hog to vm is missing
      event(4000, "other"), // and here the one from hog to other
      change(6000, "other", "vm"),
      event(7000, "hog"), // and the one from vm to hog
    ]);
    expect(windowsOf(fit)).toStrictEqual([[1000, 3000]]);
    expect(fit.switchesLost).toBe(3);
    expect(fit.warnings).toStrictEqual([
      "missing switches: 3; each is taken to have happened at the line before on its CPU; up to 3 ms of the VM's supply are in doubt",
    ]);
  });

  test("is a switch when the VM goes on on another CPU", async () => {
    const fit = await fitText([
      change(0, "hog", "vm", "R", 0),
      event(1000, "vm", 0),
      change(3000, "hog", "vm", "R", 1),
      change(4000, "vm", "hog", "R", 1),
      event(5000, "hog", 0),
    ]);
    expect(windowsOf(fit)).toStrictEqual([
      [0, 1000],
      [3000, 4000],
    ]);
    expect([fit.switchesLost, fit.migrations]).toStrictEqual([1, 1]);
  });

  test("after a notice nothing is known until the CPU's next line", async () => {
    const fit = await fitText([
      change(0, "hog", "vm"),
      change(1000, "vm", "hog"),
      change(2000, "hog", "vm"),
      event(2500, "vm"),
      "CPU:0 [LOST 30 EVENTS]",
      event(9000, "vm"),
      change(9500, "vm", "hog"),
      change(9900, "hog", "vm"),
      change(10_000, "vm", "hog"),
    ]);
    expect(windowsOf(fit)).toStrictEqual([
      [0, 1000],
      [2000, 2500],
      [9000, 9500],
      [9900, 10_000],
    ]);
    expect(fit.windows.n).toBe(2);
    expect(fit.gaps).toMatchObject({ n: 2, min: 400_000, max: 1_000_000 });
    expect([fit.blackoutMax, fit.switchesLost]).toStrictEqual([1_000_000, 30]);
    expect(fit.warnings).toStrictEqual(["30 events were lost while recording, in 1 place: gaps there are left out"]);
  });
});

describe("the part that is measured by itself", () => {
  /** A VM 2 on, 2 off from `begin`, n times, under another name or priority when asked. */
  const busy = (begin: number, n: number, as = (line: string) => line) =>
    Array.from({ length: n }, (_, k) => [
      as(change(begin + 4000 * k, "hog", "vm")),
      as(change(begin + 4000 * k + 2000, "vm", "hog")),
    ]).flat();
  const deadline = (line: string) => line.replace(/(_pid=7 ...._prio=)120/, "$1-1");

  test("is the whole trace of a VM that works all the time", async () => {
    const fit = await fitText(busy(0, 20), { from: undefined });
    expect([fit.from, fit.to, fit.warnings]).toStrictEqual(["100.000000", "100.078000", []]);
  });

  test("is where the thread has the priority under which it ran most", async () => {
    const fit = await fitText([...busy(0, 5), ...busy(20_000, 20, deadline), ...busy(100_000, 5)], { from: undefined });
    expect([fit.from, fit.to]).toStrictEqual(["100.020000", "100.098000"]);
    expect(fit.warnings).toStrictEqual([
      "measured is 100.020000 s to 100.098000 s; left out are 20 ms before it (10 ms supply) and 20 ms after it (10 ms supply)",
    ]);
  });

  test("is without a long start and end in which it hardly ran", async () => {
    const lines = [change(0, "hog", "vm"), change(50, "vm", "hog", "S"), ...busy(30_000, 20), event(200_000, "hog")];
    const fit = await fitText(lines, { from: undefined });
    expect([fit.from, fit.to]).toStrictEqual(["100.030000", "100.108000"]);
  });
});
