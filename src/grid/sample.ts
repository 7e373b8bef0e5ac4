// The draws of `sample`: point i of a dimension, from 0 up to but not 1, as an exact ratio. Each follows from the seed, the
// number of the point and that of the dimension alone (and a latin hypercube's from how many points there are).

import { Fraction } from "fraction.js";
import { permuted } from "../numbers/permutation.js";
import { philox } from "../numbers/philox.js";
import { scrambled, sobol } from "../numbers/sobol.js";
import type { Sample } from "../sweep/sweep.js";

const TWO_32 = 2n ** 32n;
/** The last word of the counters: what is drawn. No replicate has such a number. */
const DRAW = { value: 0xfffffff0, permutation: 0xfffffff1, scrambling: 0xfffffff2 } as const;

/** The points of one dimension. */
export function sampler(
  method: Sample["method"],
  count: number,
  dimension: number,
  seed: bigint,
): (point: number) => Fraction {
  const key = [Number(seed & 0xffffffffn), Number(seed >> 32n)] as const;
  const word = (point: number) => philox([point, 0, dimension, DRAW.value], key)[0];
  if (method === "random") return (point) => new Fraction(BigInt(word(point)), TWO_32);
  if (method === "sobol") {
    return (point) => {
      const bits = scrambled(sobol(point, dimension), (node, level) =>
        philox([node, level, dimension, DRAW.scrambling], key),
      );
      return new Fraction(BigInt(bits), TWO_32);
    };
  }
  const stratum = permuted(count, (half, round) => philox([half, round, dimension, DRAW.permutation], key)[0]);
  return (point) => new Fraction(BigInt(stratum(point)) * TWO_32 + BigInt(word(point)), BigInt(count) * TWO_32);
}
