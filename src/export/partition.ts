// The rows of a table in a directory for each value of an axis, `P=3/`, as DuckDB, pyarrow and Polars read them: the axis is
// in the names of the directories and no column any more.

import { join } from "node:path";
import { makeDirectory } from "../files/storage.js";
import type { Column } from "../tables/columns.js";
import type { ChunkTable } from "../tables/memory.js";
import { valueAt } from "../tables/values.js";
import { chosenRows, joinedRows } from "./pieces.js";
import type { Format, Sink } from "./sink.js";

/** What readers take for null. */
const NULL_NAME = "__HIVE_DEFAULT_PARTITION__";
/** Most values of the axis: a file of each is open at a time. */
const PARTITIONS_MAX = 1000;
/** Rows that are kept, of all partitions together: memory does not grow with them. */
const ROWS_KEPT = 131_072;

/** The axis has too many values. */
export class TooManyPartitions extends Error {
  constructor(readonly most: number) {
    super(`more than ${most} values`);
  }
}

interface Partition {
  readonly sink: Sink;
  pieces: ChunkTable[];
  rows: number;
}

/** A table in one file for each value of an axis. */
export class Partitioned {
  private readonly partitions = new Map<string, Partition>();
  private readonly rest: readonly Column[];

  /**
   * @param directory of the table
   * @param axis number of the column
   */
  constructor(
    private readonly directory: string,
    private readonly format: Format,
    private readonly columns: readonly Column[],
    private readonly axis: number,
    private readonly metadata: ReadonlyMap<string, string>,
    private readonly most = PARTITIONS_MAX,
  ) {
    this.rest = columns.filter((_, index) => index !== axis);
  }

  async append(piece: ChunkTable): Promise<void> {
    const rows = new Map<string, number[]>();
    for (let row = 0; row < piece.rows; row++) {
      const value = valueAt(this.columns[this.axis], piece, this.axis, row);
      const name = value === null ? NULL_NAME : encodeURIComponent(String(value));
      const found = rows.get(name);
      if (found === undefined) rows.set(name, [row]);
      else found.push(row);
    }
    const others = { rows: piece.rows, columns: piece.columns.filter((_, index) => index !== this.axis) };
    for (const [name, chosen] of rows) await this.add(name, chosenRows(this.rest, others, chosen));
  }

  private async add(name: string, piece: ChunkTable): Promise<void> {
    const partition = this.partitions.get(name) ?? (await this.open(name));
    partition.pieces.push(piece);
    partition.rows += piece.rows;
    if (partition.rows * this.partitions.size >= ROWS_KEPT) await this.flush(partition);
  }

  private async open(name: string): Promise<Partition> {
    if (this.partitions.size === this.most) throw new TooManyPartitions(this.most);
    const directory = join(this.directory, `${encodeURIComponent(this.columns[this.axis].name)}=${name}`);
    await makeDirectory(directory);
    const sink = await this.format.create(join(directory, `part-0.${this.format.end}`), this.rest, this.metadata);
    const partition = { sink, pieces: [], rows: 0 };
    this.partitions.set(name, partition);
    return partition;
  }

  private async flush(partition: Partition): Promise<void> {
    await partition.sink.write(joinedRows(this.rest, partition.pieces));
    partition.pieces = [];
    partition.rows = 0;
  }

  async finish(): Promise<void> {
    for (const partition of this.partitions.values()) {
      await this.flush(partition);
      await partition.sink.finish();
    }
  }

  async discard(): Promise<void> {
    for (const { sink } of this.partitions.values()) await sink.discard();
  }
}
