// The same bytes from other versions of Node: their engines compile and round by themselves, and nothing of that may reach a table.
// NODES names their executables, separated by the system's sign for that.

import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sumsOf } from "../run/process.js";
import { PROGRAM } from "../support/program.js";

const SWEEPS = fileURLToPath(new URL("../../sweeps", import.meta.url));
const OTHERS = (process.env.NODES ?? "").split(delimiter).filter((path) => path !== "");
/** What draws task sets, with logarithms and powers, and searches; at small size. */
const RUNS = [
  ["acceptance", "5"],
  ["automotive", "2"],
  ["avionics", "1"],
  ["sensitivity", "3"],
] as const;

if (OTHERS.length === 0) process.stderr.write("\n*** NOT TESTED: other versions of Node: NODES names none. ***\n\n");

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "replenish-engines-"));
});
afterAll(async () => {
  await rm(root, { recursive: true });
});

/** The sums of a run's files. @param node the executable */
async function sums(node: string, name: string, replicates: string): Promise<Record<string, string>> {
  const directory = await mkdtemp(join(root, name));
  const words = ["run", join(SWEEPS, `${name}.yaml`), "--set", `replicates=${replicates}`, "-o", directory];
  await promisify(execFile)(node, [PROGRAM, ...words]);
  return await sumsOf(directory);
}

describe("tables of drawn task sets", () => {
  if (OTHERS.length === 0)
    test("are the same in other versions of Node (left out: NODES names none)", (context) => {
      context.skip();
    });
  for (const node of OTHERS)
    test.each(RUNS)(`are those of ${node}: %s`, async (name, replicates) => {
      const own = await sums(process.execPath, name, replicates);
      expect(Object.keys(own)).toContain("cells.arrow");
      expect(await sums(node, name, replicates)).toEqual(own);
    });
});
