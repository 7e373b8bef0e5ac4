// Columns of 64-bit values as pairs of 32-bit halves: which values there are, the least and the greatest.

export interface Values {
  readonly type: "int64" | "float64";
  /** Low and high half of each value in turn. */
  readonly pairs: Uint32Array;
}

/** More different values than this share of all cost more as a dictionary than they save. */
const SHARE = 1 / 4;
const MOST = 2 ** 15;

/**
 * The different values of a column in the order in which they come, and the number of each row's.
 * @returns undefined when so many of the values differ that it does not pay
 */
export function distinctPairs(pairs: Uint32Array): { pairs: Uint32Array; indexes: Int32Array } | undefined {
  const count = pairs.length / 2;
  const most = Math.min(MOST, Math.floor(count * SHARE));
  const bits = 33 - Math.clz32(Math.max(most, 8)); // at most half of the places are taken
  const places = new Uint16Array(2 ** bits);
  const mask = places.length - 1;
  const kept = new Uint32Array(2 * most);
  const indexes = new Int32Array(count);
  let size = 0;
  for (let at = 0; at < count; at++) {
    const low = pairs[2 * at];
    const high = pairs[2 * at + 1];
    if (at > 0 && low === pairs[2 * at - 2] && high === pairs[2 * at - 1]) {
      indexes[at] = indexes[at - 1];
      continue;
    }
    const mixed = Math.imul(low ^ Math.imul(high, 0x85ebca6b), 0x9e3779b1);
    let place = (mixed ^ (mixed >>> 15)) & mask;
    let index = places[place]; // one more than the number of a value; 0: none
    while (index !== 0 && (kept[2 * index - 2] !== low || kept[2 * index - 1] !== high)) {
      place = (place + 1) & mask;
      index = places[place];
    }
    if (index === 0) {
      if (size === most) return undefined;
      kept[2 * size] = low;
      kept[2 * size + 1] = high;
      index = ++size;
      places[place] = index;
    }
    indexes[at] = index - 1;
  }
  return { pairs: kept.subarray(0, 2 * size), indexes };
}

/** The least and the greatest value, those that are no number left out; undefined when there is none. */
export function leastAndMost({ type, pairs }: Values): { least?: bigint | number; most?: bigint | number } {
  return type === "int64" ? wholeBounds(pairs) : floatBounds(pairs);
}

function wholeBounds(pairs: Uint32Array): { least?: bigint; most?: bigint } {
  if (pairs.length === 0) return {};
  let [least, most] = [0, 0];
  for (let at = 2; at < pairs.length; at += 2) {
    if (isLess(pairs, at, least)) least = at;
    if (isLess(pairs, most, at)) most = at;
  }
  const whole = (at: number) => (BigInt(pairs[at + 1] | 0) << 32n) | BigInt(pairs[at]);
  return { least: whole(least), most: whole(most) };
}

/** Whether the 64-bit integer at one place is less than that at another. */
function isLess(pairs: Uint32Array, one: number, other: number): boolean {
  const difference = (pairs[one + 1] | 0) - (pairs[other + 1] | 0);
  return difference < 0 || (difference === 0 && pairs[one] < pairs[other]);
}

function floatBounds({ buffer, byteOffset, length }: Uint32Array): { least?: number; most?: number } {
  const values = new Float64Array(buffer, byteOffset, length / 2);
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  if (least > most) return {};
  // As Parquet has it: either zero may be among them.
  return { least: least === 0 ? -0 : least, most: most === 0 ? 0 : most };
}
