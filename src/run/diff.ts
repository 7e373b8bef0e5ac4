// Compares two runs cell by cell. Cells are the same when their parameters are: axes, replicate, server, task; numbers of
// cells do not matter, so that two different sweeps can be compared where they meet.

import { readRows } from "../arrow/file-reader.js";
import { DirectoryError } from "../files/storage.js";
import { requireFinished, tablePath } from "../results/directory.js";
import { allLayouts, type PlanContent, readPlanFile } from "../results/plan-file.js";
import type { AnyTable, Column, TableLayout } from "../tables/columns.js";
import type { ChunkTable } from "../tables/memory.js";
import { valueAt } from "../tables/values.js";

/** A value of a table. */
export type Value = number | bigint | string | boolean | null;

/** How a column changed. */
export interface ColumnChange {
  readonly column: string;
  /** Rows in which it differs. */
  changed: number;
  /** The greatest difference between two numbers. */
  greatest: number;
  /** The first such row: its parameters, and its values in A and B. */
  readonly example: { readonly row: string; readonly a: Value; readonly b: Value };
}

export interface TableDiff {
  readonly table: AnyTable;
  /** Rows that both have, rows of these that differ somewhere, and rows that only one has. */
  readonly matched: number;
  readonly changed: number;
  readonly onlyA: number;
  readonly onlyB: number;
  readonly columns: readonly ColumnChange[];
  /** Metrics that only one has, or that have another unit there. */
  readonly columnsOnlyA: readonly string[];
  readonly columnsOnlyB: readonly string[];
  readonly otherUnit: readonly string[];
}

export interface DiffSummary {
  readonly a: string;
  readonly b: string;
  readonly equal: boolean;
  readonly tables: readonly TableDiff[];
  /** Tables that only one has. */
  readonly tablesOnlyA: readonly AnyTable[];
  readonly tablesOnlyB: readonly AnyTable[];
}

/**
 * Compares two finished runs. Rows that come in the same order in both are compared as they are read; from the first
 * that does not on, the rest of B is held in memory.
 * @throws DirectoryError when one is not finished, or rows cannot be told apart by the axes that both have
 */
export async function diffRuns(a: string, b: string): Promise<DiffSummary> {
  const [planA, planB] = [await finished(a), await finished(b)];
  const tables: TableDiff[] = [];
  const [layoutsA, layoutsB] = [allLayouts(planA), allLayouts(planB)];
  for (const layout of layoutsA) {
    const other = layoutsB.find(({ name }) => name === layout.name);
    if (other !== undefined) tables.push(await diffTables({ directory: a, layout }, { directory: b, layout: other }));
  }
  const tablesOnlyA = namesOnlyIn(layoutsA, layoutsB);
  const tablesOnlyB = namesOnlyIn(layoutsB, layoutsA);
  const equal = tables.every(isEqual) && tablesOnlyA.length + tablesOnlyB.length === 0;
  return { a, b, equal, tables, tablesOnlyA, tablesOnlyB };
}

/** The names of those that the other ones do not have. */
function namesOnlyIn<Name extends string>(mine: readonly { name: Name }[], other: readonly { name: Name }[]): Name[] {
  return mine.map(({ name }) => name).filter((name) => !other.some((one) => one.name === name));
}

function isEqual(table: TableDiff): boolean {
  const { changed, onlyA, onlyB, columnsOnlyA, columnsOnlyB, otherUnit } = table;
  return changed + onlyA + onlyB + columnsOnlyA.length + columnsOnlyB.length + otherUnit.length === 0;
}

async function finished(directory: string): Promise<PlanContent> {
  await readPlanFile(directory); // says what a directory is that holds no run
  await requireFinished(directory);
  return await readPlanFile(directory);
}

/** A table of one of the two runs. */
interface Side {
  readonly directory: string;
  readonly layout: TableLayout;
}

/** A column that both have: its place in either. */
interface Shared {
  readonly a: Column;
  readonly b: Column;
  readonly indexA: number;
  readonly indexB: number;
}

async function diffTables(a: Side, b: Side): Promise<TableDiff> {
  const shared = sharedColumns(a.layout, b.layout);
  const ids = shared.filter(({ a: column }) => column.role === "id" && column.name !== "cell");
  const keys = [...shared.filter(({ a: column }) => column.role === "axis"), ...ids];
  const metrics = shared.filter(({ a: column }) => column.role === "metric");
  const comparable = metrics.filter((column) => column.a.unit === column.b.unit);
  const matching = new Matching(a, b, keys, comparable);
  await matching.all();
  return {
    table: a.layout.name,
    ...matching.counts,
    columns: [...matching.changes.values()],
    columnsOnlyA: namesOnlyIn(a.layout.columns, b.layout.columns),
    columnsOnlyB: namesOnlyIn(b.layout.columns, a.layout.columns),
    otherUnit: metrics.filter((column) => !comparable.includes(column)).map((column) => column.a.name),
  };
}

