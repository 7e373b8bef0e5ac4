// replenish describe <directory>

import type { Command, OptionRecord, ValuesOf } from "./command.js";
import { JSON_OBJECT } from "./options.js";

const options = {
  directory: { type: "string", demandOption: true, describe: "result directory" },
  json: JSON_OBJECT,
} as const satisfies OptionRecord;

export type DescribeOptions = ValuesOf<typeof options>;

export const describe: Command<DescribeOptions> = {
  usage: "describe <directory>",
  runsNothing: true,
  help: "print every column of a run's tables, with its unit and meaning",
  options,
  examples: ["replenish describe results/mine"],
  run: async (values) => (await import("./bodies/describe.js")).describeCommand(values),
};
