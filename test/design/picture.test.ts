// The figure of a design: its lines are the curves, its rings the choice, and it says what is not drawn.

import { expect, test } from "vitest";
import { designFigure } from "../../src/design/picture.js";
import type { DesignPoint, DesignResult, DesignServer } from "../../src/design/result.js";
import { FigureError } from "../../src/figures/index.js";
import { svgOf } from "../../src/figures/svg.js";

const SWITCH = 0.5;

function point(period: number, budget: number | null): DesignPoint {
  const share = (cost: number) => (budget === null ? null : (budget + cost) / period);
  return { period, budget, bandwidth: share(0), bandwidth_with_switch: share(SWITCH), blackout: null };
}

function server(name: string, curve: readonly DesignPoint[]): DesignServer {
  const periods = curve.length === 0 ? null : { from: 1, to: 3, step: 1 };
  const reason = curve.length === 0 ? "dedicated: it has no budget" : null;
  return { name, policy: "idling", scheduler: "fp", periods, curve, best: 1, best_with_switch: 2, reason };
}

const A = server('<b>&"a', [point(1, 0.5), point(2, null), point(4, 3)]);
const B = server("b", [point(2, 0.5), point(4, 1)]);
const NONE = server("none", []);

function design(servers: readonly DesignServer[], switchCost = 0): DesignResult {
  const chosen = (name: string, period: number | null, budget: number | null) => ({
    ...{ name, policy: "idling", priority: 1, period, budget },
  });
  const confirmed = { horizon: 1, holds: true, tasks: [] };
  return {
    ...{ name: "mine", unit: "ms", switch: switchCost, servers, deploy: [] },
    choice: {
      servers: [chosen(A.name, 4, 3), chosen("b", 2, 0.75), chosen("none", null, null)],
      ...{ bandwidth: 0.875, bandwidth_with_switch: 1, optimal: true, confirmed },
    },
  };
}

type Drawn = { data: { values: Record<string, unknown>[] } };
const valuesOf = (result: DesignResult) => (designFigure(result).specification as Drawn).data.values;

test("a line a server with what its curve has, open where no budget is enough, and a ring at what is chosen", () => {
  const values = valuesOf(design([A, B, NONE]));
  expect(values.filter(({ of }) => of === "curve").map(({ colour, x, y }) => [colour, x, y])).toStrictEqual([
    [A.name, 1, 0.5],
    [A.name, 2, null],
    [A.name, 4, 0.75],
    ["b", 2, 0.25],
    ["b", 4, 0.25],
  ]);
  expect(values.filter(({ of }) => of === "choice").map(({ colour, x, y }) => [colour, x, y])).toStrictEqual([
    [A.name, 4, 0.75],
    ["b", 2, 0.375],
  ]);
  const { caption } = designFigure(design([A, B, NONE]));
  expect(caption).toContain("all servers together, bandwidth 0.875; ");
  const host = { cpus: 2, method: "exact search", affinity: false, alone: [], misfits: [] } as const;
  expect(designFigure({ ...design([A, B]), host }).caption).toContain("bandwidth 0.875 on 2 CPUs; ");
  expect(caption).toContain("Not drawn, for want of a least budget: none.");
  expect(caption).not.toContain("Broken");
});

test("the cost of a switch is a broken line more", () => {
  const values = valuesOf(design([B], SWITCH));
  const broken = values.filter(({ by }) => by === "(budget + 0.5) / period");
  expect(broken.map(({ x, y }) => [x, y])).toStrictEqual([
    [2, 0.5],
    [4, 0.375],
  ]);
  expect(designFigure(design([B], SWITCH)).caption).toContain("Broken: (budget + 0.5) / period");
});

test("SVG in equal bytes, in which names are text", async () => {
  const svg = await svgOf(designFigure(design([A, B], SWITCH)));
  expect(svg).not.toContain("<b>");
  expect(svg).toContain("&lt;b&gt;");
  expect(svg).toMatch(/^<svg [^>]*role="img"><title>Least bandwidth over period, mine<\/title>/);
  expect(await svgOf(designFigure(design([A, B], SWITCH)))).toBe(svg);
});

test("where nothing is chosen, the curves are drawn without rings", async () => {
  const figure = designFigure({ ...design([A, B]), choice: null });
  expect(figure.caption).not.toContain("Rings");
  expect(await svgOf(figure)).toContain(">b</text>");
});

test("a design without any budget cannot be drawn", () => {
  expect(() => designFigure(design([server("a", [point(1, null)]), NONE]))).toThrow(FigureError);
  expect(() => designFigure(design([NONE]))).toThrow("there is nothing to draw");
});
