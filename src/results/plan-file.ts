// plan.json: what a run directory holds the results of. It is the same, byte for byte, for every run of the same plan.

import { createHash } from "node:crypto";
import type { Plan } from "../grid/plan.js";
import type { TableLayout } from "./columns.js";
import type { RunIdentity } from "./directory.js";

/** Version of the files of a run directory. */
export const FORMAT_VERSION = 1;
/** Version of semantics.md that the kernel computes. */
export const SEMANTICS_VERSION = 1;

/**
 * What makes a run that run.
 * @param canonical the sweep in its one spelling: comments, order of keys and ways of writing a number do not matter
 * @param kernel the bytes of kernel.wasm
 */
export function runIdentity(canonical: string, kernel: Uint8Array): RunIdentity {
  return { planHash: sha256(`semantics ${SEMANTICS_VERSION}\n${canonical}`), kernelHash: sha256(kernel) };
}

/** The text of plan.json. */
export function planFile(
  plan: Plan,
  canonical: string,
  identity: RunIdentity,
  layouts: readonly TableLayout[],
): string {
  const runs = plan.cellCount * plan.replicates;
  const content = {
    format: FORMAT_VERSION,
    semantics: SEMANTICS_VERSION,
    ...identity,
    name: plan.name,
    cells: plan.cellCount,
    gridCells: plan.gridCells,
    removed: plan.removed,
    replicates: plan.replicates,
    resolution: plan.resolution,
    unit: plan.unit,
    axes: plan.axes,
    servers: plan.names,
    tables: Object.fromEntries(
      layouts.map((layout) => [layout.name, { rows: runs * layout.rowsPerRun, columns: layout.columns }]),
    ),
    sweep: canonical,
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}

/** The metadata of every table's schema. */
export function tableMetadata(plan: Plan, canonical: string, identity: RunIdentity): Map<string, string> {
  return new Map([
    ["format", String(FORMAT_VERSION)],
    ["sweep", plan.name],
    ["plan", identity.planHash],
    ["kernel", identity.kernelHash],
    ["resolution", JSON.stringify(plan.resolution)],
    ["unit", plan.unit.name],
    ["canonical_sweep", canonical],
  ]);
}

function sha256(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}
