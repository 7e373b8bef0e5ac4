// Compares rows of a table with rows that were computed again, byte by byte.

import type { Column } from "./columns.js";
import { type ChunkColumn, type ChunkTable, isNull, VALUE_BYTES } from "./memory.js";

/** A value that is not what it was. */
export interface Difference {
  /** Row within the second piece. */
  readonly row: number;
  readonly column: string;
  readonly stored: number | string | boolean | null;
  readonly computed: number | string | boolean | null;
}

/** First rows in the stored piece and in the computed one. */
interface From {
  readonly stored: number;
  readonly computed: number;
}

/** The differences between `count` rows of two pieces of the same table. */
export function* differences(
  columns: readonly Column[],
  stored: ChunkTable,
  computed: ChunkTable,
  from: From,
  count: number,
): Generator<Difference> {
  for (const [index, column] of columns.entries()) {
    const [before, now] = [stored.columns[index], computed.columns[index]];
    if (sameBytes(before, now, from, count, VALUE_BYTES[column.type]) && sameNulls(before, now, from, count)) continue;
    for (let row = 0; row < count; row++) {
      const old = valueAt(column, stored, index, from.stored + row);
      const recent = valueAt(column, computed, index, from.computed + row);
      if (Object.is(old, recent)) continue;
      yield { row: from.computed + row, column: column.name, stored: shown(old), computed: shown(recent) };
    }
  }
}

/** @param width bytes of a value */
function sameBytes(stored: ChunkColumn, computed: ChunkColumn, from: From, count: number, width: number): boolean {
  const [before, now] = [stored.values, computed.values];
  const [first, second] = [from.stored * width, from.computed * width];
  for (let byte = 0; byte < count * width; byte++) if (before[first + byte] !== now[second + byte]) return false;
  return true;
}

function sameNulls(stored: ChunkColumn, computed: ChunkColumn, from: From, count: number): boolean {
  if (stored.validity === undefined) return true;
  for (let row = 0; row < count; row++)
    if (isNull(stored, from.stored + row) !== isNull(computed, from.computed + row)) return false;
  return true;
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
