import { setTimeout } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { type InOrderOptions, runInOrder } from "../../src/pool/in-order.js";
import type { ChunkRequest, ChunkResult } from "../../src/pool/protocol.js";

function done(request: ChunkRequest, changes: Partial<ChunkResult> = {}): ChunkResult {
  return {
    ...request,
    ...{ complete: true, buffer: new ArrayBuffer(0), failures: [], missing: 0, kernelMs: undefined },
    ...{ runMs: request.runs, fillMs: 0 },
    ...changes,
  };
}

/** Options whose work takes a while that has nothing to do with the order. */
function options(changes: Partial<InOrderOptions> & { taken: ChunkResult[] }): InOrderOptions {
  return {
    ...{ runs: 500, runBytes: 100, workers: 3 },
    work: async (request) => {
      await setTimeout((request.firstRun * 7919) % 5);
      return done(request);
    },
    take: async (result) => {
      changes.taken.push(result);
      return true;
    },
    stopped: () => false,
    abandon: () => {},
    ...changes,
  };
}

test("results are taken in order and cover every run once", async () => {
  const taken: ChunkResult[] = [];
  expect(await runInOrder(options({ taken }))).toBe(true);
  let next = 0;
  for (const result of taken) {
    expect(result.firstRun).toBe(next);
    next += result.runs;
  }
  expect(next).toBe(500);
  expect(taken.length).toBeGreaterThan(5);
});

test("no more than two chunks a worker are under way", async () => {
  let underWay = 0;
  let most = 0;
  await runInOrder(
    options({
      taken: [],
      work: async (request) => {
        underWay++;
        most = Math.max(most, underWay);
        await setTimeout(1);
        underWay--;
        return done(request);
      },
    }),
  );
  expect(most).toBe(6);
});

test("behind a chunk that takes long, results are kept up to a limit of bytes", async () => {
  let release = (): void => {};
  const blocked = new Promise<void>((resolve) => {
    release = resolve;
  });
  let handedOut = 0;
  const runBytes = 2 ** 20;
  const running = runInOrder(
    options({
      ...{ taken: [], runs: 10_000, runBytes, workers: 2 },
      work: async (request) => {
        handedOut += request.runs;
        if (request.firstRun === 0) await blocked;
        return done(request, { runMs: 0.001 });
      },
    }),
  );
  await setTimeout(50);
  expect(handedOut * runBytes).toBeGreaterThan(32 * 2 ** 20);
  expect(handedOut * runBytes).toBeLessThan(48 * 2 ** 20);
  release();
  expect(await running).toBe(true);
  expect(handedOut).toBe(10_000);
});

describe("stopping", () => {
  test("nothing more is handed out, and what is under way is waited for", async () => {
    const taken: ChunkResult[] = [];
    let stopped = false;
    let underWay = 0;
    const complete = await runInOrder(
      options({
        taken,
        work: async (request) => {
          underWay++;
          await setTimeout(2);
          underWay--;
          if (request.firstRun > 100) stopped = true;
          return done(request, { complete: !stopped });
        },
        stopped: () => stopped,
      }),
    );
    expect(complete).toBe(false);
    expect(underWay).toBe(0);
    expect(taken.every((result) => result.complete)).toBe(true);
  });

  test("whoever takes the results may end it", async () => {
    const taken: ChunkResult[] = [];
    const complete = await runInOrder(
      options({
        taken,
        take: async (result) => {
          taken.push(result);
          return taken.length < 3;
        },
      }),
    );
    expect(complete).toBe(false);
    expect(taken.length).toBe(3);
  });

  test("a worker's error is thrown when its turn comes, after the others have ended", async () => {
    const taken: ChunkResult[] = [];
    let underWay = 0;
    const running = runInOrder(
      options({
        taken,
        work: async (request) => {
          underWay++;
          await setTimeout(request.firstRun % 3);
          underWay--;
          if (request.firstRun >= 50) throw new Error(`broken at ${request.firstRun}`);
          return done(request);
        },
      }),
    );
    await expect(running).rejects.toThrow(/^broken at/);
    expect(underWay).toBe(0);
    expect(taken.every((result) => result.firstRun < 50)).toBe(true);
  });

  test("an error while taking ends it too, and what is under way is abandoned", async () => {
    let underWay = 0;
    let abandon = (): void => {};
    const abandoned = new Promise<void>((resolve) => {
      abandon = resolve;
    });
    const running = runInOrder(
      options({
        taken: [],
        abandon,
        work: async (request) => {
          underWay++;
          if (request.firstRun > 0) await abandoned;
          underWay--;
          return done(request);
        },
        take: async () => {
          throw new Error("disk full");
        },
      }),
    );
    await expect(running).rejects.toThrow("disk full");
    expect(underWay).toBe(0);
  });
});
