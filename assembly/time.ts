// Time: whole ticks in i64. A horizon is at most 2^53 - 1, so a time plus one more period or deadline never wraps.

/** A length of time, in ticks. */
export type Duration = i64;

/** A point in time, in ticks from the start of the run. */
export type Instant = i64;

/** Later than every instant of every run. */
export const NEVER: Instant = 1 << 62;

/** More work or budget than any run can use. */
export const UNLIMITED: Duration = 1 << 62;

/** Sums beyond this are reported as an overflow, long before they could wrap. */
export const SUM_MAX: i64 = 1 << 62;

/** The greatest number that a float64 counts up to exactly. */
export const EXACT_MAX: i64 = (1 << 53) - 1;

/** A time that much later; never stays never. @inline */
export function later(time: Instant, by: Duration): Instant {
  return time == NEVER ? NEVER : time + by;
}
