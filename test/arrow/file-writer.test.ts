import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tableFromIPC as flechette } from "@uwdata/flechette";
import { tableFromIPC } from "apache-arrow";
import polars from "nodejs-polars";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import * as abi from "../../assembly/abi.js";
import { countRows, readTable } from "../../src/arrow/file-reader.js";
import { TableWriter } from "../../src/arrow/file-writer.js";
import { checkFooter, checkMessage } from "../../src/arrow/lengths.js";
import { DirectoryError, partOf, publish } from "../../src/files/storage.js";
import { tableLayouts } from "../../src/tables/columns.js";
import type { TableShape } from "../../src/tables/shape.js";
import { counter, failed, inventedChunks, SHAPE, unanswered } from "../results/tables.js";

const METADATA = new Map([
  ["format", "1"],
  ["sweep", "invented"],
]);

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "replenish-results-"));
});
afterEach(async () => {
  await rm(directory, { recursive: true });
});

/** Writes the three tables of invented runs, or the first of them, and returns their paths. */
async function write(sizes: readonly number[], shape: TableShape = SHAPE, tables = 3): Promise<string[]> {
  const layouts = tableLayouts(shape).slice(0, tables);
  const paths = layouts.map((layout) => join(directory, `${layout.name}.arrow`));
  const writers: TableWriter[] = [];
  for (const [index, layout] of layouts.entries())
    writers.push(await TableWriter.create(paths[index], layout, METADATA));
  for (const chunk of inventedChunks(shape, sizes)) {
    for (const [index, writer] of writers.entries()) await writer.append(chunk[index]);
  }
  for (const writer of writers) await writer.finish();
  await publish(paths);
  return paths;
}

async function hash(path: string): Promise<string> {
  return createHash("sha256")
    .update(await readFile(path))
    .digest("hex");
}

test("a length that is forged, in the footer or before a batch, is refused before anything is read", async () => {
  const path = (await write([9]))[2];
  const bytes = await readFile(path);
  const footer = bytes.length - 10 - bytes.readInt32LE(bytes.length - 10);
  const blocks = checkFooter(bytes.subarray(footer, bytes.length - 10), bytes.length);
  const check = (file: Buffer) => {
    for (const { offset, metadataBytes, bodyBytes } of checkFooter(
      file.subarray(footer, file.length - 10),
      file.length,
    ))
      checkMessage(file.subarray(offset, offset + metadataBytes), bodyBytes);
  };
  expect(() => check(bytes)).not.toThrow();
  const places = [{ offset: footer, metadataBytes: bytes.length - 10 - footer }, ...blocks].flatMap(
    ({ offset, metadataBytes }) => Array.from({ length: metadataBytes >> 2 }, (_, i) => offset + 4 * i),
  );
  const refused = places.flatMap((at) => {
    const forged = Buffer.from(bytes);
    forged.writeInt32LE(0x7fffffff, at);
    try {
      check(forged);
      return [];
    } catch {
      return [forged];
    }
  });
  expect(refused.length).toBeGreaterThan(places.length / 20);
  const forged = join(directory, "forged.arrow");
  for (let i = 0; i < refused.length; i += Math.ceil(refused.length / 8)) {
    await writeFile(forged, refused[i]);
    await expect(readTable(forged).next()).rejects.toThrow(DirectoryError);
  }
});

describe("row counts", () => {
  for (const rows of [0, 1, 7, 8, 9, 63, 65, 518, 65_536]) {
    test(`${rows} rows are the same to three readers`, async () => {
      const [cells] = await write([rows], SHAPE, 1);
      const bytes = await readFile(cells);
      expect(await countRows(cells)).toBe(rows);
      expect(tableFromIPC(bytes).numRows).toBe(rows);
      expect(flechette(bytes).numRows).toBe(rows);
      if (rows === 0) return; // Polars reads no file without a batch
      const frame = polars.readIPC(bytes);
      expect(frame.height).toBe(rows);
      const last = frame.row(rows - 1);
      expect(last.slice(0, 2)).toEqual([Math.floor((rows - 1) / 2), (rows - 1) % 2]);
    });
  }
});

