// What plot says of the table that it draws.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runSweep } from "replenish";
import { afterAll, beforeAll, expect, test } from "vitest";
import { plotCommand } from "../../src/commands/bodies/plot.js";

const TEXT = `
name: small
horizon: 60
system: { servers: { vm: { policy: idling, period: =P, budget: =Q, tasks: { t: { period: 12, wcet: 1 } } } } }
axes: { P: [3, 4, 5], Q: [1, 2] }
`;

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "replenish-plot-"));
  await runSweep({ text: TEXT, file: "small.yaml", directory, workers: 1 });
});

afterAll(async () => {
  await rm(directory, { recursive: true });
});

test.each([
  [{ x: "bandwidth", y: "response_max" }, "--y response_max: a column of tasks, and what is drawn is cells"],
  [{ table: "servers", y: "response_max" }, "--y response_max: a column of tasks, and what is drawn is servers"],
  [{ table: "tasks", y: "missed", x: "idle" }, "--x idle: a column of cells, and what is drawn is tasks"],
] as const)("a column of another table is not called unknown: %j", async (columns, message) => {
  const options = { directory, kind: "curve" as const, where: [], spec: false, output: join(directory, "never.svg") };
  await expect(plotCommand({ ...options, ...columns })).rejects.toThrow(message);
});

test.each(["pareto", "boundary", "acceptance"] as const)("%s is made of cells alone", async (kind) => {
  const options = { directory, kind, where: [], spec: false, output: join(directory, "never.svg") };
  await expect(plotCommand({ ...options, y: "response_max" })).rejects.toThrow(
    "--y response_max: a column of tasks, and what is drawn is cells",
  );
  await expect(plotCommand({ ...options, table: "tasks" })).rejects.toThrow(
    `--table tasks: --kind ${kind} is made of cells alone`,
  );
});

test("the boundary of a search may be asked for by the axis that is searched, and by no other column", async () => {
  const run = join(directory, "search");
  const text = `${TEXT}find: { axis: Q, least: missed = 0 }\n`;
  await runSweep({ text, file: "small.yaml", directory: run, workers: 1 });
  const output = join(directory, "found.svg");
  const options = { directory: run, kind: "boundary" as const, where: [], spec: false, output };
  expect(await plotCommand({ ...options, y: "Q" })).toBe(0);
  await expect(plotCommand({ ...options, y: "bandwidth" })).rejects.toThrow(
    "--y bandwidth: the searches of this run are for Q",
  );
});
