// replenish diff <a> <b>

import type { Command, OptionRecord, ValuesOf } from "./command.js";
import { JSON_OBJECT } from "./options.js";

const options = {
  a: { type: "string", demandOption: true, describe: "result directory" },
  b: { type: "string", demandOption: true, describe: "result directory" },
  json: JSON_OBJECT,
} as const satisfies OptionRecord;

export type DiffOptions = ValuesOf<typeof options>;

export const diff: Command<DiffOptions> = {
  usage: "diff <a> <b>",
  help: "say what changed between two runs, cell by cell; exit code 5 if anything did",
  options,
  examples: ["replenish diff results/mine results/same"],
  run: async (values) => (await import("./bodies/diff.js")).diffCommand(values),
};
