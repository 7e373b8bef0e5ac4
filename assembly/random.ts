// Philox4x32-10: a counter-based generator. Salmon, Moraes, Dror & Shaw, SC'11.
// A draw depends on nothing but its key and counter, so every number of every job can be drawn again at any time.

const MULTIPLIER_0: u64 = 0xd2511f53;
const MULTIPLIER_1: u64 = 0xcd9e8d57;
const WEYL_0: u32 = 0x9e3779b9;
const WEYL_1: u32 = 0xbb67ae85;

let seedLow: u32 = 0;
let seedHigh: u32 = 0;
let replicate: u32 = 0;

/** First number of the last draw: output words 0 and 1. */
export let drawn1: u64 = 0;
/** Second number of the last draw: output words 2 and 3. */
export let drawn2: u64 = 0;

export function seed(low: u32, high: u32, replicateNumber: u32): void {
  seedLow = low;
  seedHigh = high;
  replicate = replicateNumber;
}

/** The raw function: counter words c0..c3, key words k0, k1. Leaves its output in drawn1 and drawn2. */
export function philox(c0: u32, c1: u32, c2: u32, c3: u32, k0: u32, k1: u32): void {
  for (let round = 0; round < 10; round++) {
    const product0 = MULTIPLIER_0 * <u64>c0;
    const product1 = MULTIPLIER_1 * <u64>c2;
    c0 = <u32>(product1 >> 32) ^ c1 ^ k0;
    c1 = <u32>product1;
    c2 = <u32>(product0 >> 32) ^ c3 ^ k1;
    c3 = <u32>product0;
    k0 += WEYL_0;
    k1 += WEYL_1;
  }
  drawn1 = <u64>c0 | ((<u64>c1) << 32);
  drawn2 = <u64>c2 | ((<u64>c3) << 32);
}

/** Draws for number k (a job's, or a replenishment's) of an entity, as semantics.md section 3 says. */
export function draw(k: i64, entity: u32): void {
  philox(<u32>k, <u32>(k >> 32), entity, replicate, seedLow, seedHigh);
}
