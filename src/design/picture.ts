// A design as a figure: for each server the least share of the CPU over its period, and what is chosen for all together.

import { FigureError, type FigureSpec, type Spec, specified } from "../figures/index.js";
import { colourEncoding, lineLayers } from "../figures/lines.js";
import { LIGHT } from "../figures/style.js";
import { formatNumber } from "../report/format.js";
import type { DesignResult } from "./result.js";

/** Of more points a line is drawn without them: they would cover it. */
const POINTS_MAX = 40;
/** The area of a ring around what is chosen, in square CSS pixels. */
const RING = 90;

const WITHOUT = "budget / period";

/** @throws FigureError when no server has a budget that is enough */
export function designFigure(design: DesignResult): FigureSpec {
  const { name, unit, choice, switch: switchCost } = design;
  const cpus = design.host?.cpus ?? 1;
  const withSwitch = switchCost > 0 ? `(budget + ${formatNumber(switchCost)}) / period` : undefined;
  const values = curvesOf(design, withSwitch);
  const drawn = design.servers.filter((server) => values.some(({ colour, y }) => colour === server.name && y !== null));
  if (drawn.length === 0) throw new FigureError("there is nothing to draw: no server has a least budget at any period");
  const texts = drawn.map((server) => server.name);
  const colours = colourEncoding(column(texts), texts);
  const place = { x: axis("x", `period (${unit})`), y: axis("y", "least budget / period") };
  const dash = withSwitch === undefined ? {} : { strokeDash: dashOf(withSwitch) };
  const [lines, points] = lineLayers({ ...place, ...colours, ...dash });
  const isSparse = drawn.every(({ curve }) => curve.length <= POINTS_MAX);
  const rings = ringsOf(design, texts);
  const left = design.servers.filter((server) => !drawn.includes(server)).map((server) => server.name);
  return specified(
    {
      title: `Least bandwidth over period, ${name}`,
      caption: [
        `The least budget with which the analysis guarantees that a server's tasks keep every deadline, divided by the period, over the period (${unit}).`,
        ...(withSwitch === undefined ? [] : [`Broken: ${withSwitch}, with the cost of a switch.`]),
        ...(choice === null || rings.length === 0
          ? []
          : [
              `Rings: what is chosen for all servers together, bandwidth ${formatNumber(choice.bandwidth)}${cpus > 1 ? ` on ${cpus} CPUs` : ""}; one off its line has the budget that it needs beside the others.`,
            ]),
        ...(left.length === 0 ? [] : [`Not drawn, for want of a least budget: ${left.join(", ")}.`]),
      ].join(" "),
      spec: {
        data: { values: [...values.filter(({ colour }) => texts.includes(colour)), ...rings] },
        // A layer without a ring would have an axis without an extent.
        layer: [
          onLines(lines),
          ...(isSparse ? [onLines(points)] : []),
          ...(rings.length === 0 ? [] : [ringLayer({ ...place, color: colours.color })]),
        ],
      },
    },
    {},
    [],
    undefined,
  );
}

interface Point {
  readonly of: "curve" | "choice";
  readonly colour: string;
  readonly by: string;
  readonly x: number;
  /** Null where no budget is enough: the line is open there. */
  readonly y: number | null;
}

function curvesOf({ servers }: DesignResult, withSwitch: string | undefined): Point[] {
  return servers.flatMap(({ name: colour, curve }) =>
    curve.flatMap(({ period: x, bandwidth, bandwidth_with_switch }): Point[] => [
      { of: "curve", colour, by: WITHOUT, x, y: bandwidth },
      ...(withSwitch === undefined
        ? []
        : [{ of: "curve" as const, colour, by: withSwitch, x, y: bandwidth_with_switch }]),
    ]),
  );
}

function ringsOf({ choice }: DesignResult, texts: readonly string[]): Point[] {
  return (choice?.servers ?? []).flatMap(({ name: colour, period, budget }): Point[] =>
    period === null || budget === null || !texts.includes(colour)
      ? []
      : [{ of: "choice", colour, by: WITHOUT, x: period, y: budget / period }],
  );
}

/** The servers as a column, in the order of the sweep. */
function column(texts: readonly string[]) {
  return { name: "server", type: "dictionary", role: "id", description: "server", nullable: false, texts } as const;
}

function axis(field: string, title: string): Spec {
  return { field, type: "quantitative", title };
}

function dashOf(withSwitch: string): Spec {
  const sort = [WITHOUT, withSwitch];
  return { field: "by", type: "nominal", title: null, sort, legend: { symbolType: "stroke" } };
}

function onLines(layer: Spec): Spec {
  const transform = (layer.transform ?? []) as readonly Spec[];
  return { ...layer, transform: [{ filter: 'datum.of === "curve"' }, ...transform] };
}

/** Rings are of paper inside, so that a line that is below can be told from one that passes. */
function ringLayer(encoding: Spec): Spec {
  return {
    mark: { type: "point", shape: "circle", size: RING, strokeWidth: 2.5, fill: LIGHT.paper, opacity: 1 },
    transform: [{ filter: 'datum.of === "choice"' }],
    encoding,
  };
}
