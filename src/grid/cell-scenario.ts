// A cell as a scenario in normal form (semantics.md section 8), for replay.

import { scenarioJson } from "../scenario/write.js";
import type { Cursor } from "./cells.js";

/** The current cell as the JSON object of a scenario; times are whole steps of the plan's resolution. */
export function cellScenario({ scenario }: Cursor): Record<string, unknown> {
  return scenarioJson(scenario);
}
