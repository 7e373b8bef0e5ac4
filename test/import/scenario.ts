// The first cell of a sweep as a scenario.

import { cellScenario } from "../../src/grid/cell-scenario.js";
import { openCursor } from "../../src/grid/cells.js";
import { openSweep } from "../../src/grid/open.js";

interface AnyScenario {
  readonly horizon: number;
  readonly host: unknown;
  readonly servers: readonly { name: string; scheduler?: string; tasks: readonly unknown[] }[];
}

/** @throws InvalidInput for what is no sweep */
export function scenarioOf(text: string): AnyScenario {
  const { sweep, plan } = openSweep(text, "imported.yaml");
  const cursor = openCursor(sweep, plan);
  cursor.seek(0);
  return cellScenario(cursor) as unknown as AnyScenario;
}
