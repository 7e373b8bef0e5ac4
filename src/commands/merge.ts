// replenish merge <directories..>

import type { Command, OptionRecord, ValuesOf } from "./command.js";
import { JSON_OBJECT } from "./options.js";

const options = {
  directories: {
    type: "string",
    array: true,
    demandOption: true,
    describe: "directories of shards, or the one that has them in it",
  },
  output: {
    alias: "o",
    type: "string",
    describe: "result directory (default: the one with the shards)",
  },
  force: { type: "boolean", default: false, describe: "discard what is in the result directory" },
  "take-over": { type: "boolean", default: false, describe: "as for run" },
  json: JSON_OBJECT,
} as const satisfies OptionRecord;

export type MergeOptions = ValuesOf<typeof options>;

export const merge: Command<MergeOptions> = {
  usage: "merge <directories..>",
  help: "join the shards of a sweep, and prove that every cell is there exactly once",
  options,
  examples: ["replenish merge results/shards"],
  run: async (values) => (await import("./bodies/merge.js")).mergeCommand(values),
};
