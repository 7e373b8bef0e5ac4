import { expect, test } from "vitest";
import { ChunkSize } from "../../src/pool/chunk-size.js";

test("while nothing is known a chunk is one run", () => {
  expect(new ChunkSize(1000, 2).next(1_000_000)).toBe(1);
});

test("chunks grow to 100 ms of work, at most eightfold at a time", () => {
  const size = new ChunkSize(1_000_000, 2);
  const sizes: number[] = [];
  for (let round = 0; round < 7; round++) {
    const runs = size.next(1e9);
    sizes.push(runs);
    size.learn(runs, runs * 0.005);
  }
  expect(sizes).toEqual([1, 8, 64, 512, 4096, 20_000, 20_000]);
});

test("in a long run they grow on, with what each worker has done, to 400 ms", () => {
  const size = new ChunkSize(1_000_000, 2);
  const sizes = [0, 12_800, 12_800, 25_600, 51_200].map((ms) => {
    size.learn(Math.max(1000, ms), Math.max(1000, ms));
    return size.next(1e9);
  });
  expect(sizes).toEqual([100, 108, 208, 400, 400]);
});

test("a chunk never has more runs than fit, and always at least one", () => {
  const size = new ChunkSize(300, 2);
  size.learn(1000, 0.001);
  expect(size.next(1e9)).toBe(300);
  size.learn(1, 5000);
  size.learn(1, 5000);
  expect(size.next(1e9)).toBe(1);
  expect(new ChunkSize(1, 1).next(5)).toBe(1);
});

test("towards the end what remains is shared, but not in chunks of less than 20 ms", () => {
  const size = new ChunkSize(1_000_000, 4);
  size.learn(1000, 1000);
  expect(size.next(10_000)).toBe(100);
  expect(size.next(400)).toBe(50);
  expect(size.next(80)).toBe(20);
  expect(size.next(7)).toBe(7);
});

test("the estimate follows the runs", () => {
  const size = new ChunkSize(1_000_000, 1);
  size.learn(10_000, 10);
  expect(size.expectedMs).toBeCloseTo(0.001, 12);
  for (let round = 0; round < 20; round++) size.learn(10, 100);
  expect(size.expectedMs).toBeCloseTo(10, 3);
});
