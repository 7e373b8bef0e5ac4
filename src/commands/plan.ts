// replenish plan <sweep>

import type { Command, OptionRecord, ValuesOf } from "./command.js";
import { JSON_OBJECT, SET, SWEEP } from "./options.js";

const options = {
  sweep: SWEEP,
  set: SET,
  json: JSON_OBJECT,
} as const satisfies OptionRecord;

export type PlanOptions = ValuesOf<typeof options>;

export const plan: Command<PlanOptions> = {
  usage: "plan <sweep>",
  help: "show the axes, cells and rows of a sweep, and run nothing",
  options,
  examples: ["replenish plan mine.yaml --set P=10ms"],
  run: async (values) => (await import("./bodies/plan.js")).planCommand(values),
};
