// What the parts of an Arrow file say of their own lengths, looked at before they are read: the library believes them, and a
// forged one keeps it busy for hours. The parts are FlatBuffers (Footer, Schema and Message of Arrow's format): tables, whose
// fields stand where a table of offsets says, and vectors, which begin with their length.

/** A place in a file: a message of so many bytes, and its body behind it. */
export interface Block {
  readonly offset: number;
  readonly metadataBytes: number;
  readonly bodyBytes: number;
}

/** Bytes of a struct in a vector: Block, and FieldNode or Buffer. */
const BLOCK_BYTES = 24;
const NODE_BYTES = 16;
/** Before the table of a message: a marker and its length. */
const PREFIX_BYTES = 8;

/**
 * Checks the footer of a file.
 * @param fileBytes size of the whole file
 * @returns where its dictionaries and record batches are
 * @throws Error when a length or a place goes beyond what is there
 */
export function checkFooter(footer: Uint8Array, fileBytes: number): Block[] {
  const parts = new Parts(footer);
  const root = parts.root(0);
  const schema = parts.table(root, 1);
  if (schema !== undefined) checkSchema(parts, schema);
  parts.tables(root, 4); // metadata of the file
  return [2, 3].flatMap((field) =>
    parts.structs(root, field, BLOCK_BYTES).map((at) => {
      const [offset, bodyBytes] = [parts.long(at), parts.long(at + 16)];
      const metadataBytes = parts.view.getInt32(at + 8, true);
      if (offset < 0 || metadataBytes < PREFIX_BYTES || bodyBytes < 0 || offset + metadataBytes + bodyBytes > fileBytes)
        throw damaged("a part of it is beyond its end");
      return { offset, metadataBytes, bodyBytes };
    }),
  );
}

/** Checks the message of a record batch or of a dictionary, whose body is so long. @throws Error as checkFooter */
export function checkMessage(bytes: Uint8Array, bodyBytes: number): void {
  const parts = new Parts(bytes.subarray(PREFIX_BYTES));
  const message = parts.root(0);
  parts.tables(message, 4);
  const header = parts.table(message, 2);
  if (header === undefined) return;
  const dictionary = parts.view.getUint8(parts.field(message, 1) ?? 0) === DICTIONARY_BATCH;
  const batch = dictionary ? parts.table(header, 1) : header;
  if (batch === undefined) return;
  parts.structs(batch, 2, NODE_BYTES);
  const rows = parts.field(batch, 0);
  const lengths = [...(rows === undefined ? [] : [rows]), ...parts.structs(batch, 1, NODE_BYTES)];
  // A value takes a bit at least.
  if (lengths.some((at) => !(parts.long(at) >= 0 && parts.long(at) <= 8 * bodyBytes)))
    throw damaged("it has more rows than bits");
}

/** Of the union MessageHeader. */
const DICTIONARY_BATCH = 2;

function checkSchema(parts: Parts, schema: number): void {
  parts.tables(schema, 2);
  const open = parts.tables(schema, 1);
  for (let field = open.pop(); field !== undefined; field = open.pop()) {
    parts.tables(field, 6);
    open.push(...parts.tables(field, 5));
  }
}

/** The tables and vectors of one FlatBuffer. */
class Parts {
  readonly view: DataView;
  /** Tables that may still be met: more than there is room for are met in circles. */
  private left: number;

  constructor(bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.left = bytes.byteLength;
  }

  root(at: number): number {
    return this.to(at);
  }

  /** Where a field of a table stands; undefined where it was left out. */
  field(table: number, number: number): number | undefined {
    const offsets = table - this.int(table);
    const at = 4 + 2 * number;
    this.within(offsets, at + 2);
    const offset = at < this.view.getUint16(offsets, true) ? this.view.getUint16(offsets + at, true) : 0;
    return offset === 0 ? undefined : table + offset;
  }

  table(table: number, number: number): number | undefined {
    const at = this.field(table, number);
    return at === undefined ? undefined : this.to(at);
  }

  /** The tables of a vector. */
  tables(table: number, number: number): number[] {
    return this.structs(table, number, 4).map((at) => {
      if (this.left-- === 0) throw damaged("its parts refer to each other in circles");
      return this.to(at);
    });
  }

  /** Where the items of a vector stand. */
  structs(table: number, number: number, itemBytes: number): number[] {
    const at = this.table(table, number);
    if (at === undefined) return [];
    const count = this.int(at) >>> 0;
    this.within(at + 4, count * itemBytes);
    return Array.from({ length: count }, (_, i) => at + 4 + i * itemBytes);
  }

  long(at: number): number {
    this.within(at, 8);
    return Number(this.view.getBigInt64(at, true));
  }

  private int(at: number): number {
    this.within(at, 4);
    return this.view.getInt32(at, true);
  }

  private to(at: number): number {
    return at + (this.int(at) >>> 0);
  }

  private within(at: number, bytes: number): void {
    if (at < 0 || at + bytes > this.view.byteLength) throw damaged("one of its parts is longer than what holds it");
  }
}

function damaged(what: string): Error {
  return new Error(`damaged: ${what}`);
}
