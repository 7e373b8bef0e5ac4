// Means, intervals and shares, with additions, multiplications, divisions and square roots alone, which every engine rounds
// alike. Intervals are those of 95 %.

/** The 97.5 % quantile of the normal distribution. */
const Z = 1.959963984540054;

/** Of Student's t distribution with 1, 2, ... 30 degrees of freedom. */
const T = [
  12.706204736, 4.30265273, 3.182446305, 2.776445105, 2.570581836, 2.446911851, 2.364624252, 2.306004135, 2.262157163,
  2.228138852, 2.20098516, 2.17881283, 2.160368656, 2.144786688, 2.131449546, 2.119905299, 2.109815578, 2.10092204,
  2.093024054, 2.085963447, 2.079613845, 2.073873068, 2.06865761, 2.063898562, 2.059538553, 2.055529439, 2.051830516,
  2.048407142, 2.045229642, 2.042272456,
];

/** The 97.5 % quantile of Student's t; beyond 30 degrees of freedom by its expansion (Abramowitz & Stegun 26.7.5). */
export function studentQuantile(degrees: number): number {
  if (degrees <= T.length) return T[degrees - 1];
  const [z2, n] = [Z * Z, degrees];
  const first = (Z * (z2 + 1)) / 4;
  const second = (Z * ((5 * z2 + 16) * z2 + 3)) / 96;
  const third = (Z * (((3 * z2 + 19) * z2 + 17) * z2 - 15)) / 384;
  return Z + (first + (second + third / n) / n) / n;
}

/** Wilson's interval of a share (J. Am. Stat. Assoc. 22, 1927). @param count at least 1 */
export function wilson(successes: number, count: number): { readonly low: number; readonly high: number } {
  const share = successes / count;
  const z2 = Z * Z;
  const middle = share + z2 / (2 * count);
  const half = Z * Math.sqrt((share * (1 - share)) / count + z2 / (4 * count * count));
  const scale = 1 + z2 / count;
  return {
    low: successes === 0 ? 0 : (middle - half) / scale,
    high: successes === count ? 1 : (middle + half) / scale,
  };
}

/** Mean and spread of numbers that come one by one (Welford 1962), in the order in which they come. */
export class Moments {
  count = 0;
  private sum = 0;
  private squares = 0;
  private middle = 0;

  add(value: number): void {
    this.count++;
    this.sum += value;
    const before = value - this.middle;
    this.middle += before / this.count;
    this.squares += before * (value - this.middle);
  }

  /** Mean, standard error, and the interval of the mean by Student's t; NaN where there are too few numbers. */
  get values(): readonly [mean: number, error: number, low: number, high: number] {
    const { count } = this;
    if (count === 0) return [Number.NaN, Number.NaN, Number.NaN, Number.NaN];
    const mean = this.sum / count;
    if (count === 1) return [mean, Number.NaN, Number.NaN, Number.NaN];
    const error = Math.sqrt(this.squares / (count - 1) / count);
    const half = studentQuantile(count - 1) * error;
    return [mean, error, mean - half, mean + half];
  }
}
