// The log of a run comes after the file that says of which run it is.

import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { RunLog } from "../../src/results/run-log.js";

test("a process that ends before its first event leaves no log: only plan.json says whose it would be", async () => {
  const directory = await mkdtemp(join(tmpdir(), "replenish-log-"));
  const silent = new RunLog(directory);
  await silent.close();
  expect(await readdir(directory)).toEqual([]);
  for (const event of ["start", "end"]) {
    const log = new RunLog(directory);
    await log.write(event, { runs: 1 });
    await log.close();
  }
  const lines = (await readFile(join(directory, "run.log.jsonl"), "utf8")).trimEnd().split("\n");
  expect(lines.map((line) => JSON.parse(line).event)).toEqual(["start", "end"]);
  await rm(directory, { recursive: true });
});
