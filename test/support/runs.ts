// How many random cases a property is tried with: SOAK=1 is the full number, as in npm run soak; npm test tries a twentieth.

const factor = Number(process.env.SOAK ?? "0.05");

export function runsOf(full: number): number {
  return Math.ceil(full * factor);
}

/** The full number in npm run soak alone, and a few in npm test: where many features are tried, each with thousands. */
export function soakedRunsOf(full: number, few: number): number {
  return factor < 1 ? few : full;
}

/** As `runsOf`, where the test counts what they showed: enough for such a count to be sure, too. */
export function countedRunsOf(full: number): number {
  return Math.max(runsOf(full), Math.ceil(full / 10));
}

/** Where a test counts what they showed npm test draws the same ones each time, so that no luck decides; the soak draws others. */
export const COUNTED: { readonly seed?: number } = factor < 1 ? { seed: 3 } : {};

/** The first of every few of a list, as many of it as `runsOf` says; all of them in full. */
export function sampleOf<T>(list: readonly T[]): T[] {
  const every = Math.max(1, Math.round(1 / factor));
  return list.filter((_, index) => index % every === 0);
}
