// replenish check <sweep>

import type { Command, OptionRecord, ValuesOf } from "./command.js";
import { JSON_OBJECT, SET, SWEEP } from "./options.js";

const options = {
  sweep: SWEEP,
  set: SET,
  json: JSON_OBJECT,
} as const satisfies OptionRecord;

export type CheckOptions = ValuesOf<typeof options>;

export const check: Command<CheckOptions> = {
  usage: "check <sweep>",
  help: "say what is wrong with a sweep, and run nothing",
  options,
  examples: ["replenish check mine.yaml"],
  run: async (values) => (await import("./bodies/plan.js")).checkCommand(values),
};
