// Philox4x32-10 as in Salmon, Moraes, Dror & Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC'11, and the two
// 64-bit numbers that semantics.md section 3 takes from one block of it. BigInt throughout: slow, exact and plain.

export type Counter = readonly [bigint, bigint, bigint, bigint];
export type Key = readonly [bigint, bigint];

const WORD = 0xffffffffn;
const ROUNDS = 10;
const MULTIPLIERS = [0xd2511f53n, 0xcd9e8d57n] as const;
const KEY_STEPS = [0x9e3779b9n, 0xbb67ae85n] as const; // the golden ratio and sqrt(3) - 1, as 32-bit fractions

const low = (x: bigint): bigint => x & WORD;
const high = (x: bigint): bigint => (x >> 32n) & WORD;

/** One block of Philox4x32-10: four 32-bit words from a counter of four words and a key of two. */
export function philox4x32(counter: Counter, key: Key): Counter {
  let [c0, c1, c2, c3] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < ROUNDS; round++) {
    const product0 = MULTIPLIERS[0] * c0;
    const product1 = MULTIPLIERS[1] * c2;
    [c0, c1, c2, c3] = [high(product1) ^ c1 ^ k0, low(product1), high(product0) ^ c3 ^ k1, low(product0)];
    [k0, k1] = [low(k0 + KEY_STEPS[0]), low(k1 + KEY_STEPS[1])];
  }
  return [c0, c1, c2, c3];
}

/** Who draws: the seed and replicate of the run, and the task number or 2^31 + the server number. */
export interface Stream {
  readonly seed: bigint;
  readonly replicate: number;
  readonly entity: number;
}

/** The numbers x1 and x2 (unsigned 64 bits) of semantics.md section 3 for job or replenishment number k. */
export function draw(stream: Stream, k: number): { x1: bigint; x2: bigint } {
  const number = BigInt(k);
  const counter: Counter = [low(number), high(number), BigInt(stream.entity), BigInt(stream.replicate)];
  const [w0, w1, w2, w3] = philox4x32(counter, [low(stream.seed), high(stream.seed)]);
  return { x1: w0 + (w1 << 32n), x2: w2 + (w3 << 32n) };
}

/** least + (x mod (greatest - least + 1)): a number of least..greatest, both included. */
export function between(least: number, greatest: number, x: bigint): number {
  return Number(BigInt(least) + (x % (BigInt(greatest) - BigInt(least) + 1n)));
}
