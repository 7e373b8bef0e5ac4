// A figure as SVG.

import { expect, test } from "vitest";
import { figureOf } from "../../src/figures/index.js";
import { svgOf } from "../../src/figures/svg.js";
import { ROWS, SOURCE } from "./rows.js";

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
