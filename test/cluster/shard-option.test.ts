import { describe, expect, test } from "vitest";
import { arrayRemark, chosenShard } from "../../src/cluster/shard-option.js";

function slurm(id: number, count: number, min: number, max: number, step = 1): Record<string, string> {
  const values = { ID: id, COUNT: count, MIN: min, MAX: max, STEP: step };
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`SLURM_ARRAY_TASK_${name}`, String(value)]));
}

test("said outright", () => {
  expect(chosenShard("3/8", {})).toEqual({ index: 3, count: 8 });
  expect(chosenShard("1/1", slurm(5, 8, 1, 8))).toEqual({ index: 1, count: 1 });
});

test.each(["", "3", "0/8", "9/8", "3/0", "-1/8", "3/8/9", "x/8", "1.5/8", "3 / 8"])("%j is refused", (text) => {
  expect(() => chosenShard(text, {})).toThrow(`--shard ${text}: `);
});

describe("from a Slurm array", () => {
  test.each([
    [slurm(1, 8, 1, 8), 1, 8],
    [slurm(8, 8, 1, 8), 8, 8],
    [slurm(0, 4, 0, 3), 1, 4],
    [slurm(9, 3, 5, 13, 4), 2, 3],
  ])("%j", (environment, index, count) => {
    expect(chosenShard("auto", environment)).toMatchObject({ index, count, from: expect.stringContaining("SLURM") });
  });

  test("an array with gaps is a part of a known number", () => {
    expect(() => chosenShard("auto", slurm(5, 2, 3, 5))).toThrow("the numbers of this Slurm array have gaps");
    expect(chosenShard("auto/8", slurm(5, 2, 3, 5))).toEqual({ index: 5, count: 8, from: "SLURM_ARRAY_TASK_ID=5" });
    expect(() => chosenShard("auto/4", slurm(5, 2, 3, 5))).toThrow("--shard auto/4: 5 is not from 1 to 4");
  });
});

test("from an indexed Kubernetes job, which counts from 0", () => {
  const environment = { JOB_COMPLETION_INDEX: "7" };
  expect(chosenShard("auto/8", environment)).toEqual({ index: 8, count: 8, from: "JOB_COMPLETION_INDEX=7" });
  expect(() => chosenShard("auto", environment)).toThrow("say auto/8");
  expect(() => chosenShard("auto", {})).toThrow("neither SLURM_ARRAY_TASK_ID nor JOB_COMPLETION_INDEX is set");
});

test.each([
  [{ JOB_COMPLETION_INDEX: "" }, "JOB_COMPLETION_INDEX= is no whole number"],
  [{ JOB_COMPLETION_INDEX: "first" }, "JOB_COMPLETION_INDEX=first is no whole number"],
  [{ SLURM_ARRAY_TASK_ID: "1.5" }, "SLURM_ARRAY_TASK_ID=1.5 is no whole number"],
])("%j says no place, rather than that of another", (environment, message) => {
  expect(() => chosenShard("auto/8", environment)).toThrow(`--shard auto/8: ${message}; say it outright: 3/8`);
});

test("whoever starts an array of whole sweeps is told", () => {
  expect(arrayRemark({})).toBeUndefined();
  expect(arrayRemark(slurm(1, 1, 1, 1))).toBeUndefined();
  expect(arrayRemark(slurm(3, 8, 1, 8))).toContain("task 3 of a Slurm array of 8, and runs the whole sweep");
  expect(arrayRemark({ JOB_COMPLETION_INDEX: "2" })).toContain("--shard auto/N");
});
