// The first reading of a table: which axes vary, and over what.

import type { Column } from "../tables/columns.js";
import { columnNumber, FigureError, isText, type Rows, type Value, valueIn } from "./rows.js";
import type { Filter } from "./where.js";

/** Values of an axis that are told apart. */
const VALUES_MAX = 65_536;

/** What of a table varies, of the rows that the figure is made of. */
export class Survey {
  private readonly values: readonly Set<Value>[];
  rows = 0;
  /** Whether some of them differ in the replicate. */
  hasReplicates = false;
  private readonly replicate: number;
  private firstReplicate: Value | undefined;

  constructor(
    readonly columns: readonly Column[],
    private readonly filter: Filter,
  ) {
    this.values = columns.map(() => new Set<Value>());
    this.replicate = columns.findIndex(({ name, role }) => name === "replicate" && role === "id");
  }

  add(rows: Rows): void {
    const grouping = this.columns.flatMap((column, index) => (isGrouping(column) ? [index] : []));
    for (let row = 0; row < rows.rows; row++) {
      if (!this.filter(rows, row)) continue;
      this.rows++;
      if (this.replicate >= 0) {
        const replicate = valueIn(rows, this.replicate, row);
        this.firstReplicate ??= replicate;
        this.hasReplicates ||= replicate !== this.firstReplicate;
      }
      for (const column of grouping) {
        const seen = this.values[column];
        if (seen.size < VALUES_MAX) seen.add(valueIn(rows, column, row));
      }
    }
  }

  /** The values of a column, in the order in which they came. */
  valuesOf(column: number): Iterable<Value> {
    return this.values[column];
  }

  /** How many values a column has. */
  count(column: number): number {
    return this.values[column].size;
  }

  /** Columns that have more than one value, in the order of the table. */
  get varying(): number[] {
    return this.columns.flatMap((column, index) => (isGrouping(column) && this.count(index) > 1 ? [index] : []));
  }

  /** Axes with numbers that vary. */
  get numeric(): number[] {
    return this.varying.filter((column) => !isText(this.columns[column]) && this.columns[column].role === "axis");
  }

  /** The same in the order in which a map takes them: first what servers are set by. @param conditions names of the others */
  ofMap(conditions: readonly string[]): number[] {
    const isCondition = (column: number) => conditions.includes(this.columns[column].name);
    return [...this.numeric.filter((column) => !isCondition(column)), ...this.numeric.filter(isCondition)];
  }

  /** Columns with texts that vary. */
  get texts(): number[] {
    return this.varying.filter((column) => isText(this.columns[column]));
  }

  /**
   * The column that is asked for, or the one that is taken otherwise.
   * @throws FigureError when there is neither
   */
  chosen(option: string, name: string | undefined, otherwise: number | undefined): number {
    if (name !== undefined) return columnNumber(this.columns, name, option);
    if (otherwise !== undefined) return otherwise;
    const names = this.varying.map((column) => this.columns[column].name);
    const varying = names.length === 0 ? "no axis varies in these rows" : `what varies is ${names.join(", ")}`;
    throw new FigureError(`${option} has to name a column: ${varying}`);
  }

  /** The same where nothing may be taken as well. */
  optional(option: string, name: string | undefined, otherwise: number | undefined): number | undefined {
    return name === undefined && otherwise === undefined ? undefined : this.chosen(option, name, otherwise);
  }
}

/** Whether rows can be told apart by a column: axes, servers, tasks and CPUs. */
function isGrouping({ name, role, type }: Column): boolean {
  return role === "axis" || (role === "id" && (type === "dictionary" || name === "cpu"));
}