function sharedColumns(a: TableLayout, b: TableLayout): Shared[] {
  return a.columns.flatMap((column, indexA) => {
    const indexB = b.columns.findIndex((other) => other.name === column.name && other.role === column.role);
    return indexB < 0 ? [] : [{ a: column, b: b.columns[indexB], indexA, indexB }];
  });
}

/** A row somewhere in a piece of a table. */
interface Row {
  readonly piece: ChunkTable;
  readonly row: number;
}

/** Brings the rows of A and B together. */
class Matching {
  readonly counts = { matched: 0, changed: 0, onlyA: 0, onlyB: 0 };
  readonly changes = new Map<string, ColumnChange>();

  constructor(
    private readonly a: Side,
    private readonly b: Side,
    private readonly keys: readonly Shared[],
    private readonly metrics: readonly Shared[],
  ) {}

  async all(): Promise<void> {
    const rowsA = rowsOf(this.a);
    const rowsB = rowsOf(this.b);
    try {
      let [left, right] = [await rowsA.next(), await rowsB.next()];
      while (!left.done && !right.done) {
        const key = this.key(left.value, "a");
        if (key !== this.key(right.value, "b")) break;
        this.compare(key, left.value, right.value);
        [left, right] = [await rowsA.next(), await rowsB.next()];
      }
      await this.joinRest(left, rowsA, right, rowsB);
    } finally {
      await rowsA.return(); // closes its file, where the rows were not read to their end
      await rowsB.return();
    }
  }

  /** Rows of which the order differs: those of B by their key, then each of A. */
  private async joinRest(
    left: IteratorResult<Row, void>,
    rowsA: AsyncGenerator<Row, void>,
    right: IteratorResult<Row, void>,
    rowsB: AsyncGenerator<Row, void>,
  ): Promise<void> {
    const byKey = new Map<string, Row>();
    for (let next = right; !next.done; next = await rowsB.next()) {
      const key = this.key(next.value, "b");
      if (byKey.has(key)) throw this.ambiguous(this.b, key);
      byKey.set(key, next.value);
    }
    const seen = new Set<string>();
    for (let next = left; !next.done; next = await rowsA.next()) {
      const key = this.key(next.value, "a");
      if (seen.has(key)) throw this.ambiguous(this.a, key);
      seen.add(key);
      const other = byKey.get(key);
      if (other === undefined) this.counts.onlyA++;
      else this.compare(key, next.value, other);
      byKey.delete(key);
    }
    this.counts.onlyB += byKey.size;
  }

  private ambiguous({ directory, layout }: Side, key: string): DirectoryError {
    const names = this.keys.map(({ a }) => a.name).join(", ");
    return new DirectoryError(directory, `${layout.name} has several rows with ${key}; both runs have only ${names}`);
  }

  /** `P=3 Q=1.5 replicate=0` */
  private key({ piece, row }: Row, side: "a" | "b"): string {
    return this.keys
      .map(
        (shared) =>
          `${shared.a.name}=${valueAt(shared[side], piece, side === "a" ? shared.indexA : shared.indexB, row)}`,
      )
      .join(" ");
  }

  private compare(key: string, left: Row, right: Row): void {
    this.counts.matched++;
    let changed = false;
    for (const metric of this.metrics) {
      const a = valueAt(metric.a, left.piece, metric.indexA, left.row);
      const b = valueAt(metric.b, right.piece, metric.indexB, right.row);
      if (Object.is(a, b)) continue;
      changed = true;
      this.note(metric.a.name, key, a, b);
    }
    if (changed) this.counts.changed++;
  }

  private note(column: string, row: string, a: Value, b: Value): void {
    let change = this.changes.get(column);
    if (change === undefined) {
      change = { column, changed: 0, greatest: 0, example: { row, a, b } };
      this.changes.set(column, change);
    }
    change.changed++;
    if (a === null || b === null || typeof a === "string" || typeof b === "string") return;
    if (typeof a === "boolean" || typeof b === "boolean") return;
    change.greatest = Math.max(change.greatest, Math.abs(Number(b) - Number(a)));
  }
}

async function* rowsOf({ directory, layout }: Side): AsyncGenerator<Row, void> {
  for await (const piece of readRows(tablePath(directory, layout.name), layout)) {
    for (let row = 0; row < piece.rows; row++) yield { piece, row };
  }
}
