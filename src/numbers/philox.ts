// Philox4x32-10, a counter-based generator (Salmon, Moraes, Dror & Shaw, SC'11), for what is drawn outside the kernel:
// semantics.md section 3. Words are whole numbers below 2^32.

const MULTIPLIER_0 = 0xd2511f53;
const MULTIPLIER_1 = 0xcd9e8d57;
const KEY_STEP_0 = 0x9e3779b9;
const KEY_STEP_1 = 0xbb67ae85;
const ROUNDS = 10;

export type Counter = readonly [number, number, number, number];

/** One block: four words from a counter of four words and a key of two. */
export function philox([c0, c1, c2, c3]: Counter, [k0, k1]: readonly [number, number]): Counter {
  let words: Counter = [c0, c1, c2, c3];
  for (let round = 0; round < ROUNDS; round++) {
    const [w0, w1, w2, w3] = words;
    words = [
      (highWord(MULTIPLIER_1, w2) ^ w1 ^ (k0 + round * KEY_STEP_0)) >>> 0,
      Math.imul(MULTIPLIER_1, w2) >>> 0,
      (highWord(MULTIPLIER_0, w0) ^ w3 ^ (k1 + round * KEY_STEP_1)) >>> 0,
      Math.imul(MULTIPLIER_0, w0) >>> 0,
    ];
  }
  return words;
}

/** floor(a * b / 2^32) of two words: every intermediate value is below 2^53. */
function highWord(a: number, b: number): number {
  const upper = Math.floor(a / 0x10000) * b;
  const lower = (a % 0x10000) * b;
  return Math.floor((upper + Math.floor(lower / 0x10000)) / 0x10000);
}
