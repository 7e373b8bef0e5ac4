// Runs that are starved of space, started twice and asked to stop. test/soak kills many, and damages them.

import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { shellWords } from "../../src/input/shell.js";
import { type Bench, bench, signalled, untilSegment } from "./disturbances.js";
import { REPLENISH, replenish, start, sumsOf } from "./process.js";

/** A short cell, and one that never ends. */
const ENDLESS = `
horizon: =H
system: { servers: { vm: { policy: dedicated, tasks: { t: { period: 3, wcet: 1, bcet: 0.5 } } } } }
axes: { H: [300, 1e12] }
`;

let prepared: Bench;
beforeAll(async () => {
  prepared = await bench();
});
afterAll(async () => {
  await rm(prepared.root, { recursive: true });
});

describe("a full disk", () => {
  test("is exit 7, nothing looks complete, and the run goes on when there is space", async () => {
    const disk = join(prepared.root, "disk");
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
    const words = ["run", prepared.sweep, "-o", directory, "--workers", "1", "--quiet"];
    const needed = spawnSync("du", ["-sk", prepared.whole], { encoding: "utf8" });
    const kilobytes = Number.parseInt(needed.stdout, 10);
    for (const share of [0, 0.5, 1.2, 1.6]) {
      if (share > 0) spawnSync("mount", ["-o", `remount,size=${Math.round(kilobytes * share)}k`, disk]);
      const { code, stderr } = await replenish(...words);
      expect([share, code, stderr]).toEqual([share, 7, expect.stringContaining("no space left on device (ENOSPC)")]);
      if (share > 0.5)
        expect(stderr).toMatch(/\nWhat was written before is kept\. To go on: replenish run .* --quiet\n$/);
      const names = await readdir(directory);
      expect(names.filter((name) => name === "SHA256SUMS" || name.endsWith(".part"))).toEqual([]);
    }
    spawnSync("mount", ["-o", `remount,size=${kilobytes * 4}k`, disk]);
    expect((await replenish(...words)).code).toBe(0);
    expect(await sumsOf(directory)).toEqual(prepared.sums);
  }
});

describe("stopping", () => {
  const words = () => ["run", prepared.sweep, "-o", join(prepared.root, "signalled"), "--workers", "1"];

  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    test(`${signal}: what is done is kept, how to go on is said, exit 75`, async () => {
      const directory = join(prepared.root, "signalled");
      const { code, stderr } = await signalled(signal, directory, words());
      expect(code).toBe(75);
      expect(stderr).toContain(`${signal}: finishing what is under way; once more to stop at once`);
      expect(stderr).toMatch(/Stopped \(signal\): \d+ of 276 cells are done and kept\. To go on: replenish run /);
      expect(existsSync(join(directory, ".lock"))).toBe(false);
      const again = await replenish(...words());
      expect([again.code, again.stderr]).toEqual([
        0,
        expect.stringMatching(
          /^note: in 144 of 276 cells, .+\nGoing on with \d+ of 828 runs done before, in (1 segment|\d+ segments)\n/,
        ),
      ]);
      expect(await sumsOf(directory)).toEqual(prepared.sums);
      await rm(directory, { recursive: true });
    });
  }

  test("the second signal ends it at once", async () => {
    const sweep = join(prepared.root, "endless.yaml");
    await writeFile(sweep, ENDLESS);
    const directory = join(prepared.root, "endless");
    const running = start(["run", sweep, "-o", directory, "--workers", "1", "--quiet"]);
    await untilSegment(running, directory); // of the first cell, so that it is inside the second
    running.child.kill("SIGINT");
    await once(running.child.stderr!, "data"); // it has heard the first
    await setTimeout(300); // one that comes sooner is taken for the same
    running.child.kill("SIGINT");
    const { code, stderr } = await running.ended;
    expect(code).toBe(130);
    expect(stderr).toContain("SIGINT: stopped at once. What was done before is kept. To go on: replenish run ");
  });
});

test("a terminal shows how far it is before the first cell is done, and both Ctrl-C's are answered", async () => {
  const sweep = join(prepared.root, "long.yaml");
  await writeFile(sweep, ENDLESS.replace("[300, 1e12]", "[1e12, 2e12]"));
  const command = shellWords([...REPLENISH, "run", sweep, "-o", join(prepared.root, "long"), "--workers", "1"]);
  const terminal = spawn("script", ["-qefc", command, "/dev/null"]);
  let seen = "";
  terminal.stdout.on("data", (data) => {
    seen += data;
  });
  const until = async (text: string) => {
    while (!seen.includes(text)) await once(terminal.stdout, "data");
  };
  await until("0 of 2 cells");
  terminal.stdin.write("\x03");
  await until("SIGINT: finishing what is under way; once more to stop at once");
  await setTimeout(300);
  terminal.stdin.write("\x03");
  await until("SIGINT: stopped at once. What was done before is kept. To go on: replenish run ");
  const [code] = await once(terminal, "exit");
  expect(code).toBe(130);
});

test("two processes on one directory: the second is refused, the first is not disturbed", async () => {
  const directory = join(prepared.root, "twice");
  const words = ["run", prepared.sweep, "-o", directory, "--workers", "1", "--quiet"];
  const first = start(words);
  while (!existsSync(join(directory, "plan.json"))) await setTimeout(5); // by then it has the lock
  first.child.kill("SIGSTOP"); // so that it is not done before the second has looked
  const second = await replenish(...words);
  first.child.kill("SIGCONT");
  expect([second.code, second.stderr]).toEqual([
    6,
    expect.stringMatching(`^${directory}: in use by process ${first.child.pid} on .* since 20`),
  ]);
  expect((await first.ended).code).toBe(0);
  expect(await sumsOf(directory)).toEqual(prepared.sums);
});
