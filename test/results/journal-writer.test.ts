import { setTimeout } from "node:timers/promises";
import { expect, test, vi } from "vitest";
import type { SegmentContent } from "../../src/results/journal/segment.js";
import { JournalWriter } from "../../src/results/journal/writer.js";
import type { ChunkResult } from "../../src/tables/chunk.js";

function chunk(firstRun: number, runs: number): ChunkResult {
  const buffer = new ArrayBuffer(0);
  return { firstRun, runs, rows: [runs], buffer, failures: [], missed: 0, kernelMs: undefined, runMs: 1, fillMs: 0 };
}

/** A writer to a journal that only notes the ranges. */
function writer(
  fail?: (firstRun: number) => boolean,
  runBytes = 100,
  until = Promise.resolve(),
): { writer: JournalWriter; ranges: number[][] } {
  const ranges: number[][] = [];
  const write = async (chunks: readonly ChunkResult[]): Promise<SegmentContent> => {
    await setTimeout(1);
    const { firstRun } = chunks[0];
    if (fail?.(firstRun)) throw new Error(`no room for ${firstRun}`);
    const runs = chunks.reduce((sum, { runs: more }) => sum + more, 0);
    const summary = { firstRun, runs, missed: 0, failures: 0, bugs: 0 };
    return { summary, tables: [], failures: new Uint8Array() };
  };
  const onSegment = ({ summary }: SegmentContent) => {
    ranges.push([summary.firstRun, summary.runs]);
    return until;
  };
  return { writer: new JournalWriter({ write }, runBytes, onSegment), ranges };
}

test("chunks that follow each other become one segment, in whatever order they come", async () => {
  const { writer: target, ranges } = writer();
  const durable = [chunk(10, 5), chunk(0, 4), chunk(4, 6), chunk(20, 1)].map((next) => target.add(next));
  await target.flush();
  await Promise.all(durable);
  expect(ranges).toEqual([
    [0, 15],
    [20, 1],
  ]);
});

test("enough bytes are a segment at once: the longest stretch of what waits", async () => {
  const { writer: target, ranges } = writer(undefined, 2 ** 20);
  const first = target.add(chunk(0, 1));
  await Promise.all([2, 5, 8].map((run) => target.add(chunk(run, 3))));
  expect(ranges).toEqual([[2, 9]]);
  await target.flush();
  await first;
  expect(ranges.length).toBe(2);
});

test("a fifth of a second is long enough to wait in a young run", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  try {
    const { writer: target, ranges } = writer();
    const durable = Promise.all([target.add(chunk(0, 1)), target.add(chunk(5, 1))]);
    vi.advanceTimersByTime(199);
    expect(vi.getTimerCount()).toBe(1); // still waiting
    vi.advanceTimersByTime(1);
    await durable;
    expect(ranges.length).toBe(2);
  } finally {
    vi.useRealTimers();
  }
});

test("a chunk's memory is needed until whoever is told of its segment says otherwise, and others are written", async () => {
  let release = () => {};
  const { writer: target, ranges } = writer(undefined, 2 ** 23, new Promise((resolve) => (release = resolve)));
  let done = 0;
  const chunks = [chunk(0, 1), chunk(5, 1)].map((next) => target.add(next).then(() => done++));
  await target.flush();
  await setTimeout(5);
  expect([ranges.length, done]).toEqual([2, 0]);
  release();
  await Promise.all(chunks);
});

test("who brought a chunk that cannot be written learns why, and the others are written", async () => {
  const { writer: target, ranges } = writer((firstRun) => firstRun === 5);
  const results = [target.add(chunk(0, 1)), target.add(chunk(5, 1)), target.add(chunk(9, 1))];
  const settled = Promise.allSettled(results);
  await target.flush();
  expect((await settled).map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  await expect(results[1]).rejects.toThrow("no room for 5");
  expect(ranges).toEqual([
    [0, 1],
    [9, 1],
  ]);
});
