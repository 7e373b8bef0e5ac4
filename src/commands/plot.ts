// replenish plot <directory>

import type { FigureName } from "../figures/index.js";
import type { RunTable } from "../tables/columns.js";
import type { Command, OptionRecord, ValuesOf } from "./command.js";
import { REPEATED } from "./options.js";

const PIXELS = { type: "number", least: 40, most: 4000 } as const;

const options = {
  directory: { type: "string", demandOption: true, describe: "result directory" },
  kind: { type: "string", choices: [] as readonly FigureName[], describe: "what is drawn", default: "heatmap" },
  x: { type: "string", describe: "column to the right (default: an axis that varies)" },
  y: { type: "string", describe: "column upwards" },
  colour: { alias: "color", type: "string", describe: "column as colour" },
  facet: { type: "string", describe: "column with one picture a value" },
  where: { ...REPEATED, describe: 'only rows with this condition, such as policy == "idling" or P <= 10' },
  table: { type: "string", choices: [] as readonly RunTable[], describe: "table (default: the one with the columns)" },
  title: { type: "string", describe: "title (default: what is drawn)" },
  width: { ...PIXELS, describe: "of a picture without its axes, in pixels of 1/96 inch" },
  height: { ...PIXELS, describe: "of a picture without its axes" },
  spec: { type: "boolean", default: false, describe: "write the Vega-Lite specification, with its data" },
  output: {
    alias: "o",
    type: "string",
    describe: "file: .svg, .png, .pdf, or .json with --spec (default: SVG to stdout)",
  },
} as const satisfies OptionRecord;

export type PlotOptions = ValuesOf<typeof options>;

export const plot: Command<PlotOptions> = {
  usage: "plot <directory>",
  runsNothing: true,
  help: "draw a figure of a run for a paper: SVG, PNG, PDF, or a Vega-Lite specification",
  options,
  tabled: async () => {
    const [{ FIGURE_NAMES }, { RUN_TABLES }] = await Promise.all([
      import("../figures/index.js"),
      import("../tables/columns.js"),
    ]);
    return { kind: { choices: FIGURE_NAMES }, table: { choices: RUN_TABLES } };
  },
  examples: [
    "replenish plot results/mine -o misses.pdf",
    "replenish plot results/mine --kind acceptance --x U -o acceptance.svg",
  ],
  run: async (values) => (await import("./bodies/plot.js")).plotCommand(values),
};
