// The tables of one run while they are written, and the list of its failures. Either all of them get their final names,
// or none does.

import type { FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "lossless-json"; // a seed may be a bigint
import type { ChunkTable } from "./chunk.js";
import { TABLE_NAMES, type TableLayout } from "./columns.js";
import { FAILURES_FILE, tablePath } from "./directory.js";
import { closePart, createPart, PART, publish, removeAll, storing } from "./storage.js";
import { TableWriter } from "./table-writer.js";

/** A run (one cell and replicate) without a result: one line of failures.jsonl. */
export interface Failure {
  readonly cell: number;
  readonly replicate: number;
  /** The cell's value on each axis: times in the sweep's unit. */
  readonly axes: Readonly<Record<string, number | string>>;
  readonly reason: string;
  /** Whether it is a bug of ours rather than a limit that the scenario reached. */
  readonly bug: boolean;
  /** The scenario in normal form, to be given to `replenish simulate`. */
  readonly replay: unknown;
}

/** Writes cells.arrow, servers.arrow, tasks.arrow and failures.jsonl. */
export class RunTables {
  private readonly writers: TableWriter[] = [];
  private failures: FileHandle | undefined;

  private constructor(private readonly directory: string) {}

  /**
   * Starts the files of a run.
   * @param metadata of every table, in the order in which it is written
   * @throws StorageError, DictionaryFull
   */
  static async create(
    directory: string,
    layouts: readonly TableLayout[],
    metadata: ReadonlyMap<string, string>,
  ): Promise<RunTables> {
    const tables = new RunTables(directory);
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

  /**
   * Appends the next chunk in canonical order.
   * @throws StorageError
   */
  async append(tables: readonly ChunkTable[], failures: readonly Failure[]): Promise<void> {
    for (let index = 0; index < tables.length; index++) await this.writers[index].append(tables[index]);
    if (failures.length > 0) await this.appendFailures(failures);
  }

  private async appendFailures(failures: readonly Failure[]): Promise<void> {
    const path = join(this.directory, FAILURES_FILE);
    this.failures ??= await createPart(path);
    const lines = failures.map((failure) => `${stringify(failure)}\n`).join("");
    await storing(path, () => this.failures!.appendFile(lines));
  }

  /**
   * Completes every file, then names them all; cells.arrow last.
   * @throws StorageError
   */
  async finish(): Promise<void> {
    for (const writer of this.writers) await writer.finish();
    const names = this.writers.map((writer) => writer.path).reverse();
    if (this.failures === undefined) return await publish(names);
    const failures = join(this.directory, FAILURES_FILE);
    await closePart(failures, this.failures);
    await publish([failures, ...names]);
  }

  /** Gives up: closes and removes what was written, the list of failures excepted if `keepFailures`. */
  async discard(keepFailures = false): Promise<void> {
    for (const writer of this.writers) await writer.close();
    await removeAll(TABLE_NAMES.map((table) => tablePath(this.directory, table) + PART));
    const path = join(this.directory, FAILURES_FILE);
    if (keepFailures && this.failures !== undefined) {
      await closePart(path, this.failures);
      return await publish([path]);
    }
    await this.failures?.close();
    await removeAll([path + PART]);
  }
}
