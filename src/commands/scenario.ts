// replenish scenario <sweep>

import type { Command, OptionRecord, ValuesOf } from "./command.js";
import { SET, SWEEP } from "./options.js";

const options = {
  sweep: SWEEP,
  set: SET,
  cell: { type: "number", least: 0, most: Number.MAX_SAFE_INTEGER, describe: "cell of the sweep" },
  replicate: {
    type: "number",
    least: 0,
    most: Number.MAX_SAFE_INTEGER,
    describe: "replicate of the cell (default: 0)",
  },
} as const satisfies OptionRecord;

export type ScenarioOptions = ValuesOf<typeof options>;

export const scenario: Command<ScenarioOptions> = {
  usage: "scenario <sweep>",
  help: "print one cell of a sweep as a scenario in normal form (JSON), for simulate and other simulators",
  options,
  run: async (values) => (await import("./bodies/scenario.js")).scenarioCommand(values),
};
