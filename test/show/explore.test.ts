// A run over loopback: the server answers what the tables say, from the columns and rows that it needs, and nobody else.

import { mkdtemp, rm } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runSweep } from "replenish";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ColumnReader } from "../../src/arrow/column-reader.js";
import { readTable } from "../../src/arrow/file-reader.js";
import { AnswerFinder } from "../../src/page/answer.js";
import { Bins } from "../../src/page/bins.js";
import type { KeptRun, PageContent } from "../../src/page/content.js";
import { Responses, type Series, Tallies } from "../../src/page/curves.js";
import {
  axisBins,
  fromJson,
  mapParameters,
  readMapParameters,
  readResponseParameters,
  readRowParameters,
  responseParameters,
  rowParameters,
} from "../../src/page/served.js";
import { Squares } from "../../src/page/squares.js";
import { type PageTable, tableOf, valueText } from "../../src/page/table.js";
import { tablePath } from "../../src/results/directory.js";
import { Explorer } from "../../src/show/explorer.js";
import { RowValues, Stretches } from "../../src/show/ordered.js";
import { reportPage, servedPage } from "../../src/show/page.js";
import { type Serving, serve } from "../../src/show/server.js";
import { TABLE_NAMES } from "../../src/tables/columns.js";

const TEXT = `
name: small
horizon: 60
replicates: 2
analysis: true
system:
  servers:
    a: { policy: =policy, period: =P, budget: =Q, tasks: { one: { period: 5, wcet: 2, jitter: 1 }, two: { period: 9, wcet: 1 } } }
    b: { policy: idling, period: 7, budget: 1, tasks: { three: { period: 200, wcet: 1, offset: 100 } } }
axes: { policy: [idling, deferrable], P: [3, 4, 5], Q: { from: 1, to: =P - 1, step: 1 } }
`;

/** A sweep of which no task set with C > 10 can be assigned. @param more fields of its tasks */
function assigned(more: string): string {
  return `
horizon: 100
system:
  servers:
    vm:
      assignment: partitioned
      assign: first-fit
      vcpus: { v0: { policy: dedicated }, v1: { policy: dedicated } }
      tasks: { a: { period: 10, wcet: 6${more} }, b: { period: 10, wcet: =C${more} } }
  host: { cpus: 2 }
`;
}

let directory: string;
let explorer: Explorer;
let serving: Serving;
const tables: PageTable[] = [];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "replenish-show-"));
  await runSweep({ text: TEXT, file: "small.yaml", directory, workers: 1 });
  for (const name of TABLE_NAMES)
    for await (const piece of readTable(tablePath(directory, name))) tables.push(tableOf(piece, piece.described));
  explorer = await Explorer.open(directory);
  serving = await serve(explorer, "<!doctype html>", 0);
});

afterAll(async () => {
  await serving.close();
  await explorer.close();
  await rm(directory, { recursive: true });
});

test("the rows of every run are those of the tables", async () => {
  const [cells] = tables;
  expect(cells.rows).toBe(36);
  for (let row = 0; row < cells.rows; row++) {
    const [cell, replicate] = [Math.floor(row / 2), row % 2];
    const wanted = tables.map((table) => table.runRows(cell, replicate).map((number) => table.row(number)));
    expect(wanted.map((rows) => rows.length)).toStrictEqual([1, 2, 3]);
    expect(await explorer.run(cell, replicate)).toStrictEqual(wanted);
  }
  expect(await explorer.run(18, 0)).toStrictEqual([[], [], []]);
});

