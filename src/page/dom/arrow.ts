// The bytes of an Arrow file as a table.

import { tableFromIPC } from "@uwdata/flechette";
import type { Column } from "../../tables/columns.js";
import { type ColumnValues, PageTable } from "../table.js";

/** What a batch of a column has, of all the types that our tables have. */
interface Batch {
  readonly length: number;
  readonly nullCount: number;
  readonly values: ColumnValues["values"];
  readonly validity: Uint8Array;
}

/** @param columns of the table, as its file says */
export function readArrow(bytes: Uint8Array<ArrayBuffer>, columns: readonly Column[]): PageTable {
  const table = tableFromIPC(bytes);
  const data = columns.map(({ type }, index) => {
    const found = (table.getChildAt(index) as unknown as { readonly data: readonly Batch[] }).data;
    const batches = type === "boolean" ? found.map(unpacked) : found;
    return batches.length === 1 ? { values: batches[0].values, validity: validityOf(batches) } : joined(batches);
  });
  return new PageTable(table.numRows, columns, data);
}

/** The bits of true and false as a byte each. */
function unpacked({ values, ...batch }: Batch): Batch {
  const bits = values as Uint8Array;
  const { length } = batch;
  return { ...batch, values: Uint8Array.from({ length }, (_, row) => (bits[row >> 3] >> (row & 7)) & 1) };
}

function joined(batches: readonly Batch[]): ColumnValues {
  const rows = batches.reduce((sum, { length }) => sum + length, 0);
  const Values = (batches[0]?.values.constructor ?? Float64Array) as { new (length: number): ColumnValues["values"] };
  const values = new Values(rows);
  let at = 0;
  for (const batch of batches) {
    values.set(batch.values.subarray(0, batch.length) as never, at);
    at += batch.length;
  }
  return { values, validity: validityOf(batches) };
}

/** The bitmap of all batches; undefined where nothing is null. */
function validityOf(batches: readonly Batch[]): Uint8Array | undefined {
  if (batches.every(({ nullCount }) => nullCount === 0)) return undefined;
  const rows = batches.reduce((sum, { length }) => sum + length, 0);
  const bits = new Uint8Array(Math.ceil(rows / 8));
  let at = 0;
  for (const { length, nullCount, validity } of batches) {
    for (let row = 0; row < length; row++, at++)
      if (nullCount === 0 || (validity[row >> 3] >> (row & 7)) & 1) bits[at >> 3] |= 1 << (at & 7);
  }
  return bits;
}

/** The bytes of a text in base64. */
export function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  const binary = atob(base64);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < bytes.length; at++) bytes[at] = binary.charCodeAt(at);
  return bytes;
}
