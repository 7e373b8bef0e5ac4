// Sweeps and their problems, for the tests of the sweep language.

import { planSweep } from "../../src/grid/lay-out.js";
import { InvalidInput } from "../../src/input/problem.js";
import { parseSweep } from "../../src/sweep/parse.js";

/** A sweep of one server `vm` with the given fields (lines), and more lines at the top level. */
export function oneServer(fields: readonly string[], ...rest: readonly string[]): string {
  return ["horizon: 100", "system:", "  servers:", "    vm:", ...fields.map((line) => `      ${line}`), ...rest].join(
    "\n",
  );
}

/** A valid server whose budget is the axis Q, and more lines at the top level. */
export function sweepOverQ(...rest: readonly string[]): string {
  return oneServer(["policy: idling", "period: 10", "budget: =Q"], ...rest);
}

/** What a user reads about a sweep: every problem, one a line; or that there is none. */
export function problemsOf(text: string, overrides: readonly string[] = []): string[] {
  try {
    planSweep(parseSweep(text, "s.yaml", overrides));
    return ["no problem"];
  } catch (error) {
    if (error instanceof InvalidInput) return error.message.split("\n");
    throw error;
  }
}
