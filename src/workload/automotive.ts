// The periods of automotive applications and how often they occur: Kramer, Ziegenbein & Hamann, "Real World Automotive
// Benchmarks for Free", WATERS 2015, table III.

/** Periods in milliseconds, and the percentage of runnables that have them. */
export const AUTOMOTIVE: readonly (readonly [milliseconds: number, percent: number])[] = [
  [1, 3],
  [2, 2],
  [5, 2],
  [10, 25],
  [20, 25],
  [50, 3],
  [100, 20],
  [200, 1],
  [1000, 4],
];
// The other 15 % are angle-synchronous: released at crankshaft angles, so that their period is that of the engine's speed.
// They have no period of their own and are left out; the weights above are the shares of the rest, out of 85.
