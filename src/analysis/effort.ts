// A bound on every search. Exact tests are pseudo-polynomial at best: where the demand comes within a hair of the
// supply they may have to look at every job of an enormous hyperperiod. Such a question is given up, at the same step on
// every machine, and answered `unknown`.

/** Steps of one search; some tenths of a second. The hardest of the systems met in practice needs some thousands. */
const STEPS_MAX = 2_000_000;

/** Thrown when a search has used up its steps. */
class EffortExceeded extends Error {
  constructor() {
    super(`not decided in ${STEPS_MAX} steps`);
  }
}

/** Counts the steps of one search. */
export class Effort {
  private left = STEPS_MAX;

  /** Takes one step. Throws `EffortExceeded` when none is left. */
  spend(): void {
    if (this.left === 0) throw new EffortExceeded();
    this.left--;
  }
}

/** The result of the search, or `otherwise` if it is given up. */
export function unlessExceeded<T, U>(search: () => T, otherwise: U): T | U {
  try {
    return search();
  } catch (error) {
    if (error instanceof EffortExceeded) return otherwise;
    throw error;
  }
}
