// replenish help [topic]

import type { Topic } from "../reference/language.js";
import type { Command, OptionRecord, ValuesOf } from "./command.js";

const options = {
  topic: { type: "string", choices: [] as readonly Topic[], describe: "what about; without it, what to do first" },
} as const satisfies OptionRecord;

export type HelpOptions = ValuesOf<typeof options>;

export const help: Command<HelpOptions> = {
  usage: "help [topic]",
  runsNothing: true,
  help: "print a reference page: language, sweep, policies, expressions, columns",
  options,
  tabled: async () => ({ topic: { choices: (await import("../reference/language.js")).TOPIC_NAMES } }),
  examples: ["replenish help policies"],
  run: async (values) => (await import("./bodies/help.js")).helpCommand(values),
};
