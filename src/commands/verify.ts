// replenish verify <directory>

import type { Command, OptionRecord, ValuesOf } from "./command.js";
import { JSON_OBJECT, WORKERS } from "./options.js";

const options = {
  directory: { type: "string", demandOption: true, describe: "result directory" },
  sample: {
    type: "number",
    least: 1,
    most: 1_000_000,
    default: 100,
    describe: "how many cells are drawn",
  },
  all: { type: "boolean", default: false, describe: "every cell" },
  seed: { type: "number", least: 0, most: Number.MAX_SAFE_INTEGER, default: 1, describe: "of the draw" },
  workers: WORKERS,
  json: JSON_OBJECT,
} as const satisfies OptionRecord;

export type VerifyOptions = ValuesOf<typeof options>;

export const verify: Command<VerifyOptions> = {
  usage: "verify <directory>",
  help: "compute cells of a finished run again and compare; exit code 5 if anything differs",
  options,
  examples: ["replenish verify results/mine"],
  run: async (values) => (await import("./bodies/verify.js")).verifyCommand(values),
};
