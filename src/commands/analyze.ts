// replenish analyze [sweep]

import type { Command, OptionRecord, ValuesOf } from "./command.js";
import { CELL, JSON_OBJECT, JSONL, REPLICATE, SET, SUBJECT } from "./options.js";

const options = {
  sweep: SUBJECT,
  set: SET,
  cell: { ...CELL, describe: "one cell of the sweep (default: all)" },
  replicate: { ...REPLICATE, describe: "the replicate whose generated tasks are analysed (default: 0)" },
  json: JSON_OBJECT,
  edp: {
    type: "boolean",
    default: false,
    describe:
      "host fp: count each budget as there within the server's response, a tighter bound; least budgets are without it",
  },
  jsonl: { ...JSONL, describe: "one scenario a line in, one result a line out" },
} as const satisfies OptionRecord;

export type AnalyzeOptions = ValuesOf<typeof options>;

export const analyze: Command<AnalyzeOptions> = {
  usage: "analyze [sweep]",
  help: "bound response times and say what is schedulable, for a sweep or a scenario",
  options,
  examples: ["replenish analyze mine.yaml --set P=10ms"],
  run: async (values) => (await import("./bodies/analyze.js")).analyzeCommand(values),
};
