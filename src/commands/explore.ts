// replenish explore <directory>

import type { Command, OptionRecord, ValuesOf } from "./command.js";

const options = {
  directory: { type: "string", demandOption: true, describe: "result directory of a finished run" },
  port: { type: "number", least: 0, most: 65_535, default: 0, describe: "port of 127.0.0.1 (0: a free one)" },
  open: { type: "boolean", default: false, describe: "open a browser" },
} as const satisfies OptionRecord;

export type ExploreOptions = ValuesOf<typeof options>;

export const explore: Command<ExploreOptions> = {
  usage: "explore <directory>",
  help: "serve the page of a run that is too large for a file, on this machine alone, until it is interrupted",
  runsNothing: true,
  options,
  examples: ["replenish explore results/mine"],
  run: async (values) => (await import("./bodies/explore.js")).exploreCommand(values),
};
