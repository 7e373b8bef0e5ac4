// replenish trace <sweep> [other]

import type { Command, OptionRecord, ValuesOf } from "./command.js";
import { REPEATED, REPLICATE, SET } from "./options.js";

const options = {
  sweep: { type: "string", demandOption: true, describe: "sweep file, or a scenario (JSON)" },
  other: { type: "string", describe: "another one, to compare" },
  set: SET,
  cell: {
    type: "number",
    least: 0,
    most: Number.MAX_SAFE_INTEGER,
    array: true,
    nargs: 1,
    default: [] as number[],
    describe: "cell of the sweep; twice: two cells, to compare",
  },
  replicate: REPLICATE,
  from: { type: "string", describe: "show events from this time on: 100, or 400ms" },
  to: { type: "string", describe: "show events up to this time" },
  title: { type: "string", describe: "title of a picture" },
  width: { type: "number", least: 320, most: 4000, describe: "of a picture, in pixels of 1/96 inch (default: 960)" },
  format: { type: "string", describe: "form of the events" },
  rows: { ...REPEATED, describe: "rows of a picture: host, servers, tasks (default: all)" },
  output: { alias: "o", type: "string", describe: "file to write; .svg, .png and .pdf are pictures (default: stdout)" },
} as const satisfies OptionRecord;

export type TraceOptions = ValuesOf<typeof options>;

export const trace: Command<TraceOptions> = {
  usage: "trace <sweep> [other]",
  help: "simulate one run again with every event shown, or two on one time axis",
  options,
  tabled: async () => {
    const [{ FORMAT_NAMES, FORMATS_HELP }, { ROWS }] = await Promise.all([
      import("../trace/formats.js"),
      import("../trace/svg/svg.js"),
    ]);
    return { format: { describe: FORMATS_HELP, offers: FORMAT_NAMES }, rows: { offers: ROWS } };
  },
  examples: [
    "replenish trace mine.yaml --cell 3 --to 200ms",
    "replenish trace mine.yaml --cell 3 --to 200ms -o cell.svg",
    "replenish trace mine.yaml --cell 3 --to 60ms --width 480 --title 'Cell 3' -o cell.pdf",
  ],
  run: async (values) => (await import("./bodies/trace.js")).traceCommand(values),
};
