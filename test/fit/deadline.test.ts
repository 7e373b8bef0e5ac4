// A recorded SCHED_DEADLINE server comes out as the constant bandwidth server that it was, with the tick of its kernel.

import { Readable } from "node:stream";
import { Fraction } from "fraction.js";
import { expect, test } from "vitest";
import { type Fit, fitTrace } from "../../src/fit/fit.js";
import { NO_GUEST } from "../../src/fit/write/guest.js";
import { outputOf } from "../../src/fit/write/outputs.js";
import { fitLines } from "../../src/fit/write/text.js";
import type { Clock } from "../../src/numbers/clock.js";
import { textOf, tracedOf } from "../trace/support.js";
import { fitRecorded, recordingText } from "./recording.js";

const MS = 1_000_000;
/** A phase is a place on a circle. */
const phaseNear = (fit: Fit, phase: number) => {
  const { enforceEvery: every, enforcePhase: found } = fit.deadline!;
  const off = Math.abs(found! - phase * MS) % every!;
  return Math.min(off, every! - off) / MS;
};

test.each([
  ["deadline_4_12_light", 8950, 12, 4],
  ["deadline_10_12_paper", 4654, 12, 10], // looks like 20 ms in 24
  ["deadline_10_12_paper_migrating", 4942, 12, 10],
  ["kvm_deadline_4_12_paper", 8993, 12, 4],
  ["two_deadline_servers", 4895, 12, 4],
])("%s is a cbs server with a tick of 4 ms", async (name, pid, period, budget) => {
  const fit = await fitRecorded(`${name}.trace`, { threads: [pid] });
  expect(fit.deadline).toMatchObject({ period: period * MS, budget: budget * MS, enforceEvery: 4 * MS });
});

test.each([
  ["kvm_fair_paper", 4796],
  ["kvm_timer_server_10_12_paper", 9088],
])("%s, of another class, is none", async (name, pid) => {
  expect((await fitRecorded(`${name}.trace`, { threads: [pid] })).deadline).toBeNull();
});

test("a part of a recording is enough, and makes a sweep", async () => {
  const fit = await fitRecorded("deadline_10_12_paper.trace", { threads: [4654], from: "2676.9", to: "2677.3" });
  expect(fit.deadline).toMatchObject({ period: 12 * MS, budget: 10 * MS, enforceEvery: 4 * MS });
  const source = { fit, guest: NO_GUEST, file: "trace", title: "trace" };
  const { host, servers } = JSON.parse(outputOf("server").make(source).content).system;
  expect(host).toStrictEqual({ scheduler: "edf" });
  expect(servers.vm).toMatchObject({ policy: "cbs", period: "12ms", budget: "10ms", enforce_every: "4ms" });
  expect(fitLines("trace", fit).join("\n")).toContain("budget 10 ms in 12 ms, used up at ticks of 4 ms");
});

test.each([60_000, 90_000])(
  "a recording of %d bytes is enough, though its thread was set up in a fair class at first",
  async (bytes) => {
    const text = recordingText("kvm_deadline_4_12_paper.trace").slice(0, bytes);
    const fit = await fitTrace(Readable.from([Buffer.from(text)]), { threads: [8993] });
    expect(fit.deadline).toMatchObject({ period: 12 * MS, budget: 4 * MS, enforceEvery: 4 * MS });
    const before = await fitTrace(Readable.from([Buffer.from(text)]), { threads: [8993], to: "3138.6" });
    expect(before.deadline).toBeNull(); // that is when it was set up
  },
);

/** A simulated server, written as a recording of a thread of SCHED_DEADLINE; times in a tenth of a millisecond, or `step`. */
function recorded(fields: object, others: readonly object[] = [], step = new Fraction(1, 10)): Promise<Fit> {
  const milliseconds: Clock = { unit: "ms", step, nanoseconds: step.mul(1_000_000) };
  const vm = { name: "vm", policy: "cbs", ...fields, tasks: [{ name: "t", period: 20_000, wcet: 19_000, offset: 13 }] };
  const scenario = { horizon: 20_000, host: { scheduler: "edf" }, servers: [vm, ...others] };
  const text = textOf(tracedOf(scenario, milliseconds), "ftrace");
  const lines = text.replace(/((?:prev|next)_comm=vm (?:prev|next)_pid=\d+ (?:prev|next)_prio=)0/g, "$1-1");
  return fitTrace(Readable.from([Buffer.from(lines)]), { threads: ["vm"] });
}

test("what was simulated with a tick comes out with it", async () => {
  const fit = await recorded({ period: 300, budget: 70, enforce_every: 40, enforce_phase: 10 });
  expect(fit.deadline).toMatchObject({ period: 30 * MS, budget: 7 * MS, enforceEvery: 4 * MS });
  expect(phaseNear(fit, 1 - Number(fit.from) * 1000)).toBeLessThan(0.01);
});

test("what was simulated without one comes out without it", async () => {
  const fit = await recorded({ period: 303, budget: 71 });
  expect(fit.deadline).toMatchObject({ period: 30.3 * MS, budget: 7.1 * MS, enforceEvery: null });
});

test("the tick of a kernel with HZ=300 is seen, and written to the nanosecond", async () => {
  const fit = await recorded({ period: 93, budget: 21, enforce_every: 10, enforce_phase: 4 }, [], new Fraction(1, 3));
  expect(fit.deadline).toMatchObject({ period: 31 * MS, budget: 7 * MS, enforceEvery: 3_333_333 });
  const source = { fit, guest: NO_GUEST, file: "trace", title: "trace" };
  const { servers } = JSON.parse(outputOf("server").make(source).content).system;
  expect(servers.vm).toMatchObject({ period: "31ms", budget: "7ms", enforce_every: "3.333333ms" });
});

test("of a server that another one preempts it is said that its period does not show", async () => {
  const other = (name: string, period: number, wcet: number) => ({
    name,
    policy: "cbs",
    period,
    budget: wcet,
    tasks: [{ name: "o", period: period + 7, wcet }],
  });
  const fit = await recorded({ period: 303, budget: 71 }, [other("a", 37, 17), other("b", 59, 23)]);
  expect(fit.deadline).toBeNull();
  expect(fit.warnings.join("\n")).toMatch(
    /in whose windows no period shows.*`chrt -p \d+` tells its runtime and period/,
  );
  const alone = await recorded({ period: 303, budget: 71 });
  expect(alone.warnings.join("\n")).not.toContain("no period shows");
});
