// Reading the list of failures back.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DirectoryError } from "../../src/files/storage.js";
import { failureLines } from "../../src/results/failure-lines.js";
import { RunNumbering } from "../../src/results/range.js";

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "failures-"));
});
afterAll(() => rm(directory, { recursive: true }));

test("every line says of which run it is", async () => {
  const line = '{"cell":2,"replicate":1,"status":"overflow"}';
  await writeFile(join(directory, "failures.jsonl"), `${line}\n`);
  expect(await failureLines(directory, new RunNumbering(3))).toEqual(new Map([[7, line]]));
  for (const other of ['{"x":1}', '{"cell":0.5,"replicate":0}', "{"]) {
    await writeFile(join(directory, "failures.jsonl"), `${line}\n${other}\n`);
    const reading = failureLines(directory, new RunNumbering(3));
    await expect(reading).rejects.toThrow(DirectoryError);
    await expect(reading).rejects.toThrow("line 2 of failures.jsonl cannot be read");
  }
});
