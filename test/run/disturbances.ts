// What a run has to survive: being killed at any moment, and its files being damaged. How often is up to the caller.

import { existsSync } from "node:fs";
import { cp, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { expect } from "vitest";
import { lastLog, numbers, type Outcome, replenish, type Started, start, sumsOf } from "./process.js";

/** How a sweep of disturbed runs begins: two servers with tasks that vary by these expressions, up to a horizon H. */
export const systemOf = (bcet: string, jitter: string): string => `
name: disturbed
horizon: =H
system:
  servers:
    vm:
      policy: sporadic
      period: 20
      budget: 12
      max_replenishments: =N
      tasks:
        fast: { period: 4, wcet: 1, bcet: ${bcet} }
        slow: { period: 50, wcet: 10 }
    other: { policy: =policy, period: =P, budget: 3, tasks: { t: { period: 30, wcet: 2, jitter: ${jitter} } } }
`;

/** As much work as a bench asks for: its horizons are so many times those of the shortest. */
const sweepOf = (times: number): string => `${systemOf("0.5", "4")}
axes:
  policy: [idling, deferrable, polling]
  P: { from: 8, to: 30, step: 1 }
  H: [${3000 * times}, ${9000 * times}]
  N: [2, 3]
replicates: 3
seed: 11
`;

export interface Bench {
  /** Directory for runs. */
  readonly root: string;
  readonly sweep: string;
  /** What an undisturbed run gives, and where it is. */
  readonly sums: Record<string, string>;
  readonly whole: string;
  /** How long it takes before it computes, and from then on. */
  readonly startMs: number;
  readonly workMs: number;
}

/** Runs that are disturbed at the same time: a process that starts keeps one core busy. */
const LANES = 2;

/** Of one worker, starts left out: long enough that a journal, which waits 200 ms at first, has something before all is computed. */
const COMPUTED_MS = 800;

/** An undisturbed run to compare with. */
export async function bench(): Promise<Bench> {
  const root = await mkdtemp(join(tmpdir(), "replenish-disturbed-"));
  const sweep = join(root, "sweep.yaml");
  const whole = join(root, "whole");
  for (let times = 1; ; times *= 2) {
    await writeFile(sweep, sweepOf(times));
    const started = performance.now();
    const { code, stderr } = await replenish("run", sweep, "-o", whole, "--workers", "2", "--quiet", "--force");
    expect([code, stderr]).toEqual([0, ""]);
    const log = await lastLog(whole);
    const workMs = Number(log.at(-1)?.elapsedMs);
    const computedMs = log.reduce((sum, { event, runMs }) => (event === "chunks" ? sum + Number(runMs) : sum), 0);
    const startMs = performance.now() - started - workMs;
    if (computedMs > COMPUTED_MS) return { root, sweep, whole, sums: await sumsOf(whole), startMs, workMs };
  }
}

/** Names of the durable segments of a directory. */
async function segments(directory: string): Promise<string[]> {
  const names = await readdir(join(directory, "journal")).catch(() => []);
  return names.filter((name) => name.endsWith(".segment"));
}

function runsOf(name: string): number {
  const [first, last] = name.split(/[-.]/).map(Number);
  return last - first + 1;
}

interface Kills {
  withSegments: number;
  finished: number;
}

/**
 * Kills process groups of runs at random moments. Every run is killed up to four times, each time gone on with, and must
 * come to its end with the bytes of one that was left alone.
 * @returns how many kills left something to go on with, and how many came when the run had finished
 */
export async function killAndGoOn(prepared: Bench, times: number, seed: number): Promise<Kills> {
  process.stdout.write(`${times} kills, seed ${seed}\n`);
  const seen = { withSegments: 0, finished: 0 };
  await inLanes(async (lane) => {
    const random = numbers(seed * LANES + lane);
    for (let left = Math.ceil(times / LANES), run = 0; left > 0; run++) {
      const directory = join(prepared.root, `killed-${lane}-${run}`);
      const kills = Math.min(left, 1 + Math.floor(random() * 4));
      await killOne(prepared, directory, kills, random, seen);
      left -= kills;
    }
  });
  return seen;
}

async function inLanes(work: (lane: number) => Promise<void>): Promise<void> {
  await Promise.all(Array.from({ length: LANES }, (_, lane) => work(lane)));
}

/** One run: killed so many times, then left alone. */
async function killOne(prepared: Bench, directory: string, kills: number, random: () => number, seen: Kills) {
  const words = ["run", prepared.sweep, "-o", directory, "--quiet"];
  const workers = () => ["--workers", String(1 + Math.floor(random() * 2))];
  let kept: string[] = [];
  for (let kill = 0; kill < kills; kill++) {
    const running = start([...words, ...workers()]);
    await randomMoment(prepared, running, directory, random);
    running.kill();
    await running.ended;
    await expectGoneOn(directory, running.child.pid!, kept);
    kept = await segments(directory);
    // The sums are written last: what they stand beside is complete.
    const finished = existsSync(join(directory, "SHA256SUMS"));
    if (finished) expect([directory, kill, await sumsOf(directory)]).toEqual([directory, kill, prepared.sums]);
    if (finished) seen.finished++;
    else if (kept.length > 0) seen.withSegments++;
  }
  const last = start([...words, ...workers()]);
  const { code, stderr } = await last.ended;
  expect([directory, code, stderr]).toEqual([directory, 0, ""]);
  expect([directory, await sumsOf(directory)]).toEqual([directory, prepared.sums]);
  expect(await readdir(directory)).not.toContain("journal");
  await expectGoneOn(directory, last.child.pid!, kept);
  await rm(directory, { recursive: true });
}

/** While it starts, once it computes, or just after it has kept something more: then there is something to lose. */
async function randomMoment(prepared: Bench, { child }: Started, directory: string, random: () => number) {
  const [which, where] = [random(), random()];
  if (which < 0.2) return await setTimeout(where * prepared.startMs);
  const hasBegun = async () => (await lastLog(directory)).some(({ pid }) => pid === child.pid);
  while (child.exitCode === null && !(await hasBegun())) await setTimeout(10);
  if (which < 0.5) return await setTimeout(where * 1.1 * prepared.workMs);
  const before = (await segments(directory)).length;
  while (child.exitCode === null && (await segments(directory)).length <= before) await setTimeout(5);
  await setTimeout(where * 50);
}

/** A process counted the runs of the segments that were there as done, and if it came to its end, computed the others only. */
async function expectGoneOn(directory: string, pid: number, kept: readonly string[]): Promise<void> {
  const events = await lastLog(directory);
  const [begun] = events;
  // One that was killed before it computed logs nothing, nor does one whose run has nothing left to do.
  if (begun?.pid !== pid) return;
  const before = kept.reduce((sum, name) => sum + runsOf(name), 0);
  expect([directory, begun.runsBefore]).toEqual([directory, before]);
  if (events.at(-1)?.event !== "end") return;
  const computed = events.filter(({ event }) => event === "chunks").reduce((sum, { runs }) => sum + Number(runs), 0);
  expect([directory, computed]).toEqual([directory, Number(begun.runs) - before]);
}

interface Damages {
  right: number;
  refused: number;
}

/**
 * Damages a random file of a finished or an unfinished run, time after time, and runs again.
 * @returns how often the damage was put right, and how often the run was refused
 */
export async function damageAndGoOn(prepared: Bench, times: number, seed: number): Promise<Damages> {
  process.stdout.write(`${times} damages, seed ${seed}\n`);
  const unfinished = await stopped(prepared);
  const seen = { right: 0, refused: 0 };
  await inLanes(async (lane) => {
    const random = numbers(seed * LANES + lane);
    for (let time = lane; time < times; time += LANES) {
      const directory = join(prepared.root, `damaged-${time}`);
      await cp(time % (2 * LANES) < LANES ? prepared.whole : unfinished, directory, { recursive: true });
      await damageAndRun(prepared, directory, random, seen);
      await rm(directory, { recursive: true, force: true });
    }
  });
  return seen;
}

async function damageAndRun(prepared: Bench, directory: string, random: () => number, seen: Damages): Promise<void> {
  const what = await damageOne(directory, random);
  const words = ["run", prepared.sweep, "-o", directory, "--workers", "1", "--quiet"];
  const outcome = await replenish(...words);
  if (outcome.code === 0) seen.right++;
  else {
    seen.refused++;
    expectRefusal(what, outcome, directory);
    if (!outcome.stderr.includes("--force")) return;
    expect([what, (await replenish(...words, "--force")).code]).toEqual([what, 0]);
  }
  expect([what, await sumsOf(directory)]).toEqual([what, prepared.sums]);
}

function expectRefusal(what: string, { code, stderr }: Outcome, directory: string): void {
  expect([what, code, stderr.startsWith(`${directory}: `)]).toEqual([what, 6, true]);
}

/** Waits until a run has a segment in its journal, or has ended. */
export async function untilSegment({ child }: Started, directory: string): Promise<void> {
  while (child.exitCode === null && (await segments(directory)).length === 0) await setTimeout(10);
}

/**
 * Starts a run, and sends it a signal as soon as it has something to go on with. One that was done before the signal came
 * is begun anew, a few times: which of them is faster is up to the machine.
 */
async function signalled(signal: NodeJS.Signals, directory: string, words: readonly string[]): Promise<Outcome> {
  for (let time = 0; time < 20; time++) {
    const running = start(words);
    await untilSegment(running, directory);
    running.child.kill(signal);
    const outcome = await running.ended;
    if (outcome.code !== 0) return outcome;
    await rm(directory, { recursive: true });
  }
  throw new Error(`${directory}: twenty runs were done before ${signal} came`);
}

/** A run that was stopped as soon as it had something to go on with. */
async function stopped({ root, sweep }: Bench): Promise<string> {
  const directory = join(root, "stopped");
  const words = ["run", sweep, "-o", directory, "--workers", "1", "--quiet"];
  expect((await signalled("SIGTERM", directory, words)).code).toBe(75);
  return directory;
}

/** Deletes, cuts or changes one bit of a file, or deletes a directory. @returns what it did */
async function damageOne(directory: string, random: () => number): Promise<string> {
  // As many numbers each time: what a stopped run has kept differs, and what happens to the next one does not.
  const [which, how, where, bit] = [random(), random(), random(), random()];
  const pick = <T>(list: readonly T[], place: number): T => list[Math.floor(place * list.length)];
  const name = pick((await readdir(directory, { recursive: true })).sort(), which);
  const path = join(directory, name);
  const found = await stat(path);
  const { size } = found;
  const kind = found.isDirectory() || size === 0 ? "delete" : pick(["delete", "cut", "bit", "bit"], how);
  const place = Math.floor(where * size);
  if (kind === "delete") await rm(path, { recursive: true });
  else if (kind === "cut") await truncate(path, place);
  else {
    const bytes = await readFile(path);
    bytes[place] ^= 1 << Math.floor(bit * 8);
    await writeFile(path, bytes);
  }
  return `${kind} ${name} at ${place} of ${size}`;
}
