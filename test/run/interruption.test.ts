// Runs that are starved of space, started twice and asked to stop. test/soak kills many, and damages them.

import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { shellWords } from "../../src/input/shell.js";
import { replenish } from "../support/command.js";
import { systemOf, untilSegment } from "./disturbances.js";
import { REPLENISH, type Started, start, sumsOf } from "./process.js";

/**
 * Half a second of work that takes most of a minute with --no-leap: random cells, then as many that repeat themselves. So no
 * run of a test is done before it is disturbed, however slow the machine is, and all come to the same bytes at once.
 */
const SWEEP = `${systemOf("'=H < 1e5 ? 0.5 : 1'", "'=H < 1e5 ? 4 : 0'")}
axes:
  H: [3000, 1e7]
  policy: [idling, deferrable, polling]
  P: { from: 8, to: 30, step: 2 }
  N: [2, 3]
replicates: 3
seed: 11
`;

/** A short cell, and one that never ends. */
const ENDLESS = `
horizon: =H
system: { servers: { vm: { policy: dedicated, tasks: { t: { period: 3, wcet: 1, bcet: 0.5 } } } } }
axes: { H: [300, 1e12] }
`;

let root: string;
let sweep: string;
/** An undisturbed run to compare with. */
let whole: string;
let sums: Record<string, string>;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "replenish-disturbed-"));
  sweep = join(root, "sweep.yaml");
  whole = join(root, "whole");
  await writeFile(sweep, SWEEP);
  const { code, stderr } = await start(["run", sweep, "-o", whole, "--workers", "2", "--quiet"]).ended;
  expect([code, stderr]).toEqual([0, ""]);
  sums = await sumsOf(whole);
});
afterAll(async () => {
  await rm(root, { recursive: true });
});

/** A run of a minute in a process of its own, which has something to go on with. */
async function underWay(directory: string, ...words: readonly string[]): Promise<Started> {
  const running = start(["run", sweep, "-o", directory, "--workers", "1", "--no-leap", ...words]);
  await untilSegment(running, directory);
  return running;
}

describe("a full disk", () => {
  test("is exit 7, nothing looks complete, and the run goes on when there is space", async () => {
    const disk = join(root, "disk");
    await mkdir(disk);
    if (process.getuid?.() !== 0 || spawnSync("mount", ["-t", "tmpfs", "-o", "size=48k", "tmpfs", disk]).status !== 0) {
      process.stderr.write("\n*** NOT TESTED: a full disk. It takes root, to mount a small tmpfs. ***\n\n");
      return;
    }
    try {
      await fillAndGoOn(disk);
    } finally {
      spawnSync("umount", [disk]);
    }
  });

  async function fillAndGoOn(disk: string): Promise<void> {
    const directory = join(disk, "run");
    const words = ["run", sweep, "-o", directory, "--workers", "1", "--quiet"];
    const needed = spawnSync("du", ["-sk", whole], { encoding: "utf8" });
    const kilobytes = Number.parseInt(needed.stdout, 10);
    for (const share of [0, 0.5, 1.2, 1.6]) {
      if (share > 0) spawnSync("mount", ["-o", `remount,size=${Math.round(kilobytes * share)}k`, disk]);
      const { code, stderr } = await (share === 0 ? start(words).ended : replenish(...words));
      expect([share, code, stderr]).toEqual([share, 7, expect.stringContaining("no space left on device (ENOSPC)")]);
      if (share > 0.5)
        expect(stderr).toMatch(/\nWhat was written before is kept\. To go on: replenish run .* --quiet\n$/);
      const names = await readdir(directory);
      expect(names.filter((name) => name === "SHA256SUMS" || name.endsWith(".part"))).toEqual([]);
    }
    spawnSync("mount", ["-o", `remount,size=${kilobytes * 4}k`, disk]);
    expect((await replenish(...words)).code).toBe(0);
    expect(await sumsOf(directory)).toEqual(sums);
  }
});

