// How many random cases a property is tried with: SOAK=1 is the full number, as in npm run soak; npm test tries a few of them.

const factor = Number(process.env.SOAK ?? "0.05");

export function runsOf(full: number): number {
  return Math.ceil(full * factor);
}

/** The first of every few of a list, as many of it as `runsOf` says; all of them in full. */
export function sampleOf<T>(list: readonly T[]): T[] {
  const every = Math.max(1, Math.round(1 / factor));
  return list.filter((_, index) => index % every === 0);
}