test("maps, curves and the answer are those of the whole table", async () => {
  const [cells] = tables;
  const bins = (name: string) => new Bins(cells.column(name), cells.numbers(name));
  const query = { x: bins("P"), y: bins("Q"), colour: "utilization", held: new Map([["policy", 1]]) };
  const lists = await explorer.axisLists();
  expect(lists).toStrictEqual({ policy: [0, 1], P: [3, 4, 5], Q: [1, 2, 3, 4] });
  expect(readMapParameters(mapParameters(query), cells.columns, lists)).toStrictEqual(query);
  const bytes = await explorer.map(mapParameters(query));
  expect(new Squares(query).take(bytes.buffer)).toStrictEqual(new Squares(query).add(cells));
  const tallies = new Tallies("Q", cells.axes, true).add(cells);
  expect(await explorer.curves("Q")).toStrictEqual({
    acceptance: tallies.acceptance(true),
    bandwidth: tallies.leastBandwidth(),
    ...{ without: [], grouped: 1 },
  });
  expect(await explorer.answer()).toStrictEqual(new AnswerFinder().add(cells).answer());
  await expect(explorer.curves("nothing")).rejects.toThrow("there is no axis nothing");
  await expect(explorer.map(new URLSearchParams({ x: "P", colour: "nothing" }))).rejects.toThrow("no column nothing");
});

test("runs without a result, and those in which no job was due, are the same for a server as in the whole table", async () => {
  const directory = await mkdtemp(join(tmpdir(), "replenish-show-"));
  const text = `${assigned(", offset: =X")}axes: { C: [1, 5, 11], X: [0, 500] }\n`;
  await runSweep({ text, file: "due.yaml", directory, workers: 1 });
  const asked = await Explorer.open(directory);
  let whole: PageTable | undefined;
  for await (const piece of readTable(tablePath(directory, "cells"))) whole = tableOf(piece, piece.described);
  const cells = whole!;
  expect([...cells.numbers("status")]).toStrictEqual([0, 0, 0, 0, 1, 1]);
  expect([...cells.numbers("miss_ratio")].map(Number.isNaN)).toStrictEqual([false, true, false, true, true, true]);
  const bins = (name: string) => new Bins(cells.column(name), cells.numbers(name));
  const query = { x: bins("C"), y: bins("X"), colour: "miss_ratio", held: new Map() };
  const squares = new Squares(query).add(cells);
  expect(new Squares(query).take((await asked.map(mapParameters(query))).buffer)).toStrictEqual(squares);
  for (const answer of [await asked.answer(), new AnswerFinder().add(cells).answer()])
    expect(answer).toMatchObject({ cells: 6, met: 2, open: 2 });
  expect((await asked.curves("C")).acceptance[0].points).toStrictEqual(
    new Tallies("C", cells.axes, false).add(cells).acceptance(false)[0].points,
  );
  await asked.close();
  await rm(directory, { recursive: true });
});

/** What a page holds besides its tables. */
function contentOf(html: string): PageContent {
  return JSON.parse(/id="content">([^<]*)</.exec(html)![1]) as PageContent;
}

test("the curves of a page are those of all runs, also where it holds groups of them", async () => {
  const directory = await mkdtemp(join(tmpdir(), "replenish-show-"));
  const text = TEXT.replace("replicates: 2", "replicates: 8\nphases: random").replace(
    "period: 200, wcet: 1, offset: 100",
    "period: 14, wcet: 1",
  );
  await runSweep({ text, file: "small.yaml", directory, workers: 1 });
  const asked = await Explorer.open(directory);
  for (const [inside, storage] of [
    [undefined, "whole"],
    [2000, "aggregated"],
  ] as const) {
    const content = contentOf(await reportPage(directory, inside));
    expect(content.storage).toBe(storage);
    expect(Object.keys(content.curves!)).toStrictEqual(["P", "Q"]);
    for (const axis of ["P", "Q"]) expect(content.curves![axis]).toStrictEqual(await asked.curves(axis));
  }
  const { acceptance, bandwidth } = await asked.curves("P");
  await asked.close();
  expect(acceptance[0].points.some(({ y }) => y > 0 && y < 1)).toBe(true);
  expect(bandwidth[0].points).not.toStrictEqual([]);
  await rm(directory, { recursive: true });
});

