// replenish init [file]

import type { Command, OptionRecord, ValuesOf } from "./command.js";

const options = {
  file: { type: "string", describe: "file to write (default: stdout)" },
  example: { type: "string", describe: "one of the ready experiments instead, such as paper; list: their names" },
  force: { type: "boolean", default: false, describe: "replace a file that is there" },
} as const satisfies OptionRecord;

export type InitOptions = ValuesOf<typeof options>;

export const init: Command<InitOptions> = {
  usage: "init [file]",
  runsNothing: true,
  help: "write a sweep to start from, with every line explained",
  options,
  tabled: async () => ({ example: { offers: [...(await import("./bodies/init.js")).exampleNames(), "list"] } }),
  examples: ["replenish init mine.yaml", "replenish init --example paper paper.yaml"],
  run: async (values) => (await import("./bodies/init.js")).initCommand(values),
};
