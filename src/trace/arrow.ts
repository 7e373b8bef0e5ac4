// Format `arrow`: the events as one Arrow table in the IPC file format, uncompressed. A value has the column of its
// meaning; where an event has no such value the column is null.

import {
  AsyncByteQueue,
  type Data,
  type DataType,
  Dictionary,
  Field,
  Float64,
  Int16,
  Int64,
  makeData,
  RecordBatch,
  RecordBatchFileWriter,
  Schema,
  Struct,
  Utf8,
  vectorFromArray,
} from "apache-arrow";
import { unitsOf } from "../numbers/clock.js";
import { setBits } from "../tables/chunk.js";
import { EVENT_KINDS, type TraceEvent, VALUE_NAMES } from "./events.js";
import type { Exporter, Write } from "./exporter.js";
import type { Traced } from "./traced.js";

const BATCH_ROWS = 65_536;
const NONE = -1;

/** One column: its type, its meaning, and its number for an event: a time, a count, or an index into `texts`. */
interface Column {
  readonly name: string;
  readonly type: "float64" | "int64" | "dictionary";
  readonly description: string;
  readonly nullable: boolean;
  readonly texts?: readonly string[];
  /** The number, or NONE for null. */
  readonly read: (event: TraceEvent) => number;
}

const VALUES = {
  deadline: "absolute deadline of the job (release, skip, miss)",
  response: "response time of the job (complete)",
  left: "work that the job had left (abort)",
  budget: "budget left of the server from then on (dispatch, stop, replenish, deplete, discard); null without a budget",
} as const;

function columnsOf(traced: Traced): Column[] {
  const servers = traced.servers.map(({ name }) => name);
  const tasks = [...new Set(traced.tasks.map(({ name }) => name))];
  const taskTexts = traced.tasks.map(({ name }) => tasks.indexOf(name));
  const time = { type: "float64", nullable: true } as const;
  return [
    { ...time, name: "time", nullable: false, description: "when it happened", read: ({ time }) => time },
    dictionary("kind", "what happened", EVENT_KINDS, ({ kind }) => EVENT_KINDS.indexOf(kind)),
    dictionary("server", "server; null for nobody", servers, ({ server }) => server),
    dictionary("task", "task, named within its server; null where no job is concerned", tasks, ({ task }) =>
      task < 0 ? NONE : taskTexts[task],
    ),
    {
      name: "job",
      type: "int64",
      description: "number of the job in its task",
      nullable: true,
      read: ({ job }) => job,
    },
    ...Object.entries(VALUES).map(([name, description]) => ({
      ...time,
      name,
      description,
      read: ({ kind, value }: TraceEvent) => (value === null || VALUE_NAMES[kind] !== name ? NONE : value),
    })),
  ];
}

function dictionary(
  name: string,
  description: string,
  texts: readonly string[],
  read: (event: TraceEvent) => number,
): Column {
  return { name, type: "dictionary", description, nullable: name !== "kind", texts, read };
}

/** Writes record batches of BATCH_ROWS events as they come. */
export class ArrowExporter implements Exporter {
  private readonly columns: readonly Column[];
  private readonly batch: BatchMemory[];
  private readonly schema: Schema;
  private readonly writer = new RecordBatchFileWriter();
  private rows = 0;

  /** @param metadata of the schema, in the order in which it is written, besides what the trace itself says */
  constructor(traced: Traced, write: Write, metadata: ReadonlyMap<string, string>) {
    this.columns = columnsOf(traced);
    const toUnits = unitsOf(traced.clock);
    this.batch = this.columns.map((column) => new BatchMemory(column, toUnits));
    const fields = this.columns.map((column, index) => fieldOf(column, index, traced.clock.unit));
    const own: [string, string][] = [
      ["title", traced.title],
      ["unit", traced.clock.unit],
    ];
    this.schema = new Schema(fields, new Map([...own, ...metadata]));
    this.writer.reset(new WriteQueue(write), this.schema);
  }

  begin(): void {}

  event(event: TraceEvent): void {
    for (let index = 0; index < this.columns.length; index++) {
      this.batch[index].set(this.rows, this.columns[index].read(event));
    }
    if (++this.rows === BATCH_ROWS) this.flush();
  }

  end(): void {
    if (this.rows > 0) this.flush();
    this.writer.close();
  }

  private flush(): void {
    const { schema, rows: length } = this;
    const children = this.batch.map((memory, index) => memory.data(schema.fields[index].type, length));
    const type = new Struct(schema.fields);
    this.writer.write(new RecordBatch(schema, makeData({ type, length, nullCount: 0, children })));
    this.rows = 0;
  }
}

/** The library's queue of bytes, handing each piece over at once: a trace is written while the kernel runs. */
class WriteQueue extends AsyncByteQueue {
  constructor(private readonly hand: Write) {
    super();
  }

  override write(piece: Uint8Array | ArrayBufferLike): void {
    this.hand(piece instanceof Uint8Array ? piece : new Uint8Array(piece));
  }
}

/** One column of the batch that is being filled. */
class BatchMemory {
  private values: Float64Array | BigInt64Array | Int16Array;
  private validity: Uint8Array;
  private nulls = 0;
  private readonly dictionary;

  constructor(
    private readonly column: Column,
    private readonly toUnits: (steps: number) => number,
  ) {
    this.dictionary = column.texts === undefined ? undefined : vectorFromArray([...column.texts], new Utf8());
    this.values = this.newValues();
    this.validity = allValid();
  }

  set(row: number, value: number): void {
    const { values } = this;
    if (value === NONE) {
      this.validity[row >> 3] &= ~(1 << (row & 7));
      this.nulls++;
    } else if (values instanceof BigInt64Array) values[row] = BigInt(value);
    else values[row] = values instanceof Float64Array ? this.toUnits(value) : value;
  }

  /** The column as Arrow data, which keeps this memory; the next batch gets its own. */
  data(type: DataType, length: number): Data {
    const bitmap = this.validity.slice(0, Math.ceil(length / 8));
    if ((length & 7) !== 0) bitmap[length >> 3] &= (1 << (length & 7)) - 1;
    const { values, nulls: nullCount, dictionary } = this;
    const nullBitmap = nullCount === 0 ? undefined : bitmap;
    this.values = this.newValues();
    this.validity = allValid();
    this.nulls = 0;
    const content = { length, nullCount, nullBitmap, data: values.subarray(0, length) };
    return dictionary === undefined
      ? (makeData({ ...content, type } as never) as Data)
      : (makeData({ ...content, type, dictionary } as never) as Data);
  }

  private newValues(): Float64Array | BigInt64Array | Int16Array {
    if (this.column.type === "float64") return new Float64Array(BATCH_ROWS);
    return this.column.type === "int64" ? new BigInt64Array(BATCH_ROWS) : new Int16Array(BATCH_ROWS);
  }
}

function allValid(): Uint8Array {
  const bitmap = new Uint8Array(BATCH_ROWS / 8);
  setBits(bitmap, BATCH_ROWS);
  return bitmap;
}

function fieldOf({ name, type, description, nullable }: Column, index: number, unit: string): Field {
  const metadata = new Map([["description", description]]);
  if (type === "float64") metadata.set("unit", unit);
  metadata.set("role", type === "float64" ? "metric" : "id");
  return new Field(name, arrowType(type, index), nullable, metadata);
}

function arrowType(type: Column["type"], index: number): DataType {
  if (type === "float64") return new Float64();
  // An explicit id: the library's own ids count up over the life of the process, and would reach the bytes.
  return type === "int64" ? new Int64() : new Dictionary(new Utf8(), new Int16(), index);
}
