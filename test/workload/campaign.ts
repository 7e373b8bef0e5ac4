// What is drawn, held against what theory says: for so many sets, at fixed seeds. A small number in `npm test`, 10^5 in the soak.

import { describe, expect, test } from "vitest";
import { AUTOMOTIVE } from "../../src/workload/automotive.js";
import type { Bounds, Method, Question } from "../../src/workload/question.js";
import { setsOf, utilizationsOf } from "./sets.js";
import { distance, distanceOfTwo, excess, ownDistribution, shareOfThree } from "./theory.js";

/** One of a thousand true samples is further away; seeds are fixed, so that what passes once passes always. */
const FAR = 1.95;
const FAR_COUNTS = 3.5;

const UNIFORM: readonly Method[] = ["convolutional-fixed-sum", "randfixedsum"];

/** Declares the tests. @param sets of each */
export function campaign(sets: number): void {
  describe.each(UNIFORM)("%s is uniform within the bounds", (method) => {
    test.each<[number, number, Bounds]>([
      [10, 0.7, [0, 1]],
      [10, 0.7, [0.01, 0.9]],
      [10, 4.5, [0, 1]],
      [10, 1.3, [0.05, 0.4]],
      [10, 8.2, [0, 1]],
      [4, 0.55, [0.1, 0.2]],
      [2, 1.2, [0.3, 0.9]],
    ])("of %i with the sum %f each has its distribution", (count, utilization, each) => {
      const drawn = utilizationsOf({ count, utilization, method, each }, sets, 2n);
      const [least, span] = [each[0], each[1] - each[0]];
      const theory = ownDistribution(count, (utilization - count * least) / span);
      expectVectors(drawn, count, utilization, each);
      for (const place of [0, 1, count - 1]) {
        const sample = atPlace(drawn, count, place).map((value) => (value - least) / span);
        expect(distance(sample, theory), `place ${place}`).toBeLessThan(FAR);
      }
    });

    test.each([0.8, 1.3, 1.5, 2.6])("of three with the sum %f every part of the region has its share", (sum) => {
      const side = 5;
      const counts = new Array<number>(side * side).fill(0);
      const drawn = utilizationsOf({ count: 3, utilization: sum, method }, sets, 3n);
      const part = (value: number) => Math.min(side - 1, Math.floor(value * side));
      for (let at = 0; at < drawn.length; at += 3) counts[part(drawn[at]) * side + part(drawn[at + 1])]++;
      const bounds = (i: number) => [i / side, (i + 1) / side] as const;
      const shares = counts.map((_, i) => shareOfThree(sum, bounds(Math.floor(i / side)), bounds(i % side)));
      expect(excess(counts, shares)).toBeLessThan(FAR_COUNTS);
      expect(counts.filter((count, i) => shares[i] < 1e-9 && count > 0)).toStrictEqual([]);
    });
  });

  test("both agree where theory has no simple formula", () => {
    const question: Partial<Question> = { count: 12, utilization: 3.7, each: [0.02, 0.7] };
    const [one, other] = UNIFORM.map((method, i) => utilizationsOf({ ...question, method }, sets, BigInt(4 + i)));
    const statistics = [greatest, least, pair];
    const ofSets = (drawn: Float64Array, statistic: (vector: Float64Array) => number) =>
      Float64Array.from({ length: sets }, (_, i) => statistic(drawn.subarray(i * 12, (i + 1) * 12)));
    for (const statistic of statistics)
      expect(distanceOfTwo(ofSets(one, statistic), ofSets(other, statistic)), statistic.name).toBeLessThan(FAR);
  });

  test("uunifast-discard: without a bound in reach each has the distribution of a simplex", () => {
    const drawn = utilizationsOf({ method: "uunifast-discard" }, sets, 6n);
    expectVectors(drawn, 10, 0.7, [0, 1]);
    for (const place of [0, 4, 9]) {
      const sample = atPlace(drawn, 10, place).map((value) => value / 0.7);
      expect(
        distance(sample, (x) => 1 - (1 - x) ** 9),
        `place ${place}`,
      ).toBeLessThan(FAR);
    }
  });

  test("uunifast-discard: with one it is that of the vectors that keep it", () => {
    const question: Partial<Question> = { method: "uunifast-discard", count: 4, utilization: 1.5, each: [0, 0.6] };
    const drawn = utilizationsOf(question, sets, 7n);
    expectVectors(drawn, 4, 1.5, [0, 0.6]);
    const theory = ownDistribution(4, 1.5 / 0.6);
    for (const place of [0, 3])
      expect(
        distance(
          atPlace(drawn, 4, place).map((value) => value / 0.6),
          theory,
        ),
      ).toBeLessThan(FAR);
  });

  periods(sets);
  others(sets);
}

