// The rows of cells.arrow as the report reads them: plain typed arrays, one record batch at a time.

import type { Data, RecordBatch } from "apache-arrow";
import { readBatches } from "../arrow/file-reader.js";

/** An axis column. */
export interface ReportAxis {
  readonly name: string;
  /** Unit of a time; undefined for plain numbers and texts. */
  readonly unit: string | undefined;
  /** Values of a text axis, in plan order; its column holds indices of them. */
  readonly texts: readonly string[] | undefined;
}

/** Some rows. NaN stands for null. */
export interface CellRows {
  readonly count: number;
  readonly axes: readonly ReportAxis[];
  readonly cell: Float64Array;
  readonly values: readonly ArrayLike<number>[];
  readonly missRatio: Float64Array;
  readonly bandwidth: Float64Array;
}

/** Reads a cells table, batch by batch. */
export async function* readCells(path: string): AsyncGenerator<CellRows> {
  for await (const batch of readBatches(path)) yield cellRows(batch);
}

function cellRows(batch: RecordBatch): CellRows {
  const data = (name: string): Data => batch.getChild(name)!.data[0];
  const axisFields = batch.schema.fields.filter((field) => field.metadata.get("role") === "axis");
  const axes = axisFields.map((field): ReportAxis => {
    const unit = field.metadata.get("unit");
    const { dictionary } = data(field.name);
    const texts = dictionary === undefined ? undefined : [...dictionary].map(String);
    return { name: field.name, unit: unit === "1" ? undefined : unit, texts };
  });
  return {
    count: batch.numRows,
    axes,
    cell: wholeNumbers(data("cell").values as BigInt64Array),
    values: axes.map((axis) => data(axis.name).values as ArrayLike<number>),
    missRatio: withNulls(data("miss_ratio")),
    bandwidth: withNulls(data("bandwidth")),
  };
}

function wholeNumbers(values: BigInt64Array): Float64Array {
  const halves = new Uint32Array(values.buffer, values.byteOffset, values.length * 2);
  return Float64Array.from({ length: values.length }, (_, row) => halves[2 * row] + halves[2 * row + 1] * 2 ** 32);
}

function withNulls(data: Data): Float64Array {
  const values = (data.values as Float64Array).slice(0, data.length);
  if (data.nullCount > 0) for (let row = 0; row < data.length; row++) if (!data.getValid(row)) values[row] = Number.NaN;
  return values;
}
