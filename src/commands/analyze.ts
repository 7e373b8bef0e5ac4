// replenish analyze [sweep]

import type { Command, OptionRecord, ValuesOf } from "./command.js";
import { JSON_OBJECT, JSONL, SET, SUBJECT } from "./options.js";

const options = {
  sweep: SUBJECT,
  set: SET,
  json: JSON_OBJECT,
  edp: {
    type: "boolean",
    default: false,
    describe: "host fp: count each budget as there within the server's response, a tighter bound",
  },
  jsonl: { ...JSONL, describe: "one scenario a line in, one result a line out" },
} as const satisfies OptionRecord;

export type AnalyzeOptions = ValuesOf<typeof options>;

export const analyze: Command<AnalyzeOptions> = {
  usage: "analyze [sweep]",
  help: "bound response times and say what is schedulable, for a sweep or a scenario",
  options,
  run: async (values) => (await import("./bodies/analyze.js")).analyzeCommand(values),
};
