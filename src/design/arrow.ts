// The curves of a design as one Arrow table: a row a server and period.

import {
  Dictionary,
  Field,
  Float64,
  Int16,
  makeData,
  RecordBatch,
  RecordBatchFileWriter,
  Schema,
  Struct,
  Utf8,
  vectorFromArray,
} from "apache-arrow";
import type { DesignPoint, DesignResult } from "./result.js";

const COLUMNS: readonly { name: keyof DesignPoint; isTime: boolean; description: string }[] = [
  { name: "period", isTime: true, description: "server period" },
  { name: "budget", isTime: true, description: "least budget with which the guest is sure to keep its deadlines" },
  { name: "bandwidth", isTime: false, description: "budget / period" },
  { name: "bandwidth_with_switch", isTime: false, description: "(budget + cost of a switch) / period" },
  { name: "blackout", isTime: true, description: "longest time that the guest may be without supply" },
];

/** The bytes of an Arrow IPC file (uncompressed): equal results give equal bytes. */
export function curveTable({ name, unit, servers, switch: switchCost }: DesignResult): Uint8Array {
  const rows = servers.flatMap(({ curve }, server) => curve.map((point) => ({ server, point })));
  // An explicit id: the library's own ids count up over the life of the process, and would reach the bytes.
  const texts = new Dictionary(new Utf8(), new Int16(), 0);
  const fields = [
    new Field("server", texts, false, metadata("server", "id")),
    ...COLUMNS.map(
      (column) =>
        new Field(column.name, new Float64(), true, metadata(column.description, "metric", column.isTime ? unit : "1")),
    ),
  ];
  const schema = new Schema(
    fields,
    new Map([
      ["design", name],
      ["unit", unit],
      ["switch", String(switchCost)],
    ]),
  );
  const dictionary = vectorFromArray(
    servers.map((server) => server.name),
    new Utf8(),
  );
  const length = rows.length;
  const indices = Int16Array.from(rows, ({ server }) => server);
  const children = [
    makeData({ type: texts, length, nullCount: 0, data: indices, dictionary }),
    ...COLUMNS.map((column) => floats(rows.map(({ point }) => point[column.name]))),
  ];
  const data = makeData({ type: new Struct(fields), length, nullCount: 0, children });
  const writer = new RecordBatchFileWriter();
  writer.reset(undefined, schema);
  writer.write(new RecordBatch(schema, data));
  return writer.finish().toUint8Array(true);
}

function metadata(description: string, role: string, unit?: string): Map<string, string> {
  const entries: [string, string][] = unit === undefined ? [] : [["unit", unit]];
  return new Map([...entries, ["description", description], ["role", role]]);
}

function floats(values: readonly (number | null)[]) {
  const data = Float64Array.from(values, (value) => value ?? 0);
  const nullBitmap = new Uint8Array(((values.length + 63) >> 6) << 3);
  for (const [row, value] of values.entries()) if (value !== null) nullBitmap[row >> 3] |= 1 << (row & 7);
  return makeData({ type: new Float64(), length: values.length, data, nullBitmap });
}