describe("stopping", () => {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    test(`${signal}: what is done is kept, how to go on is said, exit 75`, async () => {
      const directory = join(root, signal);
      const running = await underWay(directory);
      running.child.kill(signal);
      const { code, stderr } = await running.ended;
      expect(code).toBe(75);
      expect(stderr).toContain(`${signal}: finishing what is under way; once more to stop at once`);
      expect(stderr).toMatch(/Stopped \(signal\): \d+ of 144 cells are done and kept\. To go on: replenish run /);
      expect(existsSync(join(directory, ".lock"))).toBe(false);
      const again = await replenish("run", sweep, "-o", directory, "--workers", "1");
      expect([again.code, again.stderr]).toEqual([
        0,
        expect.stringMatching(
          /^note: in 72 of 144 cells, .+\nGoing on with \d+ of 432 runs done before, in (1 segment|\d+ segments)\n/,
        ),
      ]);
      expect(await sumsOf(directory)).toEqual(sums);
    });
  }

  test("the second signal ends it at once", async () => {
    const endless = join(root, "endless.yaml");
    await writeFile(endless, ENDLESS);
    const directory = join(root, "endless");
    const { code, stderr } = await untilInTime(async () => {
      await rm(directory, { recursive: true, force: true });
      const running = start(["run", endless, "-o", directory, "--workers", "1", "--quiet"]);
      await untilSegment(running, directory); // of the first cell, so that it is inside the second
      running.child.kill("SIGINT");
      await once(running.child.stderr!, "data"); // it has heard the first
      await setTimeout(300); // one that comes sooner is taken for the same
      running.child.kill("SIGINT");
      return await running.ended;
    });
    expect(code).toBe(130);
    expect(stderr).toContain("SIGINT: stopped at once. What was done before is kept. To go on: replenish run ");
  });

  test("a terminal shows how far it is before the first cell is done, and both Ctrl-C's are answered", async () => {
    const long = join(root, "long.yaml");
    await writeFile(long, ENDLESS.replace("[300, 1e12]", "[1e12, 2e12]"));
    const command = shellWords([...REPLENISH, "run", long, "-o", join(root, "long"), "--workers", "1"]);
    const { code, seen } = await untilInTime(async () => {
      const terminal = spawn("script", ["-qefc", command, "/dev/null"]);
      const ended = once(terminal, "close");
      let seen = "";
      terminal.stdout.on("data", (data) => {
        seen += data;
      });
      const until = async (text: string) => {
        let isOver = false;
        const over = ended.then(() => {
          isOver = true;
        });
        while (!seen.includes(text) && !isOver) await Promise.race([once(terminal.stdout, "data"), over]);
        expect(seen).toContain(text);
      };
      await until("0 of 2 cells");
      terminal.stdin.write("\x03");
      await until("SIGINT: finishing what is under way; once more to stop at once");
      await setTimeout(300);
      terminal.stdin.on("error", () => {}); // it may have ended
      terminal.stdin.write("\x03");
      const [code] = await ended;
      return { code, seen };
    });
    expect(code).toBe(130);
    expect(seen).toContain("SIGINT: stopped at once. What was done before is kept. To go on: replenish run ");
  });

  /** Tries again where a run had ended by itself before the second signal came: after the first it waits a while, and a busy machine longer. */
  async function untilInTime<Some extends { code: number | null }>(attempt: () => Promise<Some>): Promise<Some> {
    for (let time = 1; ; time++) {
      const outcome = await attempt();
      if (outcome.code !== 75 || time === 10) return outcome;
    }
  }
});

test("two processes on one directory: the second is refused, the first is not disturbed", async () => {
  const directory = join(root, "twice");
  const words = ["run", sweep, "-o", directory, "--workers", "1", "--quiet"];
  const first = start([...words, "--no-leap"]);
  while (!existsSync(join(directory, "plan.json"))) await setTimeout(5); // by then it has the lock
  const second = await start(words).ended;
  expect([second.code, second.stderr]).toEqual([
    6,
    expect.stringMatching(`^${directory}: in use by process ${first.child.pid} on .* since 20`),
  ]);
  await untilSegment(first, directory);
  first.child.kill("SIGTERM");
  expect((await first.ended).code).toBe(75);
  expect((await replenish(...words)).code).toBe(0);
  expect(await sumsOf(directory)).toEqual(sums);
});
