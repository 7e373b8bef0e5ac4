// Every kind of figure in every format: the libraries warn of nothing, the specification is what Vega-Lite's schema allows.

import { copyFileSync, mkdtempSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv } from "ajv";
import { expect, test } from "vitest";
import { designCommand } from "../../src/commands/bodies/design.js";
import { plotCommand } from "../../src/commands/bodies/plot.js";
import type { PlotOptions } from "../../src/commands/plot.js";
import { FIGURE_NAMES, type FigureName, figureOf } from "../../src/figures/index.js";
import { fileOfFigure, fileOfPicture } from "../../src/figures/raster.js";
import { svgOf } from "../../src/figures/svg.js";
import { runSweep } from "../../src/run/run.js";
import { printedBy } from "../commands/capture.js";
import { number, ROWS, rowsOf, SOURCE, textAxis } from "../figures/rows.js";
import { textOf, tracedOf } from "../trace/support.js";

const ROOT = join(import.meta.dirname, "../..");
const PERCENTILES = ["min", "p50", "p90", "p99", "p999", "max"].map((name) => number(`response_${name}`, "ms"));
const TASKS = rowsOf(
  [{ ...textAxis("task", ["a", "b"]), role: "id" as const }, ...PERCENTILES],
  [
    ["a", 1, 2, 3, 4, 5, 6],
    ["b", 2, 2, 4, 4, 8, 9],
  ],
);
const figure = (kind: FigureName, colour?: string) =>
  figureOf(kind, { colour }, [], () => [kind === "distribution" ? TASKS : ROWS], SOURCE);

const { resolve } = createRequire(import.meta.url);
const schema = JSON.parse(readFileSync(resolve("vega-lite/vega-lite-schema.json"), "utf8"));
const isSpecification = new Ajv({
  strict: false,
  formats: { "color-hex": true, uri: true, "uri-reference": true },
}).compile(schema);

test.each([
  ...FIGURE_NAMES.map((kind) => [kind, undefined] as const),
  ["heatmap", "switches"],
  ["heatmap", "schedulable"],
] as const)("%s, colour %s", async (kind, colour) => {
  const made = await figure(kind, colour);
  isSpecification(made.specification);
  expect(isSpecification.errors ?? []).toEqual([]);
  const svg = await svgOf(made);
  expect(await svgOf(await figure(kind, colour))).toBe(svg);
  expect((await fileOfFigure(made, ".png")).length).toBeGreaterThan(5000);
  expect((await fileOfFigure(made, ".pdf")).length).toBeGreaterThan(5000);
});

test("PNG: its size, and title and caption in it", async () => {
  const { title, ...rest } = await figure("curve");
  const png = Buffer.from(await fileOfFigure({ title: "Größe ≤ 1", ...rest }, ".png"));
  expect(png.subarray(1, 4).toString()).toBe("PNG");
  expect(png.readUInt32BE(16)).toBeGreaterThan(900); // three dots a pixel
  expect(png.includes(Buffer.from("iTXtTitle\0\0\0\0\0Größe ≤ 1"))).toBe(true);
  expect(png.includes(Buffer.from(rest.caption))).toBe(true);
  expect(title).toBe("Miss ratio over P by policy");
});

test("PDF: a font is embedded, title and caption are in it, and equal figures are equal bytes", async () => {
  const [first, second] = [
    await fileOfFigure(await figure("boundary"), ".pdf"),
    await fileOfFigure(await figure("boundary"), ".pdf"),
  ];
  const text = Buffer.from(first).toString("latin1");
  expect(text).toMatch(/^%PDF-1\.\d/);
  expect(text).toContain("/Title (Least Q over P by policy)");
  expect(text).toMatch(/\/FontFile2 /);
  expect(text).toMatch(/\/ToUnicode /);
  expect(Buffer.compare(first, second)).toBe(0);
});

test("a trace's picture as PNG and PDF: its size, its texts, patterns over colours, equal bytes", async () => {
  const servers = ["a", "b"].map((name) => ({
    ...{ name, policy: "idling", period: 6, budget: 3 },
    tasks: [{ name: `t${name}`, period: 6, wcet: 2 }],
  }));
  const svg = textOf(tracedOf({ horizon: 30, servers }), "svg");
  expect(svg).toContain('class="p1"');
  const png = Buffer.from(await fileOfPicture(svg, ".png"));
  expect(png.readUInt32BE(16)).toBe(3 * 960);
  expect(png.includes(Buffer.from("jobs released"))).toBe(true);
  const pdf = Buffer.from(await fileOfPicture(svg, ".pdf"));
  expect(pdf.toString("latin1")).toMatch(/\/FontFile2 /);
  expect(pdf.toString("latin1")).not.toMatch(/\/Subtype \/Image/);
  for (const [end, bytes] of [
    [".png", png],
    [".pdf", pdf],
  ] as const)
    expect(Buffer.compare(bytes, await fileOfPicture(svg, end))).toBe(0);
});

test("the figure of docs/figures.md is that of the paper's sweep", async () => {
  const directory = join(mkdtempSync(join(tmpdir(), "replenish-figure-")), "paper");
  const file = join(ROOT, "sweeps/paper.yaml");
  await runSweep({ text: readFileSync(file, "utf8"), file, directory, workers: 1 });
  const svg = join(directory, "least.svg");
  const options: PlotOptions = { directory, kind: "boundary", x: "P", y: "Q", where: [], spec: false, output: svg };
  expect(await plotCommand(options)).toBe(0);
  const golden = join(ROOT, "sweeps/figures/least-budget.svg");
  if (process.env.UPDATE_GOLDEN !== undefined) copyFileSync(svg, golden);
  expect(readFileSync(svg, "utf8")).toBe(readFileSync(golden, "utf8"));
});

test("the picture of a design in docs/figures.md is that of the paper's sweep; PNG and PDF by the file's name", async () => {
  const directory = mkdtempSync(join(tmpdir(), "replenish-design-"));
  const asked = { set: [], json: false, jsonl: false, cell: 0, periods: "0.25:20", switch: "0.25" };
  const pictured = async (name: string) => {
    const picture = join(directory, name);
    const { code } = await printedBy(() =>
      designCommand({ sweep: join(ROOT, "sweeps/paper.yaml"), ...asked, picture }),
    );
    expect(code).toBe(0);
    return readFileSync(picture);
  };
  const golden = join(ROOT, "sweeps/figures/design.svg");
  const svg = (await pictured("design.svg")).toString();
  if (process.env.UPDATE_GOLDEN !== undefined) copyFileSync(join(directory, "design.svg"), golden);
  expect(svg).toBe(readFileSync(golden, "utf8"));
  expect((await pictured("design.png")).subarray(1, 4).toString()).toBe("PNG");
  expect((await pictured("design.pdf")).toString("latin1")).toMatch(/^%PDF-/);
});