describe("values", () => {
  test("cells: every value of every row, to Polars", async () => {
    const runs = 300;
    const [cells] = await write([100, 1, 7, 192]);
    const frame = polars.readIPC(await readFile(cells));
    expect(frame.columns).toEqual([
      ...["cell", "replicate", "policy", "P", "load", "status", "busy", "idle", "switches", "overhead", "end"],
      ...["released", "completed", "missed", "skipped", "judged", "unjudged", "miss_ratio", "utilization", "bandwidth"],
    ]);
    const columns = Object.fromEntries(frame.columns.map((name) => [name, frame.getColumn(name).toArray()]));
    for (let run = 0; run < runs; run++) {
      const ok = !failed(run);
      const total = (slot: number) =>
        [0, 1, 2].reduce((sum, task) => {
          return sum + (slot === abi.OUT_TASK_COMPLETED && unanswered(run, task) ? 0 : counter(run, task, slot));
        }, 0);
      const missRatio = total(abi.OUT_TASK_MISSED) / total(abi.OUT_TASK_RELEASED);
      const expected: Record<string, unknown> = {
        cell: Math.floor(run / 2),
        replicate: run % 2,
        policy: ["polling", "idling", "deferrable"][run % 3],
        P: run / 8,
        load: run / 8,
        status: ok ? "ok" : "failed",
        busy: ok ? counter(run, 0, abi.OUT_HOST_BUSY) / 4 : null,
        switches: ok ? counter(run, 0, abi.OUT_HOST_SWITCHES) : null,
        released: ok ? total(abi.OUT_TASK_RELEASED) : null,
        completed: ok ? total(abi.OUT_TASK_COMPLETED) : null,
        miss_ratio: ok ? missRatio : null,
        utilization: ok ? counter(run, 0, abi.OUT_HOST_BUSY) / counter(run, 0, abi.OUT_HOST_COUNTED) : null,
        bandwidth: run % 3 === 0 ? null : run / 2,
      };
      for (const [name, value] of Object.entries(expected))
        expect([run, name, columns[name][run]]).toEqual([run, name, value]);
    }
  });

  test("tasks: names, nulls and means, to flechette", async () => {
    const runs = 50;
    const [, , tasks] = await write([13, 37]);
    const rows = flechette(await readFile(tasks)).toArray() as Record<string, unknown>[];
    expect(rows.length).toBe(3 * runs);
    rows.forEach((row, index) => {
      const run = Math.floor(index / 3);
      const task = index % 3;
      const answered = !failed(run) && !unanswered(run, task);
      const sum = counter(run, task, abi.OUT_TASK_RESPONSE_SUM);
      expect([row.server, row.task]).toEqual([["vm", "vm", "other"][task], ["video", "audio", "audio"][task]]);
      expect(row.response_min).toBe(answered ? counter(run, task, abi.OUT_TASK_RESPONSE_MIN) / 4 : null);
      expect(row.response_mean).toBe(answered ? sum / (4 * counter(run, task, abi.OUT_TASK_COMPLETED)) : null);
      expect(row.response_sum).toBe(failed(run) ? null : answered ? sum / 4 : 0);
      expect(row.preemptions).toBe(failed(run) ? null : counter(run, task, abi.OUT_TASK_PREEMPTIONS));
    });
  });

  test("servers: one row per server, also one without a task", async () => {
    const [, servers] = await write([20]);
    const frame = polars.readIPC(await readFile(servers));
    expect(frame.getColumn("server").toArray().slice(0, 4)).toEqual(["vm", "spare", "other", "vm"]);
    expect(frame.getColumn("supply").toArray()[4]).toBe(counter(1, 1, abi.OUT_SERVER_SUPPLY) / 4);
    expect(frame.getColumn("blackout_max").toArray()[3 * 5]).toBeNull();
  });

  test("a value under a null is 0 in the file", async () => {
    const [cells] = await write([65]);
    const { values, nullBitmap } = tableFromIPC(await readFile(cells)).getChild("busy")!.data[0];
    for (let run = 0; run < 65; run++) {
      expect((nullBitmap[run >> 3] >> (run & 7)) & 1).toBe(failed(run) ? 0 : 1);
      if (failed(run)) expect(values[run]).toBe(0);
    }
  });
});

describe("schema", () => {
  test("types, nullability and metadata", async () => {
    const [cells, , tasks] = await write([3]);
    const { schema } = tableFromIPC(await readFile(tasks));
    expect([...schema.metadata]).toEqual([...METADATA]);
    const field = (name: string) => schema.fields.find((candidate) => candidate.name === name)!;
    expect(String(field("cell").type)).toBe("Int64");
    expect(String(field("policy").type)).toBe("Dictionary<Int16, Utf8>");
    expect(String(field("response_max").type)).toBe("Float64");
    expect(field("cell").nullable).toBe(false);
    expect(field("P").nullable).toBe(false);
    expect(field("released").nullable).toBe(true);
    expect([...field("P").metadata]).toEqual([
      ["unit", "ms"],
      ["description", "axis P of the sweep"],
      ["role", "axis"],
    ]);
    expect(field("load").metadata.get("unit")).toBe("1");
    expect(field("response_max").metadata.get("unit")).toBe("ms");
    expect(field("released").metadata.get("role")).toBe("metric");
    expect(field("cell").metadata.get("role")).toBe("id");
    for (const column of schema.fields) expect(column.metadata.get("description")).not.toBe("");
    const other = flechette(await readFile(cells));
    expect(other.schema.metadata).toEqual(METADATA);
  });

  test("a dictionary has the plan's order, values that no row uses included", async () => {
    const [cells] = await write([2]); // rows of polling and idling only
    const { dictionary } = tableFromIPC(await readFile(cells)).getChild("policy")!.data[0];
    expect([...dictionary!]).toEqual(["polling", "idling", "deferrable"]);
  });

  test("too many texts are an error that says so", async () => {
    const texts = Array.from({ length: 32_768 }, (_, index) => `t${index}`);
    const shape: TableShape = { ...SHAPE, axes: [{ name: "set", kind: "text", texts }] };
    await expect(write([1], shape)).rejects.toThrow(
      "column set of cells would have 32768 different texts; at most 32767 are possible",
    );
  });
});

test("batches have 65,536 rows, the last one the rest; the sizes of chunks do not reach the bytes", async () => {
  const hashes = new Set<string>();
  for (const sizes of [[22_000], [1, 10_000, 3, 5, 11_991]]) {
    const paths = await write(sizes);
    const table = tableFromIPC(await readFile(paths[2]));
    expect(table.batches.map((batch) => batch.numRows)).toEqual([65_536, 464]);
    hashes.add((await Promise.all(paths.map(hash))).join());
  }
  expect(hashes.size).toBe(1);
});

test("until it is published a table has only its .part name", async () => {
  const layout = tableLayouts(SHAPE)[0];
  const path = join(directory, "cells.arrow");
  const writer = await TableWriter.create(path, layout, METADATA);
  for (const [table] of inventedChunks(SHAPE, [10])) await writer.append(table);
  await writer.finish();
  await expect(readFile(path)).rejects.toThrow("ENOENT");
  expect(tableFromIPC(await readFile(partOf(path))).numRows).toBe(10);
});
