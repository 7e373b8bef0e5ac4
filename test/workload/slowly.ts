// Sets of tasks drawn once more from what docs/workloads.md says, plainly: BigInt for the numbers of Philox, this engine's own
// log, exp and pow.

import type { DrawnTask, Question } from "../../src/workload/question.js";
import { philox4x32 } from "../reference/philox.js";
import { sumDistribution } from "./theory.js";

const TWO_53 = 2 ** 53;

/** Who draws. */
export interface Source {
  readonly seed: bigint;
  readonly server: string;
  readonly replicate: number;
}

/** FNV-1a of 32 bits. */
function hash(text: string): bigint {
  return [...Buffer.from(text, "utf8")].reduce(
    (word, byte) => ((word ^ BigInt(byte)) * 16777619n) % 2n ** 32n,
    2166136261n,
  );
}

/** The two numbers of a draw, unsigned 64 bits. */
function pair({ seed, server, replicate }: Source, purpose: number, index: number): [bigint, bigint] {
  const counter = [BigInt(index), 2n ** 31n + BigInt(purpose), hash(server), BigInt(replicate)] as const;
  const [w0, w1, w2, w3] = philox4x32(counter, [seed % 2n ** 32n, seed >> 32n]);
  return [w0 + (w1 << 32n), w2 + (w3 << 32n)];
}

const unit = (x: bigint) => Number(x >> 11n) / TWO_53;
const below = (x: bigint, count: number) => Number((x * BigInt(count)) >> 64n);

/** The numbers for utilizations, one after the other. */
function numbers(source: Source): () => bigint {
  let taken = 0;
  return () => {
    const place = taken++;
    return pair(source, 0, Math.floor(place / 2))[place % 2];
  };
}

/** The utilizations by uunifast-discard or randfixedsum. */
export function utilizationsOf(question: Question, source: Source): number[] {
  const next = numbers(source);
  const { count, utilization, each, method } = question;
  if (method === "uunifast-discard") {
    for (;;) {
      const vector = uunifast(count, utilization, () => unit(next()), each[1]);
      if (vector !== undefined) return vector;
    }
  }
  const [least, span] = [each[0], each[1] - each[0]];
  return stafford(count, (utilization - count * least) / span, next).map((share) => least + share * span);
}

function uunifast(count: number, sum: number, next: () => number, most: number): number[] | undefined {
  const vector: number[] = [];
  let left = sum;
  for (let after = count - 1; after > 0; after--) {
    const others = left * next() ** (1 / after);
    vector.push(left - others);
    if (left - others > most) return undefined;
    left = others;
  }
  return left > most ? undefined : [...vector, left];
}

/** Density of the sum of n uniform numbers at t: the volume of the cut through [0, 1]^n there. */
function cut(n: number, t: number): number {
  return sumDistribution(n - 1, t) - sumDistribution(n - 1, t - 1);
}

function stafford(count: number, sum: number, next: () => bigint): number[] {
  const vector: number[] = [];
  let [left, shared, scale] = [sum, 0, 1];
  for (let after = count - 1; after > 0; after--) {
    const chance = unit(next());
    const part = unit(next()) ** (1 / after);
    // The cut through after + 1 dimensions at `left` is made of pyramids over those of its sides at 0 and at 1.
    const [below0, above1] = [cut(after, left) * left, cut(after, left - 1) * (after + 1 - left)];
    const falls = chance < above1 / (below0 + above1);
    shared += ((1 - part) * scale * left) / (after + 1);
    scale *= part;
    vector.push(falls ? shared + scale : shared);
    if (falls) left -= 1;
  }
  vector.push(shared + scale * left);
  for (let last = count - 1; last > 0; last--) {
    const other = below(next(), last + 1);
    [vector[last], vector[other]] = [vector[other], vector[last]];
  }
  return vector;
}

/** Of a vector by convolutional-fixed-sum: where in its own distribution each number lies, and the number drawn for it. */
export function placesOf(
  question: Question,
  source: Source,
  vector: readonly number[],
): [found: number, drawn: number][] {
  const next = numbers(source);
  const [least, span] = [question.each[0], question.each[1] - question.each[0]];
  let left = (question.utilization - question.count * least) / span;
  return vector.slice(0, -1).map((utilization, task) => {
    const others = vector.length - 1 - task;
    const own = (utilization - least) / span;
    const drawn = unit(next());
    // From the nearer corner of the cube, the number says how much is left for the others.
    const [sum, rest] = left * 2 > others + 1 ? [others + 1 - left, others - (left - own)] : [left, left - own];
    const from = sumDistribution(others, sum - 1);
    left -= own;
    return [(sumDistribution(others, rest) - from) / (sumDistribution(others, sum) - from), drawn];
  });
}

/** A task's other numbers, given its utilization. */
export function taskOf(question: Question, source: Source, task: number, utilization: number): DrawnTask {
  const [one, two] = pair(source, 1, task);
  const period = periodOf(question, one);
  const exact = utilization * period;
  const wcet = Math.max(1, Math.floor(exact) + (unit(two) < exact % 1 ? 1 : 0));
  const [three, four] = pair(source, 2, task);
  const [five, six] = pair(source, 3, task);
  const ratio = (x: bigint, [from, to]: readonly [number, number]) => from + unit(x) * (to - from);
  const deadline =
    question.deadline === undefined
      ? null
      : Math.max(wcet, Math.min(period, Math.ceil(ratio(three, question.deadline) * period - period * 2 ** -48)));
  const nearest = (x: bigint, bounds: readonly [number, number] | undefined, of: number) =>
    bounds === undefined ? null : Math.floor(ratio(x, bounds) * of + 0.5);
  const bcet = nearest(four, question.bcet, wcet);
  const jitter = nearest(six, question.jitter, period);
  return {
    utilization,
    period,
    wcet,
    deadline,
    bcet: bcet === null ? null : Math.max(1, Math.min(wcet, bcet)),
    offset: question.offset ? below(five, period) : null,
    jitter: jitter === null ? null : Math.min(jitter, (deadline ?? period) - 1),
  };
}

function periodOf({ periods }: Question, x: bigint): number {
  if (periods.kind === "choose") {
    const all = periods.choices.flatMap(([period, weight]) => new Array<number>(weight).fill(period));
    return all[below(x, all.length)];
  }
  const { bounds, multiple, kind } = periods;
  const [least, most] = bounds;
  if (kind === "uniform") return least + below(x, (most - least) / multiple + 1) * multiple;
  const drawn = Math.floor((least * ((most + multiple) / least) ** unit(x)) / multiple) * multiple;
  return Math.max(least, Math.min(most, drawn));
}
