// Heat maps as lines of text: one character a square, on a colour where a terminal has colours, so that nothing is lost when
// it is copied; with a legend that says what each means.

import { axisTitle } from "./cheapest.js";
import { labelsOf } from "./format.js";
import type { HeatMaps, Square } from "./heat-map.js";
import { type Colour, onColour, type Style } from "./style.js";

/** One kind of square: its character without colours, its colour, and what it means. Tenths of the miss ratio. */
interface Mark {
  readonly character: string;
  readonly colour: Colour;
}

/** From no miss (blue) over yellow to every job missed (dark red): told apart by the colour-blind as well. */
const MARKS: readonly Mark[] = [
  { character: ".", colour: { rgb: [49, 130, 189], number: 74 } },
  { character: "1", colour: { rgb: [255, 255, 191], number: 230 } },
  { character: "2", colour: { rgb: [254, 240, 165], number: 229 } },
  { character: "3", colour: { rgb: [254, 224, 139], number: 222 } },
  { character: "4", colour: { rgb: [253, 199, 118], number: 221 } },
  { character: "5", colour: { rgb: [253, 174, 97], number: 215 } },
  { character: "6", colour: { rgb: [249, 141, 82], number: 209 } },
  { character: "7", colour: { rgb: [244, 109, 67], number: 203 } },
  { character: "8", colour: { rgb: [228, 79, 53], number: 167 } },
  { character: "9", colour: { rgb: [213, 48, 39], number: 124 } },
  { character: "#", colour: { rgb: [165, 0, 38], number: 88 } },
];
const NO_RESULT = "!";
const NOT_JUDGED = "?";

/** All maps, one below the other, and the legend. */
export function heatMapLines(maps: HeatMaps, style: Style): string[] {
  const { chosen, axes } = maps;
  const titles = chosen.text === undefined ? [undefined] : axes[chosen.text].texts!;
  const lines: string[] = [];
  titles.forEach((text, map) => {
    lines.push(...oneMap(maps, map, text, style), "");
  });
  return [...lines, ...legend(style, maps.hasUnjudged)];
}

function oneMap(maps: HeatMaps, map: number, text: string | undefined, style: Style): string[] {
  const { chosen, axes } = maps;
  const { x, y, xScale, yScale } = chosen;
  const rowLabels = yScale === undefined ? [""] : labelsOf(yScale.starts, 4);
  const margin = Math.max(2, ...rowLabels.map((label) => label.length)) + 1;
  const width = xScale.starts.length;
  const wide = 2 * width + margin + 2 <= style.columns && width <= 30 ? 2 : 1;
  const subject = text === undefined ? "" : `, ${axes[chosen.text!].name} = ${text}`;
  const lines = [`Miss ratio${subject}`];
  if (y !== undefined) lines.push(`${axisTitle(axes[y])}${grouping(yScale?.grouping, "row")}`);
  for (let row = rowLabels.length - 1; row >= 0; row--) {
    const squares = Array.from({ length: width }, (_, column) => maps.square(map, row, column));
    lines.push(`${rowLabels[row].padStart(margin)} |${drawn(squares, wide, style)}`.trimEnd());
  }
  const indent = " ".repeat(margin + 1);
  lines.push(`${indent}+${"-".repeat(wide * width)}`);
  lines.push(`${indent} ${ticks(xScale.starts, wide)}`);
  lines.push(`${indent} ${axisTitle(axes[x])}${grouping(xScale.grouping, "column")}`);
  return lines;
}

function grouping(text: string | undefined, what: string): string {
  return text === undefined ? "" : `, ${text} a ${what}`;
}

/** One row of squares; neighbours of one colour share their escape sequence. */
function drawn(squares: readonly Square[], wide: number, style: Style): string {
  let line = "";
  for (let from = 0; from < squares.length; ) {
    const mark = markOf(squares[from]);
    let to = from + 1;
    while (to < squares.length && markOf(squares[to]) === mark) to++;
    const length = (to - from) * wide;
    if (typeof mark === "string") line += mark.repeat(length);
    else line += onColour(mark.character.repeat(length), mark.colour, style.colour);
    from = to;
  }
  return line;
}

function markOf(square: Square): Mark | string {
  if (square === "blank") return " ";
  if (square === "no result") return NO_RESULT;
  if (square === "not judged") return NOT_JUDGED;
  return MARKS[square === 0 ? 0 : Math.min(10, Math.max(1, Math.ceil(square * 10)))];
}

/** Values below the map, each where its column begins, at equal distances that leave room between them. */
function ticks(starts: readonly number[], wide: number): string {
  const labels = labelsOf(starts, 4);
  const longest = Math.max(...labels.map((label) => label.length));
  const room = longest === 1 ? 2 : longest + 2;
  const every = [1, 2, 5, 10, 20, 50, 100].find((step) => step * wide >= room) ?? starts.length;
  return labels.reduce((line, label, bin) => (bin % every === 0 ? line.padEnd(bin * wide) + label : line), "");
}

function legend({ colour }: Style, hasUnjudged: boolean): string[] {
  const swatch = (tenths: number) => onColour(MARKS[tenths].character, MARKS[tenths].colour, colour);
  const steps = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((tenths) => `${swatch(tenths)} ${tenths}0`);
  return [
    `${swatch(0)} no miss; up to ${steps.join(", ")} %; ${swatch(10)} more`,
    `${NO_RESULT} no result; ${hasUnjudged ? `${NOT_JUDGED} no miss, but not every task was judged; ` : ""}blank: not in the grid`,
  ];
}

/** Which axes a map averages over, for its caption. */
export function averagedAxes(maps: HeatMaps): string[] {
  return maps.chosen.averaged.map((axis) => maps.axes[axis].name);
}
