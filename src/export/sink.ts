// What rows are written to: a file of some format.

import type { Column } from "../tables/columns.js";
import type { ChunkTable } from "../tables/memory.js";

/** One file while it is written. */
export interface Sink {
  /** Appends rows; they follow those before them. */
  write(piece: ChunkTable): Promise<void>;
  /** Writes what is left, and gives the file its name. */
  finish(): Promise<void>;
  /** Gives up: nothing is left of the file. */
  discard(): Promise<void>;
}

/** A format. */
export interface Format {
  /** How names of its files end. */
  readonly end: string;
  /** @param metadata of the whole table */
  create(path: string, columns: readonly Column[], metadata: ReadonlyMap<string, string>): Promise<Sink>;
}