test("a page that holds groups has the rows of the runs that its answer names", async () => {
  const content = contentOf(await reportPage(directory, 60_000));
  expect([content.storage, content.tables.length]).toStrictEqual(["aggregated", 3]);
  const kept = JSON.parse(content.kept, fromJson) as KeptRun[];
  const named = content.answer!.policies.map(({ simulated }) => simulated?.cell ?? content.firstCell);
  expect(kept.map(({ cell }) => cell)).toEqual(expect.arrayContaining(named));
  for (const { cell, replicate, rows } of kept) expect(rows).toStrictEqual(await explorer.run(cell, replicate));
  expect(contentOf(await reportPage(directory, 2000)).kept).toBe("[]");
});

test("a page has the runs that there are, and counts those that failed, also where a server is asked for them", async () => {
  const directory = await mkdtemp(join(tmpdir(), "replenish-show-"));
  const text = `${assigned("")}replicates: 2\naxes: { C: { from: 1, to: 11, step: 1 } }\n`;
  for (const search of ["", "find: { axis: C, largest: missed = 0, over: replicates, probes: 2 }\n"]) {
    const run = { text: `${text}${search}`, file: "some.yaml", directory, workers: 1, force: true };
    const { runsChosen = 22, failures } = await runSweep(run);
    expect([runsChosen < 22, failures]).toStrictEqual(search === "" ? [false, 2] : [true, 1]);
    for (const html of [await reportPage(directory), await servedPage(directory)])
      expect(contentOf(html)).toMatchObject({ cells: 11, runs: runsChosen, failures });
  }
  await rm(directory, { recursive: true });
});

test("the answer names servers without a budget, and is for each value of a condition", async () => {
  const directory = await mkdtemp(join(tmpdir(), "replenish-show-"));
  const text = `
name: mixed
horizon: 60
system:
  servers:
    vm: { policy: deferrable, period: 4, budget: =Q, tasks: { one: { period: 8, wcet: =C } } }
    rest: { policy: dedicated, tasks: { any: { period: 60, wcet: 1 } } }
axes: { C: [1, 3], Q: [1, 2, 3] }
`;
  await runSweep({ text, file: "mixed.yaml", directory, workers: 1 });
  const asked = await Explorer.open(directory);
  const [answer, curves] = [await asked.answer(), await asked.curves("C")];
  await asked.close();
  const least = (c: number, bandwidth: number, cell: number, q: number) => ({
    ...{ given: [`C = ${c} ticks`], policy: undefined, bounded: undefined },
    simulated: { bandwidth, without: ["rest"], cell, axes: [`Q = ${q} ticks`] },
  });
  expect(answer.policies).toStrictEqual([least(1, 0.25, 0, 1), least(3, 0.5, 4, 2)]);
  expect(curves).toMatchObject({
    without: ["rest"],
    bandwidth: [{ points: answer.policies.map(({ simulated }, at) => ({ x: [1, 3][at], y: simulated!.bandwidth })) }],
  });
  const html = await reportPage(directory);
  expect(contentOf(html).curves!.C).toStrictEqual(curves);
  expect(html).toContain(
    "depends on C: from 25\u00a0% of the CPU (C\u00a0=\u00a01\u00a0ticks: Q\u00a0=\u00a01\u00a0ticks, no budget: rest)",
  );
  await rm(directory, { recursive: true });
});

/** Points of a column along an axis, from all rows of a table of tasks: x, and the greatest y. */
function pointsOf(tasks: PageTable, server: string, axis: string, held: ReadonlyMap<string, number>, column: string) {
  const points = new Map<number, number>();
  const others = [...held]
    .filter(([name]) => name !== axis)
    .map(([name, value]) => [tasks.numbers(name), value] as const);
  const [xs, ys] = [tasks.numbers(axis), tasks.numbers(column)];
  for (let row = 0; row < tasks.rows; row++) {
    if (!others.every(([values, value]) => Object.is(values[row], value))) continue;
    if (tasks.value("server", row) !== server || tasks.value("task", row) !== TASK[server]) continue;
    const [x, y] = [xs[row], ys[row]];
    if (!Number.isNaN(x) && !Number.isNaN(y)) points.set(x, Math.max(points.get(x) ?? 0, y));
  }
  return [...points].map(([x, y]) => ({ x, y })).sort((a, b) => a.x - b.x);
}

