// How every picture looks, of a run's tables, of a trace, of a fit: fonts, sizes, and colours that the colour-blind tell apart, and that print in grey.

import type { Spec } from "./figure.js";

/** The font that PNG and PDF embed, and what stands in for it where an SVG is shown without it. */
export const FONT = "Inter, Helvetica, Arial, sans-serif";

/** Eight colours by M. Okabe and K. Ito, "Color universal design" (2008), in an order in which neighbours differ in grey. */
export const CATEGORIES = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#d55e00", "#56b4e9", "#000000", "#f0e442"];

/** From no miss (blue) over yellow to nearly every job (dark red): those of the map on the terminal. */
export const RATIOS = [
  ...["#3182bd", "#ffffbf", "#fef0a5", "#fee08b", "#fdc776", "#fdae61"],
  ...["#f98d52", "#f46d43", "#e44f35", "#d53027", "#a50026"],
];

/** What is missed or broken, and nothing else in a picture of time. */
export const MISS = "#d55e00";
/** Of those that share a CPU: the colours that are not said to be a miss, and not black as lines and text are. */
export const SHARERS = CATEGORIES.filter((colour) => colour !== MISS && colour !== "#000000");

export const NO_VALUE = "#d9d9d9";
export const OPEN = "#bdbdbd";
/** Of a verdict: true, false, unknown. */
export const VERDICTS = { true: "#0072b2", false: "#e69f00", unknown: OPEN } as const;

/** The width of a figure over one column of a paper, and its height, in CSS pixels (1/96 inch). */
export const SIZE = { width: 320, height: 220 } as const;
export const FACET_SIZE = { width: 250, height: 190 } as const;

/** Sizes of text in CSS pixels: of a title, and of all that is read beside marks. */
export const TITLE_SIZE = 13;
export const TEXT_SIZE = 11;

/** Colours of what is not data. */
export interface Theme {
  readonly paper: string;
  readonly ink: string;
  /** Of text that is not read first. */
  readonly dim: string;
  readonly grid: string;
}

export const LIGHT: Theme = { paper: "#ffffff", ink: "#222222", dim: "#59636e", grid: "#e5e5e5" };
/** On a dark screen. Paper is white, whatever the screen is. */
export const DARK: Theme = { paper: "#0f1318", ink: "#e6edf3", dim: "#9aa4af", grid: "#262c34" };
/** Which rules hold on a dark screen only. */
export const ON_DARK = "@media screen and (prefers-color-scheme:dark)";

const { ink: INK } = LIGHT;

/** The part of a specification that is the same in every figure. */
export const CONFIG: Spec = {
  font: FONT,
  background: "white",
  aria: false, // a name for each of thousands of marks is most of a file; title and caption say what is seen
  padding: 6,
  view: { stroke: null },
  title: { fontSize: TITLE_SIZE, fontWeight: 600, color: INK, anchor: "start", offset: 8, subtitleFontSize: TEXT_SIZE },
  axis: {
    labelFontSize: TEXT_SIZE,
    titleFontSize: TEXT_SIZE,
    titleFontWeight: 400,
    labelColor: INK,
    titleColor: INK,
    domainColor: INK,
    tickColor: INK,
    gridColor: LIGHT.grid,
    labelFlush: false, // moved inwards, the last label would touch the one before it
    labelSeparation: 6,
  },
  header: {
    labelFontSize: TEXT_SIZE,
    labelFontWeight: 600,
    labelColor: INK,
    titleFontSize: TEXT_SIZE,
    titleFontWeight: 400,
  },
  legend: {
    labelFontSize: TEXT_SIZE,
    titleFontSize: TEXT_SIZE,
    titleFontWeight: 400,
    labelColor: INK,
    titleColor: INK,
    labelLimit: 240,
    symbolOpacity: 1,
  },
  range: { category: CATEGORIES },
  line: { strokeWidth: 1.75 },
  point: { size: 24 },
};

/** Lines of one colour each are told apart by the form of their points as well. */
export const SHAPES = [
  "circle",
  "square",
  "triangle-up",
  "diamond",
  "cross",
  "triangle-down",
  "triangle-right",
  "triangle-left",
];
