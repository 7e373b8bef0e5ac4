// What a run has to survive: being killed at any moment, and its files being damaged. How often is up to the caller.

import { existsSync } from "node:fs";
import { cp, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { expect } from "vitest";
import { lastLog, numbers, type Outcome, replenish, type Started, start, sumsOf } from "./process.js";

/** About a second of work, one cell in some of which cannot be computed. */
export const SWEEP = `
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
        fast: { period: 4, wcet: 1, bcet: 0.5 }
        slow: { period: 50, wcet: 10 }
    other: { policy: =policy, period: =P, budget: 3, tasks: { t: { period: 30, wcet: 2, jitter: 4 } } }
axes:
  policy: [idling, deferrable, polling]
  P: { from: 8, to: 30, step: 1 }
  H: [30000, 90000]
  N: [2, 3]
replicates: 3
seed: 11
`;

export interface Bench {
  /** Directory for runs. */
  readonly root: string;
  readonly sweep: string;
  /** What an undisturbed run gives, where it is, and how long it takes. */
  readonly sums: Record<string, string>;
  readonly whole: string;
  readonly ms: number;
}

/** An undisturbed run to compare with. */
export async function bench(text = SWEEP): Promise<Bench> {
  const root = await mkdtemp(join(tmpdir(), "replenish-disturbed-"));
  const sweep = join(root, "sweep.yaml");
  const whole = join(root, "whole");
  await writeFile(sweep, text);
  const started = performance.now();
  const { code, stderr } = await replenish("run", sweep, "-o", whole, "--workers", "2", "--quiet");
  expect([code, stderr]).toEqual([0, ""]);
  return { root, sweep, whole, sums: await sumsOf(whole), ms: performance.now() - started };
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

/**
 * Kills the process group of a run at random moments, each time another run, and goes on with it to its end.
 * @returns how many of them had something to go on with, and how many were killed when they had finished
 */
export async function killAndGoOn({ root, sweep, sums, ms }: Bench, times: number, seed: number) {
  const random = numbers(seed);
  const seen = { withSegments: 0, finished: 0 };
  let length = ms;
  for (let time = 0; time < times; time++) {
    const directory = join(root, `killed-${time}`);
    const words = ["run", sweep, "-o", directory, "--workers", "2", "--quiet"];
    const running = start(words);
    // The root makes late moments more likely: early on there is nothing to lose.
    await setTimeout(Math.sqrt(random()) * 1.1 * length);
    running.kill();
    await running.ended;
    const kept = await segments(directory);
    const finished = existsSync(join(directory, "SHA256SUMS"));
    if (finished) seen.finished++;
    else if (kept.length > 0) seen.withSegments++;
    length *= finished ? 0.9 : 1.03; // the machine has other things to do, now more, now less
    const outcome = await replenish(...words);
    expect([time, outcome.code, outcome.stderr]).toEqual([time, 0, ""]);
    expect([time, await sumsOf(directory)]).toEqual([time, sums]);
    expect(await readdir(directory)).not.toContain("journal");
    if (kept.length > 0) await expectNotTwice(directory, kept);
    await rm(directory, { recursive: true });
  }
  return seen;
}

/** The runs of the segments that were there were not computed again. */
async function expectNotTwice(directory: string, kept: readonly string[]): Promise<void> {
  const events = await lastLog(directory);
  const [begun] = events;
  // One that was killed after its tables were named has nothing left to do, and logs nothing.
  if (begun?.runsBefore === undefined || events.at(-1)?.event !== "end") return;
  const before = kept.reduce((sum, name) => sum + runsOf(name), 0);
  const computed = events.filter(({ event }) => event === "chunks").reduce((sum, { runs }) => sum + Number(runs), 0);
  expect([begun.runsBefore, computed]).toEqual([before, Number(begun.runs) - before]);
}

/**
 * Damages a random file of a finished or an unfinished run, time after time, and runs again.
 * @returns how often the damage was put right, and how often the run was refused
 */
export async function damageAndGoOn(bench: Bench, times: number, seed: number) {
  const random = numbers(seed);
  const unfinished = await stopped(bench);
  const seen = { right: 0, refused: 0 };
  for (let time = 0; time < times; time++) {
    const directory = join(bench.root, `damaged-${time}`);
    await cp(time % 2 === 0 ? bench.whole : unfinished, directory, { recursive: true });
    const what = await damageOne(directory, random);
    const words = ["run", bench.sweep, "-o", directory, "--workers", "2", "--quiet"];
    const outcome = await replenish(...words);
    if (outcome.code === 0) seen.right++;
    else {
      seen.refused++;
      expectRefusal(what, outcome, directory);
      if (outcome.stderr.includes("--force"))
        expect([what, (await replenish(...words, "--force")).code]).toEqual([what, 0]);
      else await rm(directory, { recursive: true });
    }
    if (existsSync(directory)) expect([what, await sumsOf(directory)]).toEqual([what, bench.sums]);
    await rm(directory, { recursive: true, force: true });
  }
  return seen;
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
 * is begun anew: which of them is faster is up to the machine.
 */
export async function signalled(signal: NodeJS.Signals, directory: string, words: readonly string[]): Promise<Outcome> {
  for (;;) {
    const running = start(words);
    await untilSegment(running, directory);
    running.child.kill(signal);
    const outcome = await running.ended;
    if (outcome.code !== 0) return outcome;
    await rm(directory, { recursive: true });
  }
}

/** A run that was stopped as soon as it had something to go on with. */
async function stopped({ root, sweep }: Bench): Promise<string> {
  const directory = join(root, "stopped");
  const words = ["run", sweep, "-o", directory, "--workers", "2", "--quiet"];
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
