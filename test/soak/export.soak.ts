// What is exported is read back by others: DuckDB, Polars (Rust) and Flechette; the notebook runs from top to bottom.

import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { tableFromIPC } from "@uwdata/flechette";
import pl from "nodejs-polars";
import { afterAll, beforeAll, expect, test } from "vitest";
import { exportRun } from "../../src/export/export.js";
import { exportNotebook } from "../../src/export/notebook.js";
import { parquet } from "../../src/export/parquet.js";
import { runSweep } from "../../src/run/run.js";
import { COLUMNS, GREATEST, ROWS } from "../export/rows.js";
import { count, number, rowsOf as piece, textAxis } from "../figures/rows.js";

const SWEEP = `
name: exported
tick: 1ms
horizon: 400ms
analysis: true
phases: random
replicates: 3
system:
  servers:
    vm: { policy: =policy, period: =P, budget: =P * U, tasks: { a: { period: 10ms, wcet: 2ms }, b: { period: 40ms, wcet: 8ms } } }
axes: { policy: [idling, deferrable], P: [2ms, 4ms, 8ms], U: { from: 0.3, to: 0.9, step: 0.01 } }
`;

const root = mkdtempSync(join(tmpdir(), "replenish-export-"));
const run = join(root, "run");

beforeAll(async () => {
  await runSweep({ text: SWEEP, file: "s.yaml", directory: run, workers: 1 });
});
afterAll(() => rmSync(root, { recursive: true }));

const TEXTS = ["b", "a", "\u00e9t\u00e9", "", "long enough that its bounds are cut off"];
const SQL = { int64: "bigint", float64: "double", dictionary: "varchar", boolean: "boolean" };

async function rowsOf(sql: string) {
  const connection = await (await DuckDBInstance.create()).connect();
  return (await connection.runAndReadAll(sql)).getRowObjects();
}

test("types, nulls, 64-bit integers and texts come back; categories, units and meanings are there", async () => {
  const path = join(root, "t.parquet");
  const sink = await parquet.create(path, COLUMNS, new Map([["sweep", "exported"]]));
  await sink.write(ROWS);
  await sink.finish();
  const expected = [
    { cell: 0n, policy: "idling", "a, b": 0.1, P: 1 },
    { cell: GREATEST, policy: 'say "no", please', "a, b": null, P: 1 },
    { cell: null, policy: null, "a, b": 1e-7, P: 2 },
  ];
  expect(await rowsOf(`select * from '${path}'`)).toEqual(expected);
  const types = await rowsOf(`describe select * from '${path}'`);
  expect(types.map((row) => row.column_type)).toEqual(["BIGINT", "VARCHAR", "DOUBLE", "DOUBLE"]);
  const keys = await rowsOf(`select decode(key) as key, decode(value) as value from parquet_kv_metadata('${path}')`);
  const metadata = new Map(keys.map(({ key, value }) => [String(key), String(value)]));
  expect([metadata.get("sweep"), metadata.get("unit:P"), metadata.get("description:P")]).toEqual([
    "exported",
    "ms",
    "axis P",
  ]);

  const frame = pl.readParquet(path);
  expect(Object.values(frame.schema).map(String)).toEqual(
    ["Int64", "Categorical", "Float64", "Float64"].map((type) => `DataType(${type})`),
  );
  expect(frame.getColumn("policy").toArray()).toEqual(expected.map(({ policy }) => policy));
  expect(frame.getColumn("cell").cast(pl.Utf8).toArray()).toEqual(["0", String(GREATEST), null]);

  const end = new Uint8Array([255, 255, 255, 255, 0, 0, 0, 0]);
  const schema = tableFromIPC(new Uint8Array([...Buffer.from(metadata.get("ARROW:schema")!, "base64"), ...end])).schema;
  expect(schema.fields.map((field) => field.metadata?.get("unit"))).toEqual(["1", undefined, "ms", "ms"]);
  expect(schema.fields[1].metadata?.get("role")).toBe("axis");
});

test("every way in which Parquet holds a column: few values, many, great ones, runs, nulls here and there", async () => {
  const rows = 2000;
  const kinds: Record<string, (row: number) => number | null> = {
    constant: () => 7,
    none: () => null,
    few: (row) => (row * 7) % 13,
    ascending: (row) => row,
    great: (row) => 2 ** 52 - row * 12_345,
    gaps: (row) => (row % 3 === 0 ? null : row * row),
    late: (row) => (row < 1900 ? null : 3),
  };
  const names = Object.keys(kinds);
  const columns = names.flatMap((name) => [
    count(name),
    number(`${name} as a share`),
    textAxis(`${name} as a text`, TEXTS),
  ]);
  const wanted = Array.from({ length: rows }, (_, row) =>
    names.flatMap((name) => {
      const value = kinds[name](row);
      return value === null ? [null, null, null] : [value, value / 7, TEXTS[value % TEXTS.length]];
    }),
  );
  const path = join(root, "kinds.parquet");
  const described = columns.map((column) => ({ ...column, nullable: true }));
  const sink = await parquet.create(path, described, new Map());
  await sink.write(piece(described, wanted));
  await sink.write(piece(described, wanted.slice(0, 3)));
  await sink.finish();
  const frame = pl.readParquet(path);
  const found = await rowsOf(`select * from '${path}'`);
  const all = [...wanted, ...wanted.slice(0, 3)];
  for (const [index, { name, type }] of columns.entries()) {
    const values = all.map((row) => row[index]);
    expect(frame.getColumn(name).toArray(), name).toEqual(values);
    expect(
      found.map((row) => row[name]),
      name,
    ).toEqual(type === "int64" ? values.map((value) => (value === null ? null : BigInt(value))) : values);
    // Readers leave out row groups by their bounds.
    const some = values.find((value) => value !== null);
    if (some === undefined) continue;
    const text = typeof some === "string" ? `'${some}'` : String(some);
    const [{ n }] = await rowsOf(`select count(*) as n from '${path}' where "${name}" = ${text}::${SQL[type]}`);
    expect(Number(n), name).toBe(values.filter((value) => value === some).length);
  }
});

