// Sobol points with the direction numbers of Joe & Kuo (SIAM J. Sci. Comput. 30, 2008, file new-joe-kuo-6.21201), and their
// scrambling (Owen 1995), on 32 bits.

/** Dimensions that there are direction numbers for. */
export const SOBOL_DIMENSIONS = 32;
const BITS = 32;

/** Of dimension 2, 3, ...: the inner coefficients of the primitive polynomial as bits, and the first direction numbers m. */
const JOE_KUO: readonly (readonly [coefficients: number, first: readonly number[]])[] = [
  [0, [1]],
  [1, [1, 3]],
  [1, [1, 3, 1]],
  [2, [1, 1, 1]],
  [1, [1, 1, 3, 3]],
  [4, [1, 3, 5, 13]],
  [2, [1, 1, 5, 5, 17]],
  [4, [1, 1, 5, 5, 5]],
  [7, [1, 1, 7, 11, 19]],
  [11, [1, 1, 5, 1, 1]],
  [13, [1, 1, 1, 3, 11]],
  [14, [1, 3, 5, 5, 31]],
  [1, [1, 3, 3, 9, 7, 49]],
  [13, [1, 1, 1, 15, 21, 21]],
  [16, [1, 3, 1, 13, 27, 49]],
  [19, [1, 1, 1, 15, 7, 5]],
  [22, [1, 3, 1, 15, 13, 25]],
  [25, [1, 1, 5, 5, 19, 61]],
  [1, [1, 3, 7, 11, 23, 15, 103]],
  [4, [1, 3, 7, 13, 13, 15, 69]],
  [7, [1, 1, 3, 13, 7, 35, 63]],
  [8, [1, 3, 5, 9, 1, 25, 53]],
  [14, [1, 3, 1, 13, 9, 35, 107]],
  [19, [1, 3, 1, 5, 27, 61, 31]],
  [21, [1, 1, 5, 11, 19, 41, 61]],
  [28, [1, 3, 5, 3, 3, 13, 69]],
  [31, [1, 1, 7, 13, 1, 19, 1]],
  [32, [1, 3, 7, 5, 13, 19, 59]],
  [37, [1, 1, 3, 9, 25, 29, 41]],
  [41, [1, 3, 5, 13, 23, 1, 55]],
  [42, [1, 3, 7, 3, 13, 59, 17]],
];

const directions: (readonly number[])[] = [];

/**
 * A coordinate of a point, times 2^32, in the order of the Gray code.
 * @param point from 0 to 2^32 - 1
 * @param dimension from 0 to SOBOL_DIMENSIONS - 1
 */
export function sobol(point: number, dimension: number): number {
  directions[dimension] ??= directionsOf(dimension);
  const own = directions[dimension];
  let bits = 0;
  for (let gray = (point ^ (point >>> 1)) >>> 0, bit = 0; gray > 0; gray >>>= 1, bit++)
    if ((gray & 1) === 1) bits ^= own[bit];
  return bits >>> 0;
}

/** The direction numbers of a dimension as fractions of 2^32. */
function directionsOf(dimension: number): number[] {
  if (dimension === 0) return Array.from({ length: BITS }, (_, bit) => (1 << (BITS - 1 - bit)) >>> 0);
  const [coefficients, first] = JOE_KUO[dimension - 1];
  const degree = first.length;
  const numbers = first.map((m, bit) => (m << (BITS - 1 - bit)) >>> 0);
  for (let bit = degree; bit < BITS; bit++) {
    let next = numbers[bit - degree] ^ (numbers[bit - degree] >>> degree);
    for (let inner = 1; inner < degree; inner++)
      if (((coefficients >>> (degree - 1 - inner)) & 1) === 1) next ^= numbers[bit - inner];
    numbers.push(next >>> 0);
  }
  return numbers;
}

/** So many levels of the tree of bits have their random bits in one block of 128: 127 nodes. */
const LEVELS = 7;

/**
 * Nested uniform scrambling: every bit is flipped or not by a random bit that depends on the bits above it, so that the
 * points stay as evenly spread, and each is uniform by itself.
 * @param block 128 random bits for the node of the tree at which levels 0, 7, 14, ... begin
 */
export function scrambled(bits: number, block: (node: number, level: number) => readonly number[]): number {
  let result = 0;
  for (let level = 0; level < BITS; level += LEVELS) {
    const above = level === 0 ? 0 : bits >>> (BITS - level);
    const random = block(above, level);
    for (let depth = 0; depth < LEVELS && level + depth < BITS; depth++) {
      const path = depth === 0 ? 0 : (bits >>> (BITS - level - depth)) & (2 ** depth - 1);
      const node = 2 ** depth - 1 + path;
      const flip = (random[node >> 5] >>> (node & 31)) & 1;
      const shift = BITS - 1 - level - depth;
      result |= (((bits >>> shift) & 1) ^ flip) << shift;
    }
  }
  return result >>> 0;
}
