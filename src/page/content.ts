// What a page holds besides its tables: what was run, by what, and how to repeat it.

import type { Plan } from "../grid/plan.js";
import { shellWords } from "../input/shell.js";
import type { Findings } from "../report/find-lines.js";
import type { AnyTable, Column } from "../tables/columns.js";
import type { Answer } from "./answer.js";
import type { Curves } from "./curves.js";
import type { Value } from "./table.js";

/** How a page comes by the rows of a run: all of them are inside; groups of them; or a server is asked. */
export type Storage = "whole" | "aggregated" | "served";

export interface PageTableInfo {
  readonly name: AnyTable;
  readonly columns: readonly Column[];
  /** Rows in the run's directory. */
  readonly rows: number;
  /** Bytes of the file in the run's directory. */
  readonly bytes: number;
}

/** The rows that a run has in the tables whose rows are of runs. */
export interface KeptRun {
  readonly cell: number;
  readonly replicate: number;
  readonly rows: readonly (readonly (readonly Value[])[])[];
}

export interface PageContent {
  /** Of replenish. */
  readonly version: string;
  readonly name: string;
  readonly planHash: string;
  /** SHA-256 of the kernel that made the tables, and of the one in the page. */
  readonly kernelHash: string;
  readonly pageKernelHash: string;
  /** The sweep as it was written, and in its one spelling, with every override. */
  readonly text: string;
  readonly canonical: string;
  /** The settings `NAME=VALUES` that the one is run with to be the other; undefined where they are not known. */
  readonly overrides: readonly string[] | undefined;
  /** Left out where it would take long to make: the page then makes it itself, beside what it shows. */
  readonly plan: Plan | undefined;
  readonly replicates: number;
  /** Names of the axes that no server is set by. */
  readonly conditions: readonly string[];
  /** Servers and tasks that any cell has. */
  readonly names: Plan["names"];
  /** Cells of the whole sweep. */
  readonly cellCount: number;
  /** The cells that the directory has, of those of the plan. */
  readonly firstCell: number;
  readonly cells: number;
  /** Where the directory holds one shard: which of how many, counted from 1. */
  readonly shard: { readonly index: number; readonly count: number } | undefined;
  /** Runs that there are: of a search, and where results choose how many a cell has, fewer than those of all replicates. */
  readonly runs: number;
  /** Runs without a result. */
  readonly failures: number;
  /** Left out where a server is asked for it. */
  readonly answer: Answer | undefined;
  /** Curves over each axis, made of all runs; left out where a server is asked for them, none of a search. */
  readonly curves: Readonly<Record<string, Curves>> | undefined;
  /** What was found, where not all cells are run: the rows are then those of the cells that searches looked at. */
  readonly search: Findings | undefined;
  readonly storage: Storage;
  /** Columns of the cells that are inside. */
  readonly inside: readonly Column[];
  /** Runs that a row of them stands for, at most. */
  readonly group: number;
  readonly tables: readonly PageTableInfo[];
  /** Names of further tables of the run that are inside, to be handed out. */
  readonly further: readonly string[];
  /** Further texts of the run, to be handed out: plan.json, failures.jsonl. */
  readonly texts: Readonly<Record<string, string>>;
  /** The runs whose rows are inside though the others are in groups, as a list of `KeptRun` in the JSON of rows. */
  readonly kept: string;
  /** The text of SHA256SUMS. */
  readonly sums: string;
}

/** The file name under which the page hands out its sweep, and that its commands name. */
export function sweepFileName(name: string): string {
  const plain = name.replace(/[^\p{L}\p{N}._-]+/gu, "-").replace(/^[-.]+|-+$/g, "");
  return `${plain === "" ? "sweep" : plain}.yaml`;
}

/** The sweep that the page hands out, and that its commands are for. */
export function sweepFile({ text, canonical, overrides }: PageContent): string {
  return overrides === undefined ? `${canonical}\n` : text;
}

/** A command on that file, which has the cells of the run. @param words that follow */
export function commandOnSweep({ name, overrides = [] }: PageContent, command: string, ...words: string[]): string {
  const set = overrides.flatMap((override) => ["--set", override]);
  return shellWords(["replenish", command, sweepFileName(name), ...set, ...words]);
}
