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

/** What stands at the ticks of each axis of a picture, with the places: those to the right, and those up. */
function axesOf(svg: string): { right: string[]; up: string[] } {
  const axes = { right: [] as string[], up: [] as string[] };
  for (const [, group] of svg.matchAll(/role-axis-label"[^>]*>(.*?)<\/g>/gs)) {
    const labels = [...group.matchAll(/translate\(([-\d.]+),([-\d.]+)\)[^>]*>([^<]*)<\/text>/g)];
    const isUp = new Set(labels.map(([, x]) => x)).size === 1 && labels.length > 1;
    (isUp ? axes.up : axes.right).push(labels.map(([, x, y, label]) => `${label} at ${isUp ? y : x}`).join("; "));
  }
  return axes;
}

test("pictures of one figure have the same ticks at the same places, also where their values go less far", async () => {
  const columns = [
    count("cell"),
    axis("P"),
    axis("Q"),
    axis("W"),
    number("miss_ratio"),
    count("unjudged"),
    number("bandwidth"),
  ];
  for (const pictures of [3, 4]) {
    // Values of W go as far as P, and Q and the miss ratio with them.
    const values = Array.from({ length: 12 * pictures }, (_, cell) => {
      const [picture, W, Q] = [Math.floor(cell / 12), 1 + (Math.floor(cell / 3) % 4), 1 + (cell % 3)];
      const P = 7 * picture + 2;
      const missed = Q === 3 ? 0 : (P * Q) / (W * 60);
      return [cell, P, Q * (picture + 1), W * (picture + 1), missed, 0, P / (10 * Q)];
    });
    for (const [kind, request] of [
      ["heatmap", { x: "W", y: "Q", facet: "P" }],
      ["curve", { x: "W", y: "bandwidth", facet: "P" }],
      ["acceptance", { x: "W", facet: "P" }],
      ["boundary", { x: "W", y: "Q", facet: "P" }],
    ] as const) {
      const figure = await figureOf(kind, request, [], () => [rowsOf(columns, values)], SOURCE);
      const { right, up } = axesOf(await svgOf(figure));
      // Of an even number only those at the bottom have an axis to the right; each line of pictures has one up.
      expect(right, `${kind} ${pictures}`).toHaveLength(pictures % 2 === 0 ? 2 : pictures);
      expect(up, `${kind} ${pictures}`).toHaveLength(Math.ceil(pictures / 2));
      expect([new Set(right).size, new Set(up).size], `${kind} ${pictures}`).toEqual([1, 1]);
      expect(right[0].split("; ").length).toBeGreaterThan(2);
    }
  }
});

test("an axis of few values has them as its ticks, with all their digits; one of many, or of long ones, round numbers", async () => {
  const columns = [count("cell"), axis("P"), axis("Q"), number("miss_ratio"), count("unjudged")];
  for (const kind of ["curve", "heatmap"] as const) {
    const labels = async (values: readonly number[]) => {
      const cells = values.flatMap((P, at) => [1, 2].map((Q) => [2 * at + Q, P, Q, 0, 0]));
      const figure = await figureOf(kind, { x: "P" }, [], () => [rowsOf(columns, cells)], SOURCE);
      const [ticks] = axesOf(await svgOf(figure)).right;
      return ticks.split("; ").map((label) => label.replace(/ at .*/, ""));
    };
    expect(await labels([0.25, 0.5, 1, 2, 4, 1000])).toEqual(["0.25", "0.5", "1", "2", "4", "1,000"]);
    expect(await labels([0.125, 0.375, 0.625])).toEqual(["0.125", "0.375", "0.625"]);
    expect(await labels([1 / 3, 1, 2])).toContain("1.0");
    expect(await labels(Array.from({ length: 13 }, (_, at) => 3 * at + 1))).toContain("20");
  }
});

test("numbers that are all equal have an axis around them, with ticks as people write them", async () => {
  const columns = [count("cell"), axis("P"), axis("Q"), number("miss_ratio"), count("unjudged"), number("bandwidth")];
  const rows = rowsOf(
    [...columns, count("switches")],
    [1, 2, 3].map((P) => [P, P, 4, 0, 0, 0.5, P]),
  );
  for (const [kind, request, least, greatest] of [
    ["boundary", { y: "Q" }, "0", "8"],
    ["boundary", { y: "bandwidth" }, "0.0", "1.0"],
    ["curve", { y: "miss_ratio" }, "0.0", "1.0"],
    ["pareto", { x: "switches", y: "bandwidth" }, "0.0", "1.0"],
  ] as const) {
    const svg = await svgOf(await figureOf(kind, request, [], () => [rows], SOURCE));
    const ticks = axesOf(svg).up.map((labels) => labels.split("; ").map((label) => label.replace(/ at .*/, "")));
    expect([ticks[0][0], ticks[0].at(-1)], kind).toEqual([least, greatest]);
  }
});

test("the label of a tick stands below it, also at the end of its axis, where it would touch the one before", async () => {
  const columns = [count("cell"), axis("U"), number("miss_ratio"), count("unjudged")];
  const values = Array.from({ length: 20 }, (_, at) => [at, (at + 1) * 0.025, 0, 0]);
  const svg = await svgOf(await figureOf("acceptance", {}, [], () => [rowsOf(columns, values)], SOURCE));
  expect(axesOf(svg).right.join()).toMatch(/; 0\.45 at 286\.\d+; 0\.50 at 320$/);
  const last = /<text text-anchor="(\w+)"[^>]*>0\.50</.exec(svg);
  expect(last?.[1]).toBe("middle");
});
