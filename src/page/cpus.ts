// What each CPU did as columns of the cells, by which a map can be coloured: `cpu.0.utilization`. In the table of CPUs every run has
// as many rows, one after the other.

import type { Column } from "../tables/columns.js";
import type { PageTable } from "./table.js";

/** A column of one CPU. */
export interface CpuColumn {
  readonly cpu: number;
  /** As the table of CPUs has it. */
  readonly column: Column;
}

/** The columns that cells have of their CPUs. @param cpus columns of the table of CPUs @param count of CPUs, rows of each run there */
export function cpuColumns(cpus: readonly Column[], count: number): Column[] {
  const metrics = cpus.filter(({ role }) => role === "metric");
  return Array.from({ length: count }, (_, cpu) =>
    metrics.map((column): Column => ({ ...column, type: "float64", name: nameOf(cpu, column.name) })),
  ).flat();
}

/** What a name of `cpuColumns` stands for; undefined where it is none. @param cpus columns of the table of CPUs */
export function cpuColumn(name: string, cpus: readonly Column[]): CpuColumn | undefined {
  const found = /^cpu\.(\d+)\.(.*)$/s.exec(name);
  const column = found === null ? undefined : cpus.find((own) => own.name === found[2]);
  return column === undefined ? undefined : { cpu: Number(found![1]), column };
}

function nameOf(cpu: number, column: string): string {
  return `cpu.${cpu}.${column}`;
}

/** Collects a column of a CPU for some rows of cells from the rows of CPUs of the same runs, which may come in pieces. */
export class OfCpu {
  private readonly values: Float64Array;
  private row = 0;

  /** @param rows of cells @param count of CPUs */
  constructor(
    rows: number,
    private readonly count: number,
    private readonly wanted: CpuColumn,
  ) {
    this.values = new Float64Array(rows).fill(Number.NaN);
  }

  /** @returns this */
  add(cpus: PageTable): this {
    const { count, wanted, values } = this;
    const own = cpus.numbers(wanted.column.name);
    const first = (((wanted.cpu - this.row) % count) + count) % count;
    for (let at = first; at < cpus.rows; at += count) values[(this.row + at - wanted.cpu) / count] = own[at];
    this.row += cpus.rows;
    return this;
  }

  /** The cells with that column besides; null is NaN. */
  beside(cells: PageTable): PageTable {
    const { cpu, column } = this.wanted;
    const added: Column = { ...column, type: "float64", name: nameOf(cpu, column.name) };
    return cells.with(added, { values: this.values, validity: undefined });
  }
}
