// Who does what a page says to repeat its run gets the same files: the sweep that it hands out, and the command beside it.

import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import { shellWords } from "../../src/input/shell.js";
import { type PageContent, sweepFile } from "../../src/page/content.js";
import { runSweep } from "../../src/run/run.js";
import { reportPage } from "../../src/show/page.js";
import { REPLENISH } from "../run/process.js";

const TEXT = `# Two policies, six periods.
horizon: 60
system: { servers: { vm: { policy: =policy, period: =P, budget: =Q, tasks: { t: { period: 12, wcet: 2 } } } } }
axes: { policy: [idling, polling], P: { from: 3, to: 8, step: 1 }, Q: [1, 2] } # budgets
`;
const OVERRIDES = ["P=3..5", "policy=deferrable", "horizon= 48"];

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "replenish-repeat-"));
});

afterEach(async () => {
  await rm(directory, { recursive: true });
});

interface Told {
  readonly content: PageContent;
  readonly command: string;
  readonly words: string;
}

async function told(run: string): Promise<Told> {
  const html = await reportPage(run);
  const content = JSON.parse(/id="content">([^<]*)</.exec(html)![1]) as PageContent;
  const command = /id="repeat">([^<]*)</.exec(html)![1].replaceAll("&#39;", "'").replaceAll("&apos;", "'");
  return { content, command, words: /id="repeated">(.*)<\/p>/.exec(html)![1] };
}

/** The sums that the files have when the sweep is saved and the command is given to a shell. */
async function repeated({ content, command, words }: Told, results: string): Promise<string> {
  const folder = join(directory, "again");
  await mkdir(folder);
  await writeFile(join(folder, /<code>([^<]*)<\/code>/.exec(words)![1]), sweepFile(content));
  const script = `replenish() { ${shellWords(REPLENISH)} "$@"; }; ${command}`;
  await promisify(execFile)("sh", ["-c", script], { cwd: folder });
  return await readFile(join(folder, "results", results, "SHA256SUMS"), "utf8");
}

test("with settings in place of the sweep's", async () => {
  const run = join(directory, "own");
  await runSweep({ text: TEXT, file: "mine.yaml", overrides: OVERRIDES, directory: run, workers: 1 });
  const page = await told(run);
  expect(page.command).toBe("replenish run mine.yaml --set P=3..5 --set policy=deferrable --set 'horizon= 48'");
  expect(await repeated(page, "mine")).toBe(page.content.sums);
});

test("of a shard", async () => {
  const run = join(directory, "own");
  const shard = { index: 2, count: 3 };
  await runSweep({ text: TEXT, file: "mine.yaml", overrides: ["P=3,4"], directory: run, shard, workers: 1 });
  const page = await told(join(run, "shard-2-of-3"));
  expect(page.command).toBe("replenish run mine.yaml --set P=3,4 --shard 2/3");
  expect(await repeated(page, "mine/shard-2-of-3")).toBe(page.content.sums);
});

test("where the settings are not known the sweep is that which was run, and the page says what is not the same", async () => {
  const run = join(directory, "own");
  await runSweep({ text: TEXT, file: "mine.yaml", overrides: OVERRIDES, directory: run, workers: 1 });
  const log = await readFile(join(run, "run.log.jsonl"), "utf8");
  for (const other of ["", log.replace("P=3..5", "P=3..6"), log.replace("P=3..5", "X=1")]) {
    await writeFile(join(run, "run.log.jsonl"), other);
    const { command, content } = await told(run);
    expect([command, content.overrides]).toStrictEqual(["replenish run mine.yaml", undefined]);
  }
  const page = await told(run);
  expect(page.words).toMatch(/as it was run: .*<code>sweep.yaml<\/code> is then what you saved/);
  const own = (sums: string) => sums.split("\n").filter((line) => !line.endsWith("sweep.yaml"));
  expect(own(await repeated(page, "mine"))).toStrictEqual(own(page.content.sums));
});

test("what a page hands out are all tables that have room", async () => {
  const find = "find: { axis: Q, least: missed = 0 }\nreplicates: 2\n";
  await runSweep({ text: TEXT + find, file: "found.yaml", directory, workers: 1 });
  const { content } = await told(directory);
  const listed = [...content.sums.matchAll(/ (\w+)\.arrow$/gm)].map(([, name]) => name);
  const inside = [...content.tables.map(({ name }) => name), ...content.further];
  expect(inside).toContain("find");
  expect(inside.sort()).toStrictEqual(listed.sort());
  const room = content.tables.reduce((sum, { bytes }) => sum + bytes, 0);
  const narrow = await reportPage(directory, room);
  expect(narrow).not.toContain('id="table-find"');
  expect(JSON.parse(/id="content">([^<]*)</.exec(narrow)![1])).toMatchObject({ further: [], texts: {} });
});

test("what a page hands out besides tables are the texts of its run: the plan, and what failed", async () => {
  const failing = `{ horizon: 60, axes: { C: [1, 11] }, system: { host: { cpus: 2 }, servers: { vm: { assignment: partitioned,
    assign: first-fit, vcpus: { v: { policy: dedicated }, w: { policy: dedicated } }, tasks: { t: { period: 10, wcet: =C } } } } } }`;
  await runSweep({ text: failing, file: "failing.yaml", directory, workers: 1 });
  const { content } = await told(directory);
  expect(Object.keys(content.texts).sort()).toStrictEqual(["failures.jsonl", "plan.json"]);
  for (const [name, text] of Object.entries(content.texts))
    expect(text).toBe(await readFile(join(directory, name), "utf8"));
});
