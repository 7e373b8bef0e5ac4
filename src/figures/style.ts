// How every figure looks: fonts, sizes, and colours that the colour-blind tell apart, and that print in grey.

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

export const NO_VALUE = "#d9d9d9";
export const OPEN = "#bdbdbd";
/** Of a verdict: true, false, unknown. */
export const VERDICTS = { true: "#0072b2", false: "#e69f00", unknown: OPEN } as const;

/** The width of a figure over one column of a paper, and its height, in CSS pixels (1/96 inch). */
export const SIZE = { width: 320, height: 220 } as const;
export const FACET_SIZE = { width: 250, height: 190 } as const;

const INK = "#222222";

/** The part of a specification that is the same in every figure. */
export const CONFIG: Spec = {
  font: FONT,
  background: "white",
  aria: false, // a name for each of thousands of marks is most of a file; title and caption say what is seen
  padding: 6,
  view: { stroke: null },
  title: { fontSize: 13, fontWeight: 600, color: INK, anchor: "start", offset: 8, subtitleFontSize: 11 },
  axis: {
    labelFontSize: 11,
    titleFontSize: 11,
    titleFontWeight: 400,
    labelColor: INK,
    titleColor: INK,
    domainColor: INK,
    tickColor: INK,
    gridColor: "#e5e5e5",
  },
  header: { labelFontSize: 11, labelFontWeight: 600, labelColor: INK, titleFontSize: 11, titleFontWeight: 400 },
  legend: {
    labelFontSize: 11,
    titleFontSize: 11,
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
