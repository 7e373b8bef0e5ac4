// replenish run <sweep>

import type { Command, OptionRecord, ValuesOf } from "./command.js";
import { JSON_OBJECT, OUTPUT_DIRECTORY, SET, SWEEP, WORKERS } from "./options.js";

const options = {
  sweep: SWEEP,
  set: SET,
  json: JSON_OBJECT,
  output: OUTPUT_DIRECTORY,
  workers: WORKERS,
  "fail-fast": { type: "boolean", default: false, describe: "stop at the first cell that fails" },
  force: { type: "boolean", default: false, describe: "discard what is in the directory and start over" },
  "take-over": {
    type: "boolean",
    default: false,
    describe: "go on in a directory that another process seems to use, once it is certain that none does",
  },
  shard: { type: "string", describe: "only the I-th of N shares of the cells: I/N; auto in an array job" },
  leap: {
    type: "boolean",
    default: true,
    describe: "leap over repeating cycles; the tables are the same, --no-leap only takes longer",
  },
  "time-limit": { type: "string", describe: "stop early after 8h, 90min or 30s" },
  map: { type: "string", negatable: true, describe: "axes of the map: to the right and upwards, X,Y; --no-map: none" },
  quiet: { type: "boolean", default: false, describe: "no progress and no summary" },
} as const satisfies OptionRecord;

export type RunOptions = ValuesOf<typeof options>;

export const run: Command<RunOptions> = {
  usage: "run <sweep>",
  help: "simulate every cell of a sweep and write the tables; goes on where an interrupted run stopped",
  options,
  examples: [
    "replenish run mine.yaml -o results/mine",
    "replenish run mine.yaml --set P=10ms,20ms --set replicates=10 -o results/more",
  ],
  run: async (values) => (await import("./bodies/run.js")).runCommand(values),
};
