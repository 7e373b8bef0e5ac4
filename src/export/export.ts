// The tables of a run in other formats.

import { join } from "node:path";
import { readTable } from "../arrow/file-reader.js";
import { makeDirectory, writeWhole } from "../files/storage.js";
import { readSums } from "../files/sums.js";
import { EXIT, ExitError } from "../input/exit.js";
import { didYouMean, printableName } from "../input/problem.js";
import { readPlanFile, tableMetadata } from "../results/plan-file.js";
import type { Column } from "../tables/columns.js";
import { csv, describedColumns, jsonl } from "./lines.js";
import { parquet } from "./parquet.js";
import { Partitioned, TooManyPartitions } from "./partition.js";
import type { Format } from "./sink.js";

export const FORMATS = { parquet, csv, jsonl } as const satisfies Record<string, Format>;
export type ExportFormat = keyof typeof FORMATS;
/** What says what the columns of a text format are. */
const COLUMNS_FILE = "columns.json";

/** A run cannot be exported so. */
export class ExportError extends ExitError {
  readonly exitCode = EXIT.usage;
}

export interface ExportOptions {
  /** A finished run. */
  readonly directory: string;
  readonly output: string;
  readonly format: ExportFormat;
  /** The axis with a directory for each of its values. */
  readonly partitionBy?: string | undefined;
}

/**
 * Writes every table of a run.
 * @returns the names of what was written, in the output directory
 * @throws DirectoryError, StorageError, ExportError
 */
export async function exportRun(options: ExportOptions): Promise<string[]> {
  const { directory, output, format } = options;
  const plan = await readPlanFile(directory);
  const identity = { planHash: plan.planHash, kernelHash: plan.kernelHash, shard: plan.shard?.text };
  const metadata = tableMetadata({ ...plan, names: plan.servers }, plan.sweep, identity);
  await makeDirectory(output);
  const described = new Map<string, readonly Column[]>();
  const written: string[] = [];
  for (const table of await tablesOf(directory)) {
    const { columns, name } = await exportTable(table, options, metadata);
    described.set(table, columns);
    written.push(name);
  }
  if (format !== "parquet") {
    await writeWhole(join(output, COLUMNS_FILE), describedColumns(described));
    written.push(COLUMNS_FILE);
  }
  return written;
}

/** The tables that a finished run lists. */
export async function tablesOf(directory: string): Promise<string[]> {
  const sums = await readSums(directory);
  return [...(sums?.keys() ?? [])].flatMap((name) =>
    name.endsWith(".arrow") ? [name.slice(0, -".arrow".length)] : [],
  );
}

/** Where the rows of one table go. */
type Target = Pick<Partitioned, "append" | "finish" | "discard">;

async function exportTable(table: string, options: ExportOptions, metadata: ReadonlyMap<string, string>) {
  const { directory, output, format, partitionBy } = options;
  let target: Target | undefined;
  let columns: readonly Column[] = [];
  try {
    for await (const piece of readTable(join(directory, `${table}.arrow`))) {
      columns = piece.described;
      target ??= await open(join(output, table), FORMATS[format], columns, partitionBy, metadata);
      await target.append(piece);
    }
    await target?.finish();
  } catch (error) {
    await target?.discard();
    if (!(error instanceof TooManyPartitions)) throw error;
    throw new ExportError(`--partition-by ${printableName(partitionBy!)}: it has ${error.message}`);
  }
  return { columns, name: partitionBy === undefined ? `${table}.${FORMATS[format].end}` : `${table}/` };
}

/** @param path without its end */
async function open(
  path: string,
  format: Format,
  columns: readonly Column[],
  partitionBy: string | undefined,
  metadata: ReadonlyMap<string, string>,
): Promise<Target> {
  if (partitionBy !== undefined) {
    const axes = columns.flatMap(({ name, role }) => (role === "axis" ? [name] : []));
    if (!axes.includes(partitionBy)) {
      const there = axes.length === 0 ? "the run has none" : `the axes are ${axes.map(printableName).join(", ")}`;
      const name = printableName(partitionBy);
      throw new ExportError(`--partition-by ${name}: no axis of that name; ${there}${didYouMean(name, axes)}`);
    }
    const axis = columns.findIndex(({ name }) => name === partitionBy);
    return new Partitioned(path, format, columns, axis, metadata);
  }
  const sink = await format.create(`${path}.${format.end}`, columns, metadata);
  return {
    append: async (piece) => await sink.write(piece),
    finish: async () => await sink.finish(),
    discard: async () => await sink.discard(),
  };
}