/** A task of each server. */
const TASK: Readonly<Record<string, string>> = { a: "two", b: "three" };
const SHOWN = ["response_max", "response_p99", "response_p50", "bound"];

/** Asks for the response times along every axis through some cells. @returns how many points there were */
async function compareResponses(asked: Explorer, [cells, , tasks]: readonly PageTable[]): Promise<number> {
  let points = 0;
  for (let row = 1; row < cells.rows; row += Math.ceil(cells.rows / 5))
    for (const { name: axis } of cells.axes)
      for (const [server, task] of Object.entries(TASK)) {
        const held = new Map(cells.axes.map(({ name }) => [name, cells.numbers(name)[row]]));
        const query = { server, task, axis, held };
        const found = await asked.responses(responseParameters(query));
        expect(found).toStrictEqual(new Responses(tasks.columns, query).add(tasks).series());
        const wanted = SHOWN.map((column) => pointsOf(tasks, server, axis, held, column));
        expect((found as Series[]).map((series) => series.points)).toStrictEqual(wanted);
        points += wanted.flat().length;
      }
  return points;
}

/** Asks for maps with the other axes held at those of some cells. @returns how many runs were in them */
async function compareMaps(asked: Explorer, cells: PageTable): Promise<number> {
  const lists = await asked.axisLists();
  let runs = 0;
  for (let row = 0; row < cells.rows; row += Math.ceil(cells.rows / 7)) {
    const held = new Map(cells.axes.map(({ name }) => [name, cells.numbers(name)[row]]));
    held.delete("P");
    const bytes = await asked.map(
      mapParameters({ x: new Bins(cells.column("P"), cells.numbers("P")), y: undefined, colour: "busy", held }),
    );
    const query = { x: axisBins(cells.columns, lists, "P"), y: undefined, colour: "busy", held };
    const squares = new Squares(query).take(bytes.buffer);
    const wanted = rowsHolding(cells, held);
    expect(squares.runs.reduce((sum, count) => sum + count, 0)).toBe(wanted.length);
    for (const one of wanted) expect(squares.runs[query.x.bin(cells.numbers("P")[one])]).toBeGreaterThan(0);
    runs += wanted.length;
  }
  return runs;
}

/** The rows in which axes have these values, each looked at. */
function rowsHolding(cells: PageTable, held: ReadonlyMap<string, number>): number[] {
  const rows = Array.from({ length: cells.rows }, (_, row) => row);
  return rows.filter((row) => [...held].every(([name, value]) => Object.is(cells.numbers(name)[row], value)));
}

test("rows that hold some axes are found by halving, whichever axes are held and however few rows are worth it", async () => {
  const [cells] = tables;
  const reader = await ColumnReader.open(tablePath(directory, "cells"), cells.columns);
  const values = new RowValues(reader);
  const axes = cells.axes.map(({ name }) => name);
  for (let row = 0; row < cells.rows; row += 5)
    for (let some = 0; some < 2 ** axes.length; some++) {
      const chosen = axes.filter((_, axis) => some & (1 << axis));
      const held = new Map(chosen.map((name) => [name, cells.numbers(name)[row]]));
      const wanted = rowsHolding(cells, held);
      for (const least of [0, 3, 9, 100]) {
        const found: number[] = [];
        for await (const { from, to } of values.holding({ from: 0, to: cells.rows }, axes, held, least))
          for (let one = from; one < to; one++) found.push(one);
        expect(found).toStrictEqual([...new Set(found)].sort((a, b) => a - b));
        expect(found).toStrictEqual(least === 0 ? wanted : expect.arrayContaining(wanted));
        if (some === 0b111 && least === 9) expect(found.length).toBeLessThan(cells.rows / 2);
      }
    }
  await reader.close();
});

test("response times along every axis are those of the whole table", async () => {
  expect(await compareResponses(explorer, tables)).toBeGreaterThan(100);
});

