// Compares rows of a table with rows that were computed again, byte by byte.

import type { Column } from "./columns.js";
import { type ChunkTable, isNull, VALUE_BYTES } from "./memory.js";

/** A value that is not what it was. */
export interface Difference {
  /** Row within the second piece. */
  readonly row: number;
  readonly column: string;
  readonly stored: number | string | boolean | null;
  readonly computed: number | string | boolean | null;
}

/**
 * The differences between `count` rows of two pieces of the same table.
 * @param from first row in the stored piece, and in the computed one
 */
export function* differences(
  columns: readonly Column[],
  stored: ChunkTable,
  computed: ChunkTable,
  from: { readonly stored: number; readonly computed: number },
  count: number,
): Generator<Difference> {
  for (const [index, column] of columns.entries()) {
    const width = VALUE_BYTES[column.type];
    const bytes = (table: ChunkTable, first: number) =>
      table.columns[index].values.subarray(first * width, (first + count) * width);
    const after = bytes(computed, from.computed);
    const equal = bytes(stored, from.stored).every((byte, index) => byte === after[index]);
    if (equal && !column.nullable) continue;
    for (let row = 0; row < count; row++) {
      const before = valueAt(column, stored, index, from.stored + row);
      const now = valueAt(column, computed, index, from.computed + row);
      if (Object.is(before, now)) continue;
      yield { row: from.computed + row, column: column.name, stored: shown(before), computed: shown(now) };
    }
  }
}

/** One value of a column; null where it is null. */
export function valueAt(
  { type, texts }: Column,
  table: ChunkTable,
  index: number,
  row: number,
): number | bigint | string | boolean | null {
  if (isNull(table.columns[index], row)) return null;
  const { values } = table.columns[index];
  const view = new DataView(values.buffer, values.byteOffset + row * VALUE_BYTES[type]);
  if (type === "float64") return view.getFloat64(0, true);
  if (type === "int64") return view.getBigInt64(0, true);
  if (type === "boolean") return view.getUint8(0) === 1;
  const text = view.getInt16(0, true);
  return texts?.[text] ?? `index ${text}`;
}

function shown(value: number | bigint | string | boolean | null): number | string | boolean | null {
  return typeof value === "bigint" ? Number(value) : value;
}
