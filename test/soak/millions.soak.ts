// Three million tiny cells: memory does not grow with them, in a run, in going on with one, and in joining shards.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { REPLENISH, sumsOf } from "../run/process.js";

/** Three short axes: the values of an axis are kept, so that a long one would take memory of its own. */
const SWEEP = `
name: millions
resolution: 1
horizon: 10
system:
  servers:
    vm: { policy: idling, period: =P, budget: 1, offset: =X, tasks: { t: { period: 5, wcet: 1, offset: =Y } } }
axes:
  P: { from: 1, to: 100, step: 1 }
  X: { from: 1, to: 300, step: 1 }
  Y: { from: 1, to: 100, step: 1 }
`;
const MB = 2 ** 20;

let root: string;
let sweep: string;
let peakOfFew: number;
let fewer: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "replenish-millions-"));
  sweep = join(root, "sweep.yaml");
  fewer = join(root, "fewer.yaml");
  await writeFile(sweep, SWEEP);
  await writeFile(fewer, SWEEP.replace("Y: { from: 1, to: 100", "Y: { from: 1, to: 10"));
});
afterAll(async () => {
  await rm(root, { recursive: true });
});

/** Runs the program. @returns its exit code, and the most memory it had */
async function measured(...words: string[]): Promise<{ code: number; peakBytes: number }> {
  // The peak since the program began; that of getrusage has the memory of whoever started it in it.
  const read =
    'process.getBuiltinModule("node:fs").readFileSync("/proc/self/status", "utf8").match(/VmHWM:\\s*(\\d+)/)[1]';
  const measure = `process.on("exit", () => process.stderr.write("peak " + ${read} + "\\n"))`;
  const [node, program] = REPLENISH;
  const flags = ["--import", `data:text/javascript,${encodeURIComponent(measure)}`];
  const child = spawn(node, [...flags, program, ...words], { stdio: ["ignore", "ignore", "pipe"] });
  let stderr = "";
  child.stderr.on("data", (data) => {
    stderr += data;
  });
  const [code] = (await once(child, "close")) as [number];
  return { code, peakBytes: Number(/^peak (\d+)$/m.exec(stderr)?.[1]) * 1024 };
}

/** Bytes of each file of a journal. */
async function segmentSizes(journal: string): Promise<number[]> {
  const names = await readdir(journal);
  return await Promise.all(names.map(async (name) => (await stat(join(journal, name))).size));
}

test("memory of a run is that of a run of a tenth of the size, within 50 MB", async () => {
  const few = await measured("run", fewer, "-o", join(root, "few"), "--quiet");
  const whole = await measured("run", sweep, "-o", join(root, "whole"), "--quiet");
  process.stdout.write(`peak of 300,000 cells ${few.peakBytes / MB} MB, of 3,000,000 ${whole.peakBytes / MB} MB\n`);
  expect([few.code, whole.code]).toEqual([0, 0]);
  peakOfFew = few.peakBytes;
  expect(whole.peakBytes - few.peakBytes).toBeLessThan(50 * MB);
  expect(await readdir(join(root, "whole"))).not.toContain("journal");
});

interface Point {
  readonly x: number;
  readonly y: number;
}
/**
 * Response times along each axis through P = 3, X = 7, Y = 9, of jobs that end before the horizon: the server has the ticks
 * X, X + P, X + 2 P and so on, and the task is released at Y.
 */
const RESPONSES: Readonly<Record<string, readonly Point[]>> = {
  P: [1, 2].map((x) => ({ x, y: 1 })),
  X: [3, 6, 9].map((x) => ({ x, y: 1 })),
  Y: [1, 2, 3, 4, 5, 6, 7].map((x) => ({ x, y: 8 - x })),
};

/** Memory that exploring a run may take, whatever its size. */
const EXPLORED_MAX = 300 * MB;

