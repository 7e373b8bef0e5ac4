// replenish simulate [file]

import type { Command, OptionRecord, ValuesOf } from "./command.js";
import { CELL, JSONL, REPLICATE, SET } from "./options.js";

const options = {
  file: { type: "string", default: "-", describe: "file with the scenario, - for stdin; with --cell a sweep" },
  set: SET,
  cell: { ...CELL, describe: "cell of a sweep, to be simulated in steps of its resolution" },
  replicate: REPLICATE,
  jsonl: { ...JSONL, describe: "one scenario a line in, one result a line out" },
  leap: { type: "boolean", default: true, describe: "leap over repeating cycles; the result is the same" },
} as const satisfies OptionRecord;

export type SimulateOptions = ValuesOf<typeof options>;

export const simulate: Command<SimulateOptions> = {
  usage: "simulate [file]",
  help: "simulate one scenario in normal form (JSON), or one cell of a sweep, and print its result",
  options,
  examples: ["replenish scenario mine.yaml --cell 0 | replenish simulate"],
  run: async (values) => (await import("./bodies/simulate.js")).simulateCommand(values),
};
