// A browser runs a cell of a sweep, from the sweep's text to counters and a picture, and gets the bytes that Node gets.

import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { type Browser, chromium } from "playwright-core";
import { compileKernel, Kernel, openSweep, resultJson, simulate, tracedCell } from "replenish";
import { rolldown } from "rolldown";
import { afterAll, beforeAll, expect, test } from "vitest";
import { replenish } from "../run/process.js";
import type { Answer } from "./page.js";

const ROOT = join(import.meta.dirname, "../..");
const SWEEP = join(ROOT, "sweeps/paper.yaml");
const SETS = join(ROOT, "test/vectors/task-sets.jsonl");
const CHROMIUM = "/usr/bin/chromium";
/** Period 3 and budget 2.25, where deadlines are missed; and the cell that the README calls the cheapest. */
const CELLS = [20, 253];
/** 60 ticks, of which the sweep's resolution makes four steps each. */
const [TO_TICKS, TO_STEPS] = [60, 240];

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const tested = existsSync(CHROMIUM);
if (!tested) process.stderr.write(`\n*** NOT TESTED: a cell in a browser: no ${CHROMIUM}. ***\n\n`);

/** What the page may ask for, by path. */
let files: ReadonlyMap<string, { readonly type: string; readonly content: string | Buffer }>;
let server: Server;
let browser: Browser;

beforeAll(async () => {
  if (!tested) return;
  files = new Map([
    [
      "/",
      { type: "text/html", content: `<!doctype html><link rel="icon" href="data:,"><script src="/page.js"></script>` },
    ],
    ["/page.js", { type: "text/javascript", content: await bundle() }],
    ["/kernel.wasm", { type: "application/wasm", content: await readFile(join(ROOT, "build/kernel.wasm")) }],
    ["/task-sets.jsonl", { type: "text/plain", content: await readFile(SETS) }],
    ["/sweep.yaml", { type: "text/plain", content: await readFile(SWEEP) }],
  ]);
  server = createServer(({ url }, response) => {
    const file = files.get(url!);
    response.writeHead(file === undefined ? 404 : 200, { "content-type": file?.type ?? "text/plain" });
    response.end(file?.content);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
});

afterAll(async () => {
  await browser?.close();
  server?.close();
});

/** The page's script with all that it imports; what a browser does not have would be a warning, and is an error here. */
async function bundle(): Promise<string> {
  const bundled = await rolldown({
    input: join(import.meta.dirname, "page.ts"),
    platform: "browser",
    onLog(_level, log) {
      throw new Error(log.message);
    },
  });
  const { output } = await bundled.generate({ format: "iife" });
  return output[0].code;
}

test.runIf(tested).each(CELLS)("cell %i of the paper's sweep", async (number) => {
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => complaints.push(message.text()));
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  const expression = `globalThis.cell(${number}, ${TO_STEPS})`;
  const answer = await page.evaluate<Answer>(expression);
  await page.close();

  expect(complaints).toStrictEqual([]);
  const open = openSweep(await readFile(SWEEP, "utf8"), "sweep.yaml");
  expect(answer.cells).toBe(open.plan.cellCount);
  const { scenario } = tracedCell(open, number);
  expect(answer.counters).toBe(resultJson(simulate(new Kernel(compileKernel()), scenario)));
  const picture = ["trace", SWEEP, "--cell", String(number), "--to", String(TO_TICKS), "--format", "svg"];
  const { code, stdout, stderr } = await replenish(...picture);
  expect({ code, stderr }).toStrictEqual({ code: 0, stderr: "" });
  expect(answer.svg).toBe(stdout);
  expect(answer.svg).toMatch(/^<svg .*<\/svg>\n$/s);
});

test.runIf(tested)("published sets of tasks are drawn to the last bit", async () => {
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  const drawn = await page.evaluate<string[]>("globalThis.sets()");
  await page.close();
  const published = (await readFile(SETS, "utf8")).trim().split("\n");
  expect(drawn).toStrictEqual(published.map((line) => JSON.stringify(JSON.parse(line).tasks)));
});
