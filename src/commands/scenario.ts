// replenish scenario <sweep>

import type { Command, OptionRecord, ValuesOf } from "./command.js";
import { CELL, REPLICATE, SET, SWEEP } from "./options.js";

const options = {
  sweep: SWEEP,
  set: SET,
  cell: CELL,
  replicate: REPLICATE,
} as const satisfies OptionRecord;

export type ScenarioOptions = ValuesOf<typeof options>;

export const scenario: Command<ScenarioOptions> = {
  usage: "scenario <sweep>",
  help: "print one cell of a sweep as a scenario in normal form (JSON), for simulate and other simulators",
  options,
  examples: ["replenish scenario mine.yaml --cell 0 > cell.json"],
  run: async (values) => (await import("./bodies/scenario.js")).scenarioCommand(values),
};
