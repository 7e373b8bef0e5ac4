// CSV as RFC 4180 has it, and JSON lines: texts, a line a row. What stands between two values that vary is one text, made once
// for some rows: separators, names, and the columns that say the same in all of these rows.

import { NUMBER_BYTES, putNumber, putText, putWhole, Snippet, type Target, targetOf } from "../numbers/ascii.js";
import type { Column } from "../tables/columns.js";
import {
  type ChunkColumn,
  type ChunkTable,
  flags,
  floats,
  halves,
  indices,
  isNull,
  wholeAt,
} from "../tables/memory.js";
import { valueAt } from "../tables/values.js";
import { PartFile } from "./part-file.js";
import { isConstant } from "./pieces.js";
import type { Format, Sink } from "./sink.js";

/** Bytes that are collected before they are written. */
const BUFFER_BYTES = 1 << 20;

/** How a format writes a line. */
interface LineForm {
  /** Before the first line. */
  readonly head: string;
  /** Before the value of each column. */
  readonly before: readonly string[];
  readonly end: string;
  readonly null: string;
  text(text: string): string;
}

/** Null is an empty field, which no text of ours is but in quotes. */
export const csv: Format = {
  end: "csv",
  async create(path, columns) {
    return new LineSink(await PartFile.create(path), columns, {
      head: `${columns.map(({ name }) => field(name)).join(",")}\r\n`,
      before: columns.map((_, index) => (index === 0 ? "" : ",")),
      end: "\r\n",
      null: "",
      text: field,
    });
  },
};

/** Whole numbers beyond 2^53 are written with all their digits. */
export const jsonl: Format = {
  end: "jsonl",
  async create(path, columns) {
    return new LineSink(await PartFile.create(path), columns, {
      head: "",
      before: columns.map(({ name }, index) => `${index === 0 ? "{" : ","}${JSON.stringify(name)}:`),
      end: "}\n",
      null: "null",
      text: JSON.stringify,
    });
  },
};

function field(text: string): string {
  return text === "" || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

class LineSink implements Sink {
  private to = targetOf(2 * BUFFER_BYTES);
  private at: number;

  constructor(
    private readonly file: PartFile,
    private readonly columns: readonly Column[],
    private readonly form: LineForm,
  ) {
    const head = new Snippet(form.head);
    this.at = head.put(this.reserve(head.room, 0), 0);
  }

  async write(piece: ChunkTable): Promise<void> {
    if (piece.rows === 0) return;
    const { fields, end } = fieldsOf(this.columns, piece, this.form);
    const room = fields.reduce((sum, { room }) => sum + room, end.room);
    for (let row = 0; row < piece.rows; ) {
      const to = this.reserve(BUFFER_BYTES + room, this.at);
      let { at } = this;
      for (; row < piece.rows && at < BUFFER_BYTES; row++) {
        for (let index = 0; index < fields.length; index++) at = fields[index].put(to, at, row);
        at = end.put(to, at);
      }
      this.at = at;
      if (at >= BUFFER_BYTES) await this.flush();
    }
  }

  /** Room for so many bytes; those that are there stay. */
  private reserve(bytes: number, used: number): Target {
    if (this.to.bytes.length < bytes) {
      const { bytes: before } = this.to;
      this.to = targetOf(2 * bytes);
      this.to.bytes.set(before.subarray(0, used));
    }
    return this.to;
  }

  private async flush(): Promise<void> {
    await this.file.write(this.to.bytes.subarray(0, this.at));
    this.at = 0;
  }

  async finish(): Promise<void> {
    await this.flush();
    await this.file.finish();
  }

  async discard(): Promise<void> {
    await this.file.discard();
  }
}

/** The values of a column that varies, each with what stands before it. */
interface Field {
  readonly room: number;
  put(to: Target, at: number, row: number): number;
}

/** The fields of the lines of a piece, and what stands behind the last of them. */
function fieldsOf(columns: readonly Column[], piece: ChunkTable, form: LineForm) {
  const fields: Field[] = [];
  let before = "";
  for (const [index, column] of columns.entries()) {
    const memory = piece.columns[index];
    before += form.before[index];
    if (isConstant(column, memory, piece.rows)) before += shown(valueAt(column, piece, index, 0), form);
    else {
      fields.push(fieldOf(column, memory, before, form));
      before = "";
    }
  }
  return { fields, end: new Snippet(before + form.end) };
}

function shown(value: ReturnType<typeof valueAt>, form: LineForm): string {
  return value === null ? form.null : typeof value === "string" ? form.text(value) : String(value);
}

function fieldOf({ type, texts = [] }: Column, memory: ChunkColumn, before: string, form: LineForm): Field {
  const none = new Snippet(before + form.null);
  if (type === "int64") return new Wholes(memory, new Snippet(before), none);
  if (type === "float64") return new Floats(memory, new Snippet(before), none);
  const [choices, values] =
    type === "boolean" ? [["false", "true"], flags(memory)] : [texts.map((text) => form.text(text)), indices(memory)];
  return new Choices(
    memory,
    values,
    choices.map((choice) => new Snippet(before + choice)),
    none,
  );
}

class Wholes implements Field {
  readonly room: number;
  private readonly pairs: Uint32Array;

  constructor(
    private readonly column: ChunkColumn,
    private readonly before: Snippet,
    private readonly none: Snippet,
  ) {
    this.room = none.room + before.room + NUMBER_BYTES;
    this.pairs = halves(column);
  }

  put(to: Target, at: number, row: number): number {
    if (isNull(this.column, row)) return this.none.put(to, at);
    const { pairs } = this;
    const next = this.before.put(to, at);
    if (pairs[2 * row + 1] < HIGH_EXACT) return putWhole(to, next, wholeAt(pairs, row));
    const { buffer, byteOffset } = pairs;
    return putText(to, next, String(new DataView(buffer, byteOffset).getBigInt64(8 * row, true)));
  }
}

/** Below this the upper half of a number is one of less than 2^53; that of a negative one is above. */
const HIGH_EXACT = 2 ** 21;

class Floats implements Field {
  readonly room: number;
  private readonly values: Float64Array;
  private readonly pairs: Uint32Array;

  constructor(
    private readonly column: ChunkColumn,
    private readonly before: Snippet,
    private readonly none: Snippet,
  ) {
    this.room = none.room + before.room + NUMBER_BYTES;
    this.values = floats(column);
    this.pairs = halves(column);
  }

  put(to: Target, at: number, row: number): number {
    if (isNull(this.column, row)) return this.none.put(to, at);
    return putNumber(to, this.before.put(to, at), this.values[row], this.pairs, row);
  }
}

class Choices implements Field {
  readonly room: number;

  constructor(
    private readonly column: ChunkColumn,
    private readonly values: Int16Array | Uint8Array,
    private readonly choices: readonly Snippet[],
    private readonly none: Snippet,
  ) {
    this.room = Math.max(none.room, ...choices.map(({ room }) => room));
  }

  put(to: Target, at: number, row: number): number {
    return isNull(this.column, row) ? this.none.put(to, at) : this.choices[this.values[row]].put(to, at);
  }
}

/** What the columns of tables are, for formats that do not say it: one object a table. */
export function describedColumns(tables: ReadonlyMap<string, readonly Column[]>): string {
  const shown = [...tables].map(([name, columns]) => [
    name,
    columns.map(({ name: column, type, unit, description, nullable }) => ({
      name: column,
      type,
      unit,
      description,
      nullable,
    })),
  ]);
  return `${JSON.stringify(Object.fromEntries(shown), null, 2)}\n`;
}
