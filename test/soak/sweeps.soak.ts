// Every cell of the sweeps on the paper and its related work, for their first milliseconds: the kernel and the slow reference
// agree in every number, so that docs/paper.md and docs/systems.md rest on both.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { cellScenario } from "../../src/grid/cell-scenario.js";
import { openCursor } from "../../src/grid/cells.js";
import { openSweep } from "../../src/grid/open.js";
import type { AnyScenario } from "../reference/types.js";
import { agrees } from "../support/agreement.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** What each is cut to: the reference goes tick by tick. */
const HORIZONS: readonly (readonly [place: string, horizon: string])[] = [
  ["sweeps/readings", "1100"],
  ["sweeps/systems", "100ms"],
  ["sweeps/overhead.yaml", "20ms"],
  ["sweeps/credit-sleeper.yaml", "300ms"],
  ["sweeps/sedf-short-blocks.yaml", "300ms"],
];

const cases = HORIZONS.flatMap(([place, horizon]) =>
  place.endsWith(".yaml")
    ? [[place, horizon] as const]
    : readdirSync(join(root, place)).map((name) => [`${place}/${name}`, horizon] as const),
);

test.each(cases)("%s up to %s", (file, horizon) => {
  const { sweep, plan } = openSweep(readFileSync(join(root, file), "utf8"), file, [`horizon=${horizon}`]);
  const cursor = openCursor(sweep, plan);
  let cells = 0;
  while (cursor.next()) {
    agrees(cellScenario(cursor) as unknown as AnyScenario);
    cells += 1;
  }
  expect(cells).toBe(plan.cellCount);
});
