// A figure as SVG.

import { expect, test } from "vitest";
import { figureOf } from "../../src/figures/index.js";
import { svgOf } from "../../src/figures/svg.js";
import { axis, count, number, ROWS, rowsOf, SOURCE } from "./rows.js";

test("texts are texts, names are no markup, and equal rows are equal bytes", async () => {
  const figure = () => figureOf("heatmap", {}, [], () => [ROWS], SOURCE);
  const svg = await svgOf(await figure());
  expect(svg).toMatch(
    /^<svg [^>]* role="img"><title>[^<]+<\/title><desc>[^<]+Sweep a &amp; b, plan 0123456789ab\.<\/desc>/,
  );
  expect(svg).toContain('font-family="Inter, Helvetica, Arial, sans-serif"');
  expect(svg).toMatch(/<text [^>]*>idling<\/text>/);
  expect(svg).not.toContain("<script");
  expect(svg).toContain("&lt;script&gt;");
  expect(await svgOf(await figure())).toBe(svg);
});

test("a heat map of values that grow by a factor is drawn, both axes logarithmic", async () => {
  const columns = [count("cell"), axis("P"), axis("Q"), number("miss_ratio"), count("unjudged")];
  const grid = [1, 2, 4, 8, 16].flatMap((P, i) => [1, 2, 4, 8, 16].map((Q, j) => [5 * i + j, P, Q, 0, 0]));
  const svg = await svgOf(await figureOf("heatmap", {}, [], () => [rowsOf(columns, grid)], SOURCE));
  const starts = [...svg.matchAll(/<path d="M([\d.]+),[\d.]+h/g)].map(([, x]) => Math.round(Number(x)));
  expect(starts).toHaveLength(25);
  expect([...new Set(starts)]).toEqual([0, 64, 128, 192, 256]); // as wide as each other
});
