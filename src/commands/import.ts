// replenish import <files..>

import type { Command, OptionRecord, ValuesOf } from "./command.js";

const options = {
  files: {
    type: "string",
    array: true,
    demandOption: true,
    describe:
      "a workload of rt-app (JSON), XML of SimSo, CARTS or Cheddar, or CSV tables of tasks, components (budgets) and cores",
  },
  core: { type: "string", describe: "the core to take, where the tables have several: one CPU is simulated" },
} as const satisfies OptionRecord;

export type ImportOptions = ValuesOf<typeof options>;

export const importFiles: Command<ImportOptions> = {
  usage: "import <files..>",
  runsNothing: true,
  help: "print a sweep made of files of other tools, with a comment for what could not be taken over",
  options,
  examples: ["replenish import tasks.csv > imported.yaml"],
  run: async (values) => (await import("./bodies/import.js")).importCommand(values),
};
