// Puts the tables of a run together from its journal: every segment once, in canonical order, while others are still
// being computed.

import type { TableLayout } from "../tables/columns.js";
import { IdCheck } from "./id-check.js";
import type { Journal } from "./journal.js";
import { endOf, type RunRange } from "./range.js";
import type { RunTables } from "./run-tables.js";
import { StorageError } from "./storage.js";

export class Assembly {
  private readonly segments = new Map<number, RunRange>();
  private readonly checks: readonly IdCheck[];
  private next: number;
  private working: Promise<void> = Promise.resolve();
  private busy = false;
  private failure: { readonly error: unknown } | undefined;
  private stopped = false;

  /**
   * @param whole the runs that the tables are to have; they begin with a cell
   * @param onFailure called when a segment cannot be read or the tables cannot be written; `finish` throws it again
   */
  constructor(
    private readonly journal: Pick<Journal, "read">,
    private readonly tables: RunTables,
    private readonly whole: RunRange,
    layouts: readonly TableLayout[],
    replicates: number,
    private readonly onFailure: () => void,
  ) {
    this.next = whole.firstRun;
    this.checks = layouts.map((layout) => new IdCheck(layout, replicates, whole.firstRun / replicates));
  }

  /** Takes note of a segment of the journal, and appends all those whose turn has come. */
  add(segment: RunRange): void {
    this.segments.set(segment.firstRun, segment);
    if (!this.busy) this.working = this.appendReady();
  }

  /**
   * Appends what is left.
   * @throws StorageError, Error when segments are missing
   */
  async finish(): Promise<void> {
    await this.working;
    if (this.failure !== undefined) throw this.failure.error;
    if (this.next !== endOf(this.whole)) throw new Error(`no segment of the journal begins at run ${this.next}`);
  }

  /** Gives up; what is being appended is waited for. */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.working;
  }

  private async appendReady(): Promise<void> {
    this.busy = true;
    try {
      for (let segment = this.take(); segment !== undefined; segment = this.take()) await this.append(segment);
    } catch (error) {
      this.failure = { error };
      this.onFailure();
    }
    this.busy = false; // at once after the last look for a segment, so that none is overlooked
  }

  private take(): RunRange | undefined {
    if (this.stopped || this.failure !== undefined) return undefined;
    const segment = this.segments.get(this.next);
    this.segments.delete(this.next);
    return segment;
  }

  private async append(segment: RunRange): Promise<void> {
    const content = await this.journal.read(segment);
    for (const [index, pieces] of content.tables.entries()) {
      for (const piece of pieces) {
        const problem = this.checks[index].next(piece);
        if (problem !== undefined) throw new StorageError("journal", "EDAMAGED", problem);
        await this.tables.appendTo(index, piece);
      }
    }
    await this.tables.appendFailures(content.failures);
    this.next = endOf(segment);
  }
}