test("three million cells are explored in less than 300 MB: map, answer, response times, and rows of any run", async () => {
  const [node, program] = REPLENISH;
  const words = ["explore", join(root, "whole")];
  const child = spawn(node, [program, ...words], { stdio: ["ignore", "pipe", "inherit"] });
  try {
    const [address] = (await once(child.stdout, "data")) as [Buffer];
    const asked = async (question: string) => {
      const response = await fetch(`${String(address).trim()}${question}`);
      expect(response.status, question).toBe(200);
      return response;
    };
    const began = performance.now();
    expect(Object.keys((await (await asked("axes")).json()) as object)).toEqual(["P", "X", "Y"]);
    const map = await (await asked("map?x=P&y=X&colour=miss_ratio&held=[]")).arrayBuffer();
    process.stdout.write(`first map of 3,000,000 cells after ${Math.round(performance.now() - began)} ms\n`);
    expect(new Float64Array(map, 0, 30_000).every((runs) => runs === 100)).toBe(true);
    expect(await (await asked("answer")).json()).toMatchObject({ cells: 3_000_000 });
    // On both sides of the ends of record batches.
    for (const cell of [0, 65_535, 65_536, 1_234_567, 2_999_999]) {
      const [[row]] = (await (await asked(`run?cell=${cell}&replicate=0`)).json()) as [[{ whole: string }[]]];
      expect([row[0].whole, ...row.slice(2, 5)]).toEqual([
        String(cell),
        ...[1 + Math.floor(cell / 30_000), 1 + (Math.floor(cell / 100) % 300), 1 + (cell % 100)],
      ]);
    }
    const held = encodeURIComponent(JSON.stringify(Object.entries({ P: 3, X: 7, Y: 9 })));
    const times: number[] = [];
    for (const axis of ["P", "X", "Y", "P"]) {
      const start = performance.now();
      const curves = (await (await asked(`responses?axis=${axis}&server=vm&task=t&held=${held}`)).json()) as {
        points: Point[];
      }[];
      times.push(Math.round(performance.now() - start));
      expect(curves[0].points, axis).toEqual(RESPONSES[axis]);
    }
    process.stdout.write(`response times along an axis of 3,000,000 cells after ${times.join(", ")} ms\n`);
    const status = await readFile(`/proc/${child.pid}/status`, "utf8");
    const peak = Number(/VmHWM:\s*(\d+)/.exec(status)![1]) * 1024;
    process.stdout.write(`peak of exploring 3,000,000 cells ${peak / MB} MB\n`);
    expect(peak).toBeLessThan(EXPLORED_MAX);
  } finally {
    child.kill("SIGINT");
  }
  expect(await once(child, "close")).toEqual([0, null]);
});

test("memory of going on, of shards and of joining them does not grow either; all give the same bytes", async () => {
  const sums = await sumsOf(join(root, "whole"));
  const stopped = await measured("run", sweep, "-o", join(root, "stopped"), "--quiet", "--time-limit", "5s");
  expect(stopped.code).toBe(75);
  const segments = await segmentSizes(join(root, "stopped", "journal"));
  // A segment is written when 8 MB wait, which two workers may have done in two stretches, or after 0.2 s.
  const bytes = segments.reduce((sum, size) => sum + size, 0);
  expect(segments.length).toBeLessThan(bytes / (4 * MB) + (2 * 5) / 0.2);
  const goneOn = await measured("run", sweep, "-o", join(root, "stopped"), "--quiet");
  expect([goneOn.code, await sumsOf(join(root, "stopped"))]).toEqual([0, sums]);
  await rm(join(root, "stopped"), { recursive: true });
  await rm(join(root, "whole"), { recursive: true });
  for (const index of [1, 2]) {
    expect((await measured("run", sweep, "-o", join(root, "parts"), "--quiet", "--shard", `${index}/2`)).code).toBe(0);
  }
  const merge = await measured("merge", join(root, "parts"));
  process.stdout.write(`peak of going on ${goneOn.peakBytes / MB} MB, of merge ${merge.peakBytes / MB} MB\n`);
  expect(merge.code).toBe(0);
  expect(Math.max(goneOn.peakBytes, merge.peakBytes) - peakOfFew).toBeLessThan(50 * MB);
  expect(await sumsOf(join(root, "parts"))).toEqual(sums);
});
