// Puts the tables of a run together from the segments of its journal: every one once, in canonical order, while others
// are still being computed.

import { StorageError } from "../../files/storage.js";
import type { RowCheck } from "../id-check.js";
import { endOf, type RunRange } from "../range.js";
import type { RunTables } from "../run-tables.js";
import type { Journal } from "./journal.js";
import type { SegmentContent } from "./segment.js";

/** Bytes of rows in memory that wait for their turn; beyond that they are read again, for it may be long in coming. */
const KEPT_BYTES = 8 * 2 ** 20;

/** A segment that came before one that precedes it. */
interface Early {
  readonly segment: RunRange;
  /** What it holds, and is kept. */
  readonly kept: Kept | undefined;
}

interface Kept {
  readonly content: SegmentContent;
  readonly bytes: number;
  /** The content is not needed any more. */
  readonly done: () => void;
}

export class JournalReplay {
  /** By their first run. */
  private readonly early = new Map<number, Early>();
  private keptBytes = 0;
  /** The run after the segments that are appended, or will be one after the other. */
  private end: number;
  private appending: Promise<void> = Promise.resolve();
  private failure: { readonly error: unknown } | undefined;
  private stopped = false;

  /**
   * @param whole the runs that the tables are to have; they begin with a cell
   * @param checks of the rows of each table
   * @param onFailure called when a segment cannot be read or the tables cannot be written; `finish` throws it again
   */
  constructor(
    private readonly journal: Pick<Journal, "read">,
    private readonly tables: RunTables,
    private readonly whole: RunRange,
    private readonly checks: readonly RowCheck[],
    private readonly onFailure: () => void,
  ) {
    this.end = whole.firstRun;
  }

  /**
   * Takes a segment of the journal, and appends all those whose turn has come.
   * @param content what it holds, if that is in memory
   * @returns resolved when `content` is not needed any more
   */
  async add(segment: RunRange, content?: SegmentContent): Promise<void> {
    if (segment.firstRun !== this.end) return await this.wait(segment, content);
    const appended = this.queue(segment, content);
    for (let next = this.early.get(this.end); next !== undefined; next = this.early.get(this.end)) {
      const { segment: range, kept } = next;
      this.early.delete(range.firstRun);
      void this.queue(range, kept?.content).then(() => this.free(kept));
    }
    await appended;
  }

  /** Lets a segment wait for its turn: with its rows, where they are few enough. */
  private async wait(segment: RunRange, content: SegmentContent | undefined): Promise<void> {
    const bytes = content === undefined ? 0 : bytesOf(content);
    if (content === undefined || this.keptBytes + bytes > KEPT_BYTES) {
      this.early.set(segment.firstRun, { segment, kept: undefined });
      return;
    }
    this.keptBytes += bytes;
    await new Promise<void>((done) => this.early.set(segment.firstRun, { segment, kept: { content, bytes, done } }));
  }

  private free(kept: Kept | undefined): void {
    this.keptBytes -= kept?.bytes ?? 0;
    kept?.done();
  }

  /** Keeps no rows in memory any more: those before them do not come, or not soon. */
  letGo(): void {
    for (const { segment, kept } of this.early.values()) {
      this.early.set(segment.firstRun, { segment, kept: undefined });
      this.free(kept);
    }
  }

  /**
   * Appends what is left.
   * @throws StorageError, Error when segments are missing
   */
  async finish(): Promise<void> {
    await this.appending;
    if (this.failure !== undefined) throw this.failure.error;
    if (this.end !== endOf(this.whole)) throw new Error(`no segment of the journal begins at run ${this.end}`);
  }

  /** Gives up; what is being appended is waited for. */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.appending;
  }

  /** Appends a segment after those before it. */
  private queue(segment: RunRange, content?: SegmentContent): Promise<void> {
    this.end = endOf(segment);
    this.appending = this.appending.then(async () => {
      if (this.stopped || this.failure !== undefined) return;
      try {
        await this.append(content ?? (await this.journal.read(segment)));
      } catch (error) {
        this.failure = { error };
        this.onFailure();
      }
    });
    return this.appending;
  }

  private async append(content: SegmentContent): Promise<void> {
    for (const [index, pieces] of content.tables.entries()) {
      for (const piece of pieces) {
        const problem = this.checks[index].next(piece);
        if (problem !== undefined) throw new StorageError("journal", "EDAMAGED", problem);
        await this.tables.appendTo(index, piece);
      }
    }
    await this.tables.appendFailures(content.failures);
  }
}

function bytesOf({ tables }: SegmentContent): number {
  return tables.flat().reduce((sum, { columns }) => columns.reduce((more, { values }) => more + values.length, sum), 0);
}
