// The tables of one run while they are written, the list of its failures, and the sums of them all. SHA256SUMS gets its
// name last, when all the others have theirs.

import { createHash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { TableWriter } from "../arrow/file-writer.js";
import {
  closePart,
  createPart,
  partOf,
  publish,
  removeAll,
  StorageError,
  storing,
  writeWhole,
} from "../files/storage.js";
import { SUMS_FILE, sumOf, sumsText } from "../files/sums.js";
import type { AnyTable, TableLayout } from "../tables/columns.js";
import type { ChunkTable } from "../tables/memory.js";
import type { SummaryShape } from "../tables/summary.js";
import { FAILURES_FILE, tablePath } from "./directory.js";
import { writeSummary } from "./summary-table.js";

/** What a summary is of, and whether all cells of the sweep are there. */
export interface Summarised {
  readonly shape: SummaryShape;
  readonly whole: boolean;
}

/** Writes cells.arrow, servers.arrow, tasks.arrow, what tables there are besides, failures.jsonl and SHA256SUMS. */
export class RunTables {
  private readonly writers: TableWriter[] = [];
  private readonly failuresHash = createHash("sha256");
  private failures: FileHandle | undefined;

  private constructor(
    private readonly directory: string,
    private readonly names: readonly AnyTable[],
    private readonly summary: Summarised | undefined,
    private readonly metadata: ReadonlyMap<string, string>,
  ) {}

  /**
   * Starts the files of a run.
   * @param metadata of every table, in the order in which it is written
   * @param summary what the summary is of, if there is to be one
   * @throws StorageError, DictionaryFull
   */
  static async create(
    directory: string,
    layouts: readonly TableLayout[],
    metadata: ReadonlyMap<string, string>,
    summary?: Summarised,
  ): Promise<RunTables> {
    const tables = new RunTables(
      directory,
      layouts.map(({ name }) => name),
      summary,
      metadata,
    );
    try {
      for (const layout of layouts) {
        tables.writers.push(await TableWriter.create(tablePath(directory, layout.name), layout, metadata));
      }
    } catch (error) {
      await tables.discard().catch(() => {}); // what went wrong first is what counts
      throw error;
    }
    return tables;
  }

  /** Appends the next rows of one table. @param index of the table among the layouts @throws StorageError */
  async appendTo(index: number, piece: ChunkTable): Promise<void> {
    await this.writers[index].append(piece);
  }

  /** Appends lines to the list of failures. @throws StorageError */
  async appendFailures(lines: Uint8Array): Promise<void> {
    if (lines.length === 0) return;
    const path = join(this.directory, FAILURES_FILE);
    this.failures ??= await createPart(path);
    this.failuresHash.update(lines);
    await storing(path, () => this.failures!.appendFile(lines));
  }

  /**
   * Completes every file, then names them all; cells.arrow last but for SHA256SUMS.
   * @param beside names of files that are there already, and whose sums are wanted too
   * @throws StorageError
   */
  async finish(beside: readonly string[] = []): Promise<void> {
    const sums = new Map<string, string>();
    for (const name of beside) sums.set(name, await sumOfWhole(join(this.directory, name)));
    const finished = await allOf(this.writers.map((writer) => writer.finish()));
    for (const [index, table] of this.names.entries()) sums.set(`${table}.arrow`, finished[index]);
    const names = this.writers.map((writer) => writer.path).reverse();
    if (this.summary !== undefined) {
      const { shape, whole } = this.summary;
      sums.set("summary.arrow", await writeSummary(this.directory, shape, this.metadata, whole));
      names.unshift(tablePath(this.directory, "summary"));
    }
    if (this.failures !== undefined) {
      const path = join(this.directory, FAILURES_FILE);
      await closePart(path, this.failures);
      sums.set(FAILURES_FILE, this.failuresHash.digest("hex"));
      names.unshift(path);
    }
    await publish(names);
    await writeWhole(join(this.directory, SUMS_FILE), sumsText(sums));
  }

  /** Gives up: closes and removes what was written. */
  async discard(): Promise<void> {
    for (const writer of this.writers) await writer.close();
    await this.failures?.close();
    const names: AnyTable[] = [...this.names, "summary"];
    const paths = [...names.map((table) => tablePath(this.directory, table)), join(this.directory, FAILURES_FILE)];
    await removeAll(paths.map(partOf));
  }
}

/** What all of them come to. @throws what the first of them threw, when none is under way any more */
async function allOf<T>(parts: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(parts);
  return await Promise.all(parts);
}

async function sumOfWhole(path: string): Promise<string> {
  const sum = await sumOf(path);
  if (sum === undefined) throw new StorageError(path, "ENOENT", "was written, and is gone");
  return sum;
}