function periods(sets: number): void {
  const all = (question: Partial<Question>, seed: bigint) =>
    setsOf({ count: 4, ...question }, Math.ceil(sets / 4), seed).flatMap(({ tasks }) => tasks);

  test("log-uniform periods: all multiples, each as often as its part of the logarithms", () => {
    const [least, most, multiple] = [10, 1000, 5];
    const tasks = all({ periods: { kind: "log-uniform", bounds: [least, most], multiple } }, 8n);
    const places = (most - least) / multiple + 1;
    const counts = new Array<number>(places).fill(0);
    for (const { period } of tasks) counts[(period - least) / multiple]++;
    const span = Math.log((most + multiple) / least);
    const shares = counts.map((_, i) => Math.log((least + (i + 1) * multiple) / (least + i * multiple)) / span);
    expect(counts).toHaveLength(places);
    expect(excess(counts, shares)).toBeLessThan(FAR_COUNTS);
  });

  test("uniform periods: all multiples alike", () => {
    const tasks = all({ periods: { kind: "uniform", bounds: [100, 400], multiple: 10 } }, 9n);
    const counts = new Array<number>(31).fill(0);
    for (const { period } of tasks) counts[(period - 100) / 10]++;
    expect(counts).toHaveLength(31);
    expect(
      excess(
        counts,
        counts.map(() => 1 / 31),
      ),
    ).toBeLessThan(FAR_COUNTS);
  });

  test("automotive periods have the shares of the benchmark", () => {
    const choices = AUTOMOTIVE.map(([ms, percent]) => [ms * 1000, percent] as const);
    const tasks = all({ periods: { kind: "choose", choices } }, 10n);
    const counts = choices.map(([period]) => tasks.filter((task) => task.period === period).length);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(tasks.length);
    expect(
      excess(
        counts,
        [3, 2, 2, 25, 25, 3, 20, 1, 4].map((share) => share / 85),
      ),
    ).toBeLessThan(FAR_COUNTS);
  });
}

function others(sets: number): void {
  test("wcets are right on average, and never more than a step away", () => {
    const drawn = setsOf({ periods: { kind: "uniform", bounds: [100, 400], multiple: 1 }, each: [0.02, 1] }, sets, 11n);
    const errors = drawn.flatMap(({ tasks }) => tasks.map((task) => task.wcet - task.utilization * task.period));
    const sum = errors.reduce((total, error) => total + error, 0);
    expect(errors.filter((error) => Math.abs(error) >= 1)).toStrictEqual([]);
    const actual = drawn.map(({ tasks }) => tasks.reduce((total, { wcet, period }) => total + wcet / period, 0));
    expect(drawn.map(({ utilization }) => utilization)).toStrictEqual(actual);
    // The error of one is between -1 and 1, its variance at most 1/4.
    expect(Math.abs(sum) / Math.sqrt((sets * 10) / 4)).toBeLessThan(3.3);
  });

  test("deadlines, bcets, offsets and jitters have their distributions and their bounds", () => {
    const tasks = setsOf(
      { utilization: 0.3, deadline: [0.5, 0.9], bcet: [0.2, 0.6], jitter: [0.05, 0.25], offset: true },
      sets,
      12n,
    ).flatMap((set) => set.tasks.slice(3, 4));
    const uniform = (least: number, most: number) => (x: number) => (x - least) / (most - least);
    const broken = tasks.filter(
      ({ deadline, bcet, jitter, offset, period, wcet }) =>
        !(deadline! >= Math.max(wcet, period * 0.5 - 1e-6) && deadline! <= Math.max(wcet, Math.ceil(period * 0.9))) ||
        !(bcet! >= 1 && bcet! <= wcet && jitter! < deadline! && offset! < period) ||
        ![deadline, bcet, jitter, offset, period, wcet].every(Number.isInteger),
    );
    expect(broken).toStrictEqual([]);
    // Steps are a ten-thousandth of a period and less: they do not show in the distance.
    expect(
      distance(
        tasks.map(({ offset, period }) => offset! / period),
        uniform(0, 1),
      ),
    ).toBeLessThan(FAR);
    expect(
      distance(
        tasks.map(({ jitter, period }) => jitter! / period),
        uniform(0.05, 0.25),
      ),
    ).toBeLessThan(FAR);
    const free = tasks.filter(({ wcet, period }) => wcet < 0.5 * period);
    expect(
      distance(
        free.map(({ deadline, period }) => deadline! / period),
        uniform(0.5, 0.9),
      ),
    ).toBeLessThan(FAR);
    const long = tasks.filter(({ wcet }) => wcet > 2000);
    expect(
      distance(
        long.map(({ bcet, wcet }) => bcet! / wcet),
        uniform(0.2, 0.6),
      ),
    ).toBeLessThan(FAR);
  });
}

/** The task at one place of every set. */
function atPlace(drawn: Float64Array, count: number, place: number): Float64Array {
  return Float64Array.from({ length: drawn.length / count }, (_, i) => drawn[i * count + place]);
}

/** Bounds kept, and the sum that was asked for, to the last bits. */
function expectVectors(drawn: Float64Array, count: number, sum: number, [lowest, highest]: Bounds): void {
  let [smallest, largest, error] = [Number.POSITIVE_INFINITY, 0, 0];
  for (let at = 0; at < drawn.length; at += count) {
    let total = 0;
    for (let place = at; place < at + count; place++) {
      total += drawn[place];
      smallest = Math.min(smallest, drawn[place]);
      largest = Math.max(largest, drawn[place]);
    }
    error = Math.max(error, Math.abs(total - sum));
  }
  expect(smallest).toBeGreaterThanOrEqual(lowest);
  expect(largest).toBeLessThanOrEqual(highest);
  expect(error).toBeLessThan(1e-12);
}

function greatest(vector: Float64Array): number {
  return Math.max(...vector);
}
function least(vector: Float64Array): number {
  return Math.min(...vector);
}
function pair(vector: Float64Array): number {
  return vector[0] * vector[5];
}
