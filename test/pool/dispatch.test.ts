import { setTimeout } from "node:timers/promises";
import { describe, expect, test, vi } from "vitest";
import { type DispatchOptions, dispatch } from "../../src/pool/dispatch.js";
import type { ChunkRequest } from "../../src/pool/protocol.js";
import type { ChunkResult } from "../../src/tables/chunk.js";

function done(request: ChunkRequest, changes: Partial<ChunkResult> = {}): ChunkResult {
  const { firstRun, runs } = request;
  return {
    ...{ firstRun, runs, rows: [runs], buffer: new ArrayBuffer(0), failures: [], missed: 0, kernelMs: undefined },
    ...{ runMs: runs, fillMs: 0 },
    ...changes,
  };
}

/** Options whose work takes a while that has nothing to do with the order. */
function options(changes: Partial<DispatchOptions> & { taken: ChunkResult[] }): DispatchOptions {
  return {
    ...{ remaining: [{ firstRun: 0, runs: 500 }], runBytes: 100, workers: 3 },
    work: async (request) => {
      await setTimeout((request.firstRun * 7919) % 5);
      return done(request);
    },
    take: async (result) => {
      changes.taken.push(result);
    },
    flush: () => {},
    stopped: () => false,
    abandon: () => {},
    ...changes,
  };
}

/** The runs of some results, ascending. */
function runsIn(results: readonly ChunkResult[]): number[] {
  return results
    .flatMap(({ firstRun, runs }) => Array.from({ length: runs }, (_, index) => firstRun + index))
    .sort((a, b) => a - b);
}

test("every run that remains is done once, and no other", async () => {
  const taken: ChunkResult[] = [];
  const remaining = [
    { firstRun: 3, runs: 1 },
    { firstRun: 10, runs: 300 },
    { firstRun: 1000, runs: 7 },
  ];
  await dispatch(options({ taken, remaining }));
  expect(runsIn(taken)).toEqual(runsIn(remaining.map((range) => done({ ...range, timed: false }))));
  expect(taken.length).toBeGreaterThan(5);
});

test("nothing that remains is done at once", async () => {
  const taken: ChunkResult[] = [];
  await dispatch(options({ taken, remaining: [] }));
  expect(taken).toEqual([]);
});

test("no more than two chunks a worker are under way", async () => {
  let underWay = 0;
  let most = 0;
  await dispatch(
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

test("none waits behind a run that is known to be long", async () => {
  let underWay = 0;
  const seen: number[] = [];
  await dispatch(
    options({
      ...{ taken: [], remaining: [{ firstRun: 0, runs: 30 }] },
      work: async (request) => {
        seen.push(++underWay);
        await setTimeout(1);
        underWay--;
        return done(request, { runMs: 400 * request.runs });
      },
    }),
  );
  expect(Math.max(...seen)).toBe(3);
});

test("a chunk that takes long holds nobody up", async () => {
  const taken: ChunkResult[] = [];
  let release = (): void => {};
  const blocked = new Promise<void>((resolve) => {
    release = resolve;
  });
  const running = dispatch(
    options({
      taken,
      work: async (request) => {
        if (request.firstRun === 0) await blocked;
        return done(request, { runMs: 0.001 });
      },
    }),
  );
  const first = done({ firstRun: 0, runs: 1, timed: false });
  await vi.waitFor(() => expect(runsIn([first, ...taken]).length).toBe(500), 30_000);
  release();
  await running;
});

test("results that are not taken in are kept up to a limit of bytes, and flushed when nobody has work", async () => {
  let waiting: (() => void)[] = [];
  let handedOut = 0;
  let most = 0;
  const runBytes = 2 ** 20;
  await dispatch(
    options({
      ...{ taken: [], remaining: [{ firstRun: 0, runs: 1000 }], runBytes },
      work: async (request) => {
        handedOut += request.runs;
        most = Math.max(most, handedOut);
        await setTimeout(0);
        return done(request, { runMs: 0.001 });
      },
      take: (result) =>
        new Promise<void>((resolve) => {
          waiting.push(() => {
            handedOut -= result.runs;
            resolve();
          });
        }),
      flush: () => {
        for (const free of waiting) free();
        waiting = [];
      },
    }),
  );
  expect(most * runBytes).toBeGreaterThan(32 * 2 ** 20);
  expect(most * runBytes).toBeLessThan(48 * 2 ** 20);
});

describe("stopping", () => {
  test("nothing more is handed out, what is under way is taken, and what a worker gave up is not", async () => {
    const taken: ChunkResult[] = [];
    let stopped = false;
    let underWay = 0;
    await dispatch(
      options({
        taken,
        work: async (request) => {
          underWay++;
          await setTimeout(2);
          underWay--;
          if (request.firstRun > 100) stopped = true;
          return done(request, stopped && request.firstRun > 120 ? { runs: 0 } : {});
        },
        stopped: () => stopped,
      }),
    );
    expect(underWay).toBe(0);
    expect(taken.every((result) => result.runs > 0)).toBe(true);
    expect(taken.some((result) => result.firstRun > 100)).toBe(true);
    expect(runsIn(taken).length).toBeLessThan(500);
  });

  for (const part of ["work", "take"] as const) {
    test(`an error of ${part} is thrown once nothing is under way, and what is under way is abandoned`, async () => {
      let underWay = 0;
      let abandoned = 0;
      const failing = async (firstRun: number) => {
        underWay++;
        await setTimeout(firstRun % 3);
        underWay--;
        if (firstRun >= 50) throw new Error(`broken at ${firstRun}`);
      };
      const running = dispatch(
        options({
          taken: [],
          abandon: () => abandoned++,
          work: async (request) => {
            await setTimeout(1);
            if (part === "work") await failing(request.firstRun);
            return done(request);
          },
          take: async (result) => {
            if (part === "take") await failing(result.firstRun);
          },
        }),
      );
      await expect(running).rejects.toThrow(/^broken at/);
      expect(underWay).toBe(0);
      expect(abandoned).toBe(1);
    });
  }
});