test("an axis falls, is not there everywhere, or is sampled: response times are those of the whole table", async () => {
  for (const [name, count, ordering, wcet, axes] of [
    [
      "falling",
      3, // P falls once for each policy
      ["policy", "P", "S", "Q"],
      `'=policy == "idling" ? S : 1'`,
      `axes: { policy: [idling, deferrable], P: [5, 3], S: { values: [1, 2], when: policy = "idling" }, Q: [1, 2] }`,
    ],
    [
      "sampled",
      1,
      ["policy"],
      "1",
      `axes: { policy: [idling, deferrable], P: { from: 5, to: 9, step: 0.5 }, Q: { from: 1, to: 4, step: 0.5 } }
sample: { axes: [P, Q], method: sobol, count: 80 }`,
    ],
    [
      "sampled-first",
      1,
      [],
      "1",
      `axes: { P: { from: 5, to: 9, step: 0.5 }, Q: { from: 1, to: 4, step: 0.5 }, policy: [idling, deferrable] }
sample: { axes: [P, Q], method: sobol, count: 150 }`,
    ],
  ] as const) {
    const text = TEXT.replace(/^axes: .*$/m, axes).replace("period: 9, wcet: 1", `period: 9, wcet: ${wcet}`);
    const other = join(directory, name);
    await runSweep({ text, file: "other.yaml", directory: other, workers: 1 });
    const read: PageTable[] = [];
    for (const table of TABLE_NAMES)
      for await (const piece of readTable(tablePath(other, table))) read.push(tableOf(piece, piece.described));
    const stretches = new Stretches();
    stretches.add(read[0]);
    expect(stretches.ranges.length, name).toBe(count);
    expect(stretches.ordering(read[0].axes.map((axis) => axis.name))).toStrictEqual(ordering);
    const opened = await Explorer.open(other);
    expect(await compareResponses(opened, read), name).toBeGreaterThan(30);
    expect(await compareMaps(opened, read[0]), name).toBeGreaterThan(6);
    await opened.close();
  }
});

test("rows are found, ordered and given as text", async () => {
  const [cells] = tables;
  const query = { filter: "policy=idling P>3", sort: "bandwidth", descending: true, first: 1, count: 3 };
  expect(readRowParameters(rowParameters(query))).toStrictEqual(query);
  const whole = await explorer.rows({ filter: " ", sort: "cell", descending: false, first: 5, count: 3 });
  expect(whole).toStrictEqual({ total: 36, rows: [5, 6, 7].map((number) => cells.row(number).map(valueText)) });
  const last = await explorer.rows({ filter: "", sort: "cell", descending: false, first: 35, count: 3 });
  expect(last.rows).toStrictEqual([cells.row(35).map(valueText)]);
  const { total, rows } = await explorer.rows(query);
  expect(total).toBe(14);
  const numbers = rows.map((row) => 2 * Number(row[0]) + Number(row[1]));
  expect(rows).toStrictEqual(numbers.map((number) => cells.row(number).map(valueText)));
  const bandwidth = numbers.map((number) => cells.numbers("bandwidth")[number]);
  expect(bandwidth).toStrictEqual([...bandwidth].sort((a, b) => b - a));
});

test("an axis of more than 4096 values has no response times, and it is said why", async () => {
  const long = join(directory, "long");
  const text = TEXT.replace(/^axes: .*$/m, "axes: { policy: [idling], P: { from: 3, to: 4099, step: 1 }, Q: [1, 2] }");
  await runSweep({
    text: text.replace(/^(replicates|analysis): .*$/gm, "").replace("horizon: 60", "horizon: 10"),
    file: "long.yaml",
    directory: long,
    workers: 1,
  });
  const opened = await Explorer.open(long);
  const query = { server: "a", task: "one", held: new Map(Object.entries({ policy: 0, P: 3, Q: 2 })) };
  expect(await opened.responses(responseParameters({ ...query, axis: "P" }))).toBe(
    "Response times along P are left out: it has 4,097 values, more than 4,096.",
  );
  const [greatest] = (await opened.responses(responseParameters({ ...query, axis: "Q" }))) as Series[];
  expect(greatest.points.map(({ x }) => x)).toStrictEqual([1, 2]);
  await opened.close();
});

