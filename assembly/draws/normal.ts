// The normal distribution with mean 0 and deviation 1. Both ways are exact to the last bits of a float64 near the middle;
// beyond 9 deviations nothing is left of it.

const DENSITY_AT_0: f64 = 0.3989422804014327; // 1 / sqrt(2 pi)
const END: f64 = 9; // the share beyond it is below 2^-62

function density(x: f64): f64 {
  return DENSITY_AT_0 * NativeMath.exp(-0.5 * x * x);
}

/** The share between 0 and x >= 0: density(x) * (x + x^3 / 3 + x^5 / (3 * 5) + ...), whose terms all have one sign. */
export function shareFromMiddle(x: f64): f64 {
  if (x >= END) return 0.5;
  let term = x;
  let sum = x;
  for (let odd: f64 = 3; sum + term > sum; odd += 2) {
    term *= (x * x) / odd;
    sum += term;
  }
  return min(0.5, density(x) * sum);
}

/** Steps towards a point in the outmost bits of the tail: none takes as many. */
const STEPS_MAX = 100;

/**
 * The point x >= 0 with that share between 0 and x; 9 where there is none. Newton's method with the next two terms of the
 * inverse: all terms are positive, so it comes nearer from below and never passes the point.
 */
export function pointAtShare(share: f64): f64 {
  let x: f64 = 0;
  for (let step = 0; step < STEPS_MAX; step++) {
    const e = (share - shareFromMiddle(x)) / density(x);
    const next = x + e * (1 + e * (x / 2 + (e * (2 * x * x + 1)) / 6));
    if (!(next > x)) return x;
    if (next >= END) return END;
    x = next;
  }
  return x;
}