test("all tables of a run, in every format, are the Arrow tables; constant columns cost nothing", async () => {
  const output = join(root, "all");
  const written = await exportRun({ directory: run, output, format: "parquet" });
  await exportRun({ directory: run, output, format: "csv" });
  await exportRun({ directory: run, output, format: "jsonl" });
  const tables = written.map((name) => name.replace(/\.parquet$/, ""));
  expect(tables).toEqual(expect.arrayContaining(["cells", "servers", "tasks", "summary"]));
  for (const table of tables) {
    const path = join(output, table);
    const arrow = pl.readIPC(readFileSync(join(run, `${table}.arrow`)));
    const back = pl.readParquet(`${path}.parquet`);
    expect(back.columns).toEqual(arrow.columns);
    for (const column of arrow.columns)
      expect(back.getColumn(column).toArray(), column).toEqual(arrow.getColumn(column).toArray());
    for (const other of [
      `read_csv('${path}.csv', all_varchar = true)`,
      `read_json('${path}.jsonl', maximum_depth = 1)`,
    ]) {
      // As texts: what differs is not the number but how a reader guesses its type.
      const [{ n }] = await rowsOf(`select count(*) as n from ${other}`);
      expect(Number(n)).toBe(arrow.height);
    }
    const [{ n }] = await rowsOf(
      `select count(*) as n from (select * from '${path}.parquet' except select * from read_csv('${path}.csv', sample_size = -1))`,
    );
    expect(Number(n)).toBe(0);
    if (table !== "summary")
      expect(statSync(`${path}.parquet`).size).toBeLessThan(statSync(join(run, `${table}.arrow`)).size / 4);
  }
  const sizes = await rowsOf(
    `select path_in_schema as name, total_compressed_size as size from parquet_metadata('${join(output, "cells.parquet")}')`,
  );
  expect(Number(sizes.find(({ name }) => name === "end")!.size)).toBeLessThan(100);
  const columns = JSON.parse(readFileSync(join(output, "columns.json"), "utf8"));
  expect(columns.tasks.find(({ name }: { name: string }) => name === "response_max")).toMatchObject({
    unit: "ms",
    description: "greatest response time",
  });
});

test("partitions are read as one table", async () => {
  const output = join(root, "parts");
  await exportRun({ directory: run, output, format: "parquet", partitionBy: "P" });
  const parts = `read_parquet('${output}/tasks/*/*.parquet', hive_partitioning = true)`;
  const whole = pl.readIPC(readFileSync(join(run, "tasks.arrow")));
  const [{ n, missed }] = await rowsOf(`select count(*) as n, sum(missed) as missed from ${parts} where P > 2`);
  const kept = whole.filter(pl.col("P").gt(2));
  expect([Number(n), Number(missed)]).toEqual([kept.height, kept.getColumn("missed").sum()]);
  await expect(exportRun({ directory: run, output, format: "csv", partitionBy: "p" })).rejects.toThrow(
    '--partition-by p: no axis of that name; the axes are policy, P, U; did you mean "P"?',
  );
});

const PYTHON = "/usr/bin/python3";
const tested =
  existsSync("/usr/lib/python3/dist-packages/nbconvert") && existsSync("/usr/lib/python3/dist-packages/pandas");
if (!tested)
  process.stderr.write(
    "\n*** NOT TESTED: the notebook: no python3-nbconvert, python3-pandas, python3-matplotlib. ***\n\n",
  );

/** What is left of the notebook of a run when all of it has been executed. */
function executed(output: string): string {
  const options = ["-m", "nbconvert", "--to", "notebook", "--execute", "notebook.ipynb", "--output", "executed.ipynb"];
  execFileSync(PYTHON, options, {
    cwd: output,
    stdio: "ignore",
    env: { ...process.env, PATH: `/usr/bin:${process.env.PATH}` },
  });
  return readFileSync(join(output, "executed.ipynb"), "utf8");
}

test("the notebook runs from top to bottom, and draws three pictures", async () => {
  const output = join(root, "notebook");
  await exportNotebook({ directory: run, output });
  if (!tested) return;
  const text = executed(output);
  expect(text.match(/"image\/png"/g)).toHaveLength(3);
  expect(text).not.toContain('"output_type": "error"');
});

test("so does that of a search, and draws what it found; where nothing varies it shows the table alone", async () => {
  const search = SWEEP.replace("axes: {", "find: { axis: U, least: missed = 0 }\naxes: {");
  const one = search.replace("[idling, deferrable], P: [2ms, 4ms, 8ms]", "[idling], P: [4ms]");
  for (const [name, text, pictures] of [
    ["search", search, 1],
    ["one", one, 0],
  ] as const) {
    const [directory, output] = [join(root, name), join(root, `${name}-notebook`)];
    await runSweep({ text, file: "s.yaml", directory, workers: 1 });
    await exportNotebook({ directory, output });
    if (!tested) continue;
    const done = executed(output);
    expect(done.match(/"image\/png"/g) ?? []).toHaveLength(pictures);
    expect(done).not.toContain('"output_type": "error"');
  }
});
