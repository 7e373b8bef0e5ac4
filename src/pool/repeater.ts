// Runs replicates of a cell until its acceptance is known well enough: in batches of a fixed size, so that how many there are
// follows from the results alone.

import { wilson } from "../numbers/statistics.js";
import { RunNumbering } from "../results/range.js";
import { BATCH } from "../sweep/statistics.js";
import type { Done } from "./chunk-runner.js";
import type { ChunkRequest } from "./protocol.js";
import type { RunComputer } from "./run-computer.js";

export class Repeater {
  private readonly numbering: RunNumbering;
  /** The cell at which the cursor stands. */
  private cell = Number.NaN;

  /** @param halfWidth of the 95 % interval of the acceptance */
  constructor(
    private readonly halfWidth: number,
    private readonly replicates: number,
    private readonly computer: RunComputer,
  ) {
    this.numbering = new RunNumbering(replicates);
  }

  /** Runs the cells that begin within the runs of a chunk. When asked to stop, those that were done by then count. */
  run({ firstRun, runs, timed }: ChunkRequest): Done {
    const { computer, numbering } = this;
    const started = performance.now();
    let kept = 0;
    computer.records.reserve(1);
    for (let cell = Math.ceil(numbering.inCells(firstRun)); numbering.runOf(cell) < firstRun + runs; cell++) {
      const failures = computer.failures.length;
      const before = kept;
      if (cell !== this.cell + 1 || !computer.cells.next()) computer.cells.seek(cell);
      this.cell = cell;
      computer.readCell();
      for (let accepted = 0, replicate = 0; this.goesOn(accepted, replicate); replicate++) {
        computer.records.grow(kept + 1);
        if (!computer.goOn() || !computer.compute(kept, cell, replicate)) {
          computer.failures.length = failures;
          return { runs: Math.max(0, numbering.runOf(cell) - firstRun), records: before, kernelMs: undefined };
        }
        if (computer.records.isAccepted(kept)) accepted++;
        kept++;
      }
    }
    return { runs, records: kept, kernelMs: timed ? performance.now() - started : undefined };
  }

  /** Whether a cell needs one more replicate. */
  private goesOn(accepted: number, replicates: number): boolean {
    if (replicates === this.replicates) return false;
    if (replicates === 0 || replicates % BATCH !== 0) return true;
    const { low, high } = wilson(accepted, replicates);
    return (high - low) / 2 > this.halfWidth;
  }
}
