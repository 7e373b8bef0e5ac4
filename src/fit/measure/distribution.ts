// Distributions of durations, as `fit` reports them.

/** n durations in nanoseconds; percentiles are the nearest rank ceil(p n). Null are the others when n is 0. */
export interface Distribution {
  readonly n: number;
  readonly min: number | null;
  readonly p50: number | null;
  readonly mean: number | null;
  readonly p99: number | null;
  readonly max: number | null;
}

/** The distribution of the values; sorts them in place. */
export function distributionOf(values: Float64Array): Distribution {
  const n = values.length;
  if (n === 0) return { n, min: null, p50: null, mean: null, p99: null, max: null };
  values.sort();
  const rank = (percent: number) => values[Math.ceil((n * percent) / 100) - 1];
  const sum = values.reduce((total, value) => total + value, 0);
  return { n, min: values[0], p50: rank(50), mean: sum / n, p99: rank(99), max: values[n - 1] };
}
