// What theory says of drawn numbers, and how far a sample is from it.

/** Distribution of the sum of n uniform numbers of [0, 1] (Irwin 1927, Hall 1927), by its alternating sum: few numbers only. */
export function sumDistribution(n: number, x: number): number {
  if (x < 0 || (x === 0 && n > 0)) return 0;
  if (x >= n) return 1;
  if (x > n / 2) return 1 - sumDistribution(n, n - x);
  let sum = 0;
  let factor = 1; // (-1)^j * n choose j
  for (let j = 0; j <= x; j++) {
    sum += factor * (x - j) ** n;
    factor *= -(n - j) / (j + 1);
  }
  let factorial = 1;
  for (let i = 2; i <= n; i++) factorial *= i;
  return sum / factorial;
}

/** Distribution of one of n numbers of [0, 1] whose sum is s. */
export function ownDistribution(n: number, s: number): (x: number) => number {
  const others = n - 1;
  const all = sumDistribution(others, s) - sumDistribution(others, s - 1);
  return (x) => (sumDistribution(others, s) - sumDistribution(others, s - Math.min(1, Math.max(0, x)))) / all;
}

/** Of two numbers of [0, 1] that have a third with the sum s: the share of the region where both are in these bounds. */
export function shareOfThree(s: number, x: readonly [number, number], y: readonly [number, number]): number {
  const below = (c: number) => {
    const corner = (a: number, b: number) => Math.max(0, c - a - b) ** 2 / 2;
    return corner(x[0], y[0]) - corner(x[1], y[0]) - corner(x[0], y[1]) + corner(x[1], y[1]);
  };
  const whole = (c: number) => sumDistribution(2, c);
  return (below(s) - below(s - 1)) / (whole(s) - whole(s - 1));
}

/**
 * Kolmogorov and Smirnov's distance times the root of the number of values: above 1.95 in one sample of 1,000 that
 * follows the distribution.
 */
export function distance(sample: ArrayLike<number>, distribution: (x: number) => number): number {
  const sorted = Float64Array.from(sample).sort();
  const n = sorted.length;
  let most = 0;
  sorted.forEach((x, i) => {
    const at = distribution(x);
    most = Math.max(most, Math.abs(at - i / n), Math.abs(at - (i + 1) / n));
  });
  return most * Math.sqrt(n);
}

/** The same of two samples of one length. */
export function distanceOfTwo(one: ArrayLike<number>, other: ArrayLike<number>): number {
  const [a, b] = [Float64Array.from(one).sort(), Float64Array.from(other).sort()];
  const n = a.length;
  let most = 0;
  for (let i = 0, j = 0; i < n && j < n; ) {
    if (a[i] <= b[j]) i++;
    else j++;
    most = Math.max(most, Math.abs(i - j) / n);
  }
  return most * Math.sqrt(n / 2);
}

/** Of counts: (chi squared - degrees) / sqrt(2 degrees), above 3.5 in about one sample of 1,000. */
export function excess(counts: readonly number[], shares: readonly number[]): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const used = [...counts.keys()].filter((i) => shares[i] > 1e-9);
  const squared = used.reduce((sum, i) => sum + (counts[i] - total * shares[i]) ** 2 / (total * shares[i]), 0);
  const degrees = used.length - 1;
  return (squared - degrees) / Math.sqrt(2 * degrees);
}
