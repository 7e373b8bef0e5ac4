// What rows are written to: a file of some format.

import type { Column } from "../tables/columns.js";
import type { Page, Wholes } from "./decode.js";

/** One file while it is written. */
export interface Sink {
  /** Appends rows; they follow those before them. */
  write(page: Page): Promise<void>;
  /** Writes what is left, and gives the file its name. */
  finish(): Promise<void>;
  /** Gives up: nothing is left of the file. */
  discard(): Promise<void>;
}

/** A format. */
export interface Format {
  /** How names of its files end. */
  readonly end: string;
  /** What it takes for whole numbers. */
  readonly wholes: Wholes;
  /** @param metadata of the whole table */
  create(path: string, columns: readonly Column[], metadata: ReadonlyMap<string, string>): Promise<Sink>;
}
