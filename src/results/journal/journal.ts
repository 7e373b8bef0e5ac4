// The journal of a run: a directory of segments, each named by its range of runs. A segment is there whole and durable, or
// it counts as not there.

import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { readWhole, StorageError, storing, writeWhole } from "../../files/storage.js";
import type { ChunkResult } from "../../tables/chunk.js";
import type { TableLayout } from "../../tables/columns.js";
import type { RunIdentity } from "../directory.js";
import { endOf, type RunRange } from "../range.js";
import { type SegmentContent, SegmentFormat, type SegmentSummary } from "./segment.js";

/** The journal's directory within that of the run. */
export const JOURNAL = "journal";

const NAME = /^(\d{16})-(\d{16})\.segment$/;

/** `0000000000000000-0000000000000063.segment`: the first and the last run. */
function nameOf(range: RunRange): string {
  const digits = (run: number) => String(run).padStart(16, "0");
  return `${digits(range.firstRun)}-${digits(endOf(range) - 1)}.segment`;
}

/** What was found in a journal. */
export interface JournalState {
  /** Ascending, none overlapping another. */
  readonly segments: readonly SegmentSummary[];
  /** Names of files that were torn, damaged, or no segments of this run. They are removed. */
  readonly damaged: readonly string[];
}

/** The segments of one run. */
export class Journal {
  private readonly format: SegmentFormat;
  private readonly path: string;
  /** Memory that segments are read into, one after the other: each is garbage of megabytes otherwise. */
  private memory = new ArrayBuffer(0);

  /** @throws DictionaryFull */
  constructor(directory: string, layouts: readonly TableLayout[], identity: RunIdentity) {
    this.path = join(directory, JOURNAL);
    this.format = new SegmentFormat(layouts, identity);
  }

  /**
   * Makes the directory, or reads every segment in it from the first byte to the last.
   * @throws StorageError
   */
  async open(): Promise<JournalState> {
    await storing(this.path, () => mkdir(this.path, { recursive: true }));
    const names = (await storing(this.path, () => readdir(this.path))).sort();
    const segments: SegmentSummary[] = [];
    const damaged: string[] = [];
    for (const name of names) {
      const content = await this.readNamed(name);
      const before = segments.at(-1);
      const follows = before === undefined || (content?.summary.firstRun ?? 0) >= endOf(before);
      if (content !== undefined && follows) segments.push(content.summary);
      else damaged.push(name);
    }
    for (const name of damaged) await storing(this.path, () => rm(join(this.path, name), { recursive: true }));
    return { segments, damaged };
  }

  /**
   * Writes the segment of some chunks, each following the one before it, and makes it durable.
   * @returns what it holds, in the memory of the chunks
   * @throws StorageError
   */
  async write(chunks: readonly ChunkResult[]): Promise<SegmentContent> {
    const { content, pieces } = await this.format.encode(chunks);
    await writeWhole(join(this.path, nameOf(content.summary)), pieces);
    return content;
  }

  /**
   * The rows of a segment; they are valid until the next one is read.
   * @throws StorageError when they are not what was written
   */
  async read(range: RunRange): Promise<SegmentContent> {
    const name = nameOf(range);
    const content = await this.readNamed(name);
    if (content !== undefined) return content;
    throw new StorageError(join(this.path, name), "EDAMAGED", "was written well, and is damaged or gone; run again");
  }

  private async readNamed(name: string): Promise<SegmentContent | undefined> {
    if (!NAME.test(name)) return undefined;
    const bytes = await readWhole(join(this.path, name), this.memory);
    if (bytes !== undefined) this.memory = bytes.buffer;
    const content = bytes && this.format.decode(bytes);
    return content !== undefined && nameOf(content.summary) === name ? content : undefined;
  }

  /** Removes the journal: the tables have it all. */
  async remove(): Promise<void> {
    await removeJournal(this.path);
  }
}

/** Removes a journal, if there is one. */
export async function removeJournal(path: string): Promise<void> {
  await storing(path, () => rm(path, { recursive: true, force: true }));
}
