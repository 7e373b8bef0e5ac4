// The journal of a run: a directory of segments, each named by its range of runs. A segment is there whole and durable, or
// it counts as not there.

import { readdir, rmdir } from "node:fs/promises";
import { join } from "node:path";
import {
  DirectoryError,
  isLink,
  isPartOf,
  makeDirectory,
  readWhole,
  removeAll,
  StorageError,
  storing,
  writeWhole,
} from "../../files/storage.js";
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
  /** Names of segments that were torn, damaged, or not of this run. They are removed. */
  readonly damaged: readonly string[];
}

/** The segments of one run. */
export class Journal {
  private readonly format: SegmentFormat;
  private readonly path: string;
  /** Memory that segments are read into, one after the other: each is garbage of megabytes otherwise. */
  private memory = new ArrayBuffer(0);

  constructor(directory: string, layouts: readonly TableLayout[], identity: RunIdentity) {
    this.path = join(directory, JOURNAL);
    this.format = new SegmentFormat(layouts, identity);
  }

  /**
   * Makes the directory, or reads every segment in it from the first byte to the last.
   * @param whole the runs that segments may have: those of another shard are not of this run
   * @throws StorageError; DirectoryError when the directory is a link, or has anything in it that is no segment
   */
  async open(whole: RunRange): Promise<JournalState> {
    if (await isLink(this.path)) {
      throw new DirectoryError(
        this.path,
        "is a link; a journal is a directory of its own, put the run directory there",
      );
    }
    await makeDirectory(this.path);
    const names = await ownNames(this.path);
    const segments: SegmentSummary[] = [];
    const damaged: string[] = [];
    for (const name of names) {
      const summary = (await this.readNamed(name))?.summary;
      const next = segments.length === 0 ? whole.firstRun : endOf(segments[segments.length - 1]);
      if (summary !== undefined && summary.firstRun >= next && endOf(summary) <= endOf(whole)) segments.push(summary);
      else damaged.push(name);
    }
    await removeAll(damaged.map((name) => join(this.path, name)));
    return { segments, damaged };
  }

  /**
   * Writes the segment of some chunks, each following the one before it, and makes it durable.
   * @returns what it holds, in the memory of the chunks
   * @throws StorageError
   */
  async write(chunks: readonly ChunkResult[]): Promise<SegmentContent> {
    const { content, pieces } = this.format.encode(chunks);
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

/** The segments in a journal, and parts of such. @throws DirectoryError when there is anything else */
async function ownNames(path: string): Promise<string[]> {
  const entries = await storing(path, () => readdir(path, { withFileTypes: true }));
  const foreign = entries.find((entry) => entry.isDirectory() || !isOwn(entry.name));
  if (foreign === undefined) return entries.map(({ name }) => name).sort();
  throw new DirectoryError(path, `has ${foreign.name}, which is no segment of a run; move it elsewhere`);
}

function isOwn(name: string): boolean {
  const segment = /^[\d-]+\.segment/.exec(name)?.[0] ?? "";
  return NAME.test(name) || (NAME.test(segment) && isPartOf(name, segment));
}

/** Removes a journal, if there is one; what is not of a run, and what a link leads to, stays. */
export async function removeJournal(path: string): Promise<void> {
  if (await isLink(path)) return;
  const names = await readdir(path).catch(() => []);
  await removeAll(names.filter(isOwn).map((name) => join(path, name)));
  await rmdir(path).catch(() => {}); // there is something else in it, or it is not there
}