interface Asked {
  readonly status: number | undefined;
  readonly body: string;
  readonly headers: Readonly<Record<string, unknown>>;
}

function ask(path: string, options: { method?: string; host?: string } = {}): Promise<Asked> {
  const { port, hostname } = new URL(serving.address);
  const { method = "GET", host } = options;
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path, method, ...(host && { headers: { host } }) }, (response) => {
      let body = "";
      response.on("data", (data) => {
        body += data;
      });
      response.on("end", () => resolve({ status: response.statusCode, body, headers: response.headers }));
    });
    sent.on("error", reject);
    sent.end();
  });
}

test("the server answers its page, and nobody without the token", async () => {
  const { pathname, hostname } = new URL(serving.address);
  expect(hostname).toBe("127.0.0.1");
  expect(pathname).toMatch(/^\/[0-9a-f]{64}\/$/);
  const page = await ask(pathname);
  expect(page).toMatchObject({ status: 200, body: "<!doctype html>" });
  expect(page.headers).toMatchObject({
    "content-security-policy": "frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
  });
  const run = await ask(`${pathname}run?cell=3&replicate=1`);
  expect(JSON.parse(run.body, fromJson)).toStrictEqual(await explorer.run(3, 1));
  expect(await ask(`${pathname}run?cell=3&replicate=1`, { method: "HEAD" })).toMatchObject({ status: 200, body: "" });
  const last = pathname.at(-2) === "0" ? "1" : "0";
  for (const path of ["/", "/run?cell=0&replicate=0", `${pathname.slice(0, -2)}${last}/`, `${pathname}../sweep.yaml`])
    expect(await ask(path), path).toMatchObject({ status: 404, body: "not found" });
  for (const path of ["plan.json", "cells.arrow", "%2e%2e/plan.json", "..%2fplan.json", "toString", "constructor"])
    expect(await ask(`${pathname}${path}`), path).toMatchObject({ status: 404, body: "not found" });
  expect(await ask(pathname, { host: "evil.example:80" })).toMatchObject({ status: 404, body: "not found" });
});

test("the server writes nothing, and says what is wrong with a question", async () => {
  const { pathname } = new URL(serving.address);
  for (const method of ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
    expect(await ask(pathname, { method }), method).toMatchObject({ status: 405, headers: { allow: "GET, HEAD" } });
  for (const [path, message] of [
    ["run?cell=x&replicate=0", "cell is a whole number"],
    ["rows?filter=nothing%3D1&sort=cell", "there is no column nothing"],
    ["rows?sort=nothing", "there is no column nothing"],
    ["map?x=__proto__&colour=busy", "there is no axis __proto__"],
    ["curves?axis=nothing", "there is no axis nothing"],
    ["responses?axis=nothing", "there is no axis nothing"],
    ["responses?axis=P&held=[[%22Q%22,1]]&server=a&task=one", "axis policy is not held"],
    ["responses?axis=P&held=[[%22Q%22,1],[%22policy%22,0]]&server=a&task=none", "there is no task none"],
  ])
    expect(await ask(`${pathname}${path}`), path).toMatchObject({ status: 400, body: message });
  const query = { server: "a", task: "one", axis: "P", held: new Map(Object.entries({ policy: 1, P: 3, Q: 2 })) };
  expect(readResponseParameters(responseParameters(query), await explorer.axisLists())).toStrictEqual(query);
  const { body, status } = await ask(`${pathname}responses?${responseParameters(query).toString()}`);
  expect(status).toBe(200);
  expect(JSON.parse(body)).toStrictEqual(await explorer.responses(responseParameters(query)));
  expect((await ask(`${pathname}map?x=P&colour=busy&held={`)).status).toBe(400);
});
