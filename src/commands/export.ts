// replenish export <directory>

import type { Command, OptionRecord, ValuesOf } from "./command.js";

const options = {
  directory: { type: "string", demandOption: true, describe: "result directory" },
  format: {
    type: "string",
    choices: ["parquet", "csv", "jsonl", "notebook"] as const,
    demandOption: true,
    describe: "of the files; notebook: a Jupyter notebook, with Parquet and CSV beside it",
  },
  "partition-by": { type: "string", describe: "axis: a directory for each of its values, as P=3/" },
  output: { alias: "o", type: "string", describe: "directory (default: the result directory)" },
} as const satisfies OptionRecord;

export type ExportOptions = ValuesOf<typeof options>;

export const exportTables: Command<ExportOptions> = {
  usage: "export <directory>",
  runsNothing: true,
  help: "write the tables of a run as Parquet, CSV or JSON lines, or a notebook that loads them",
  options,
  examples: ["replenish export results/mine --format parquet"],
  run: async (values) => (await import("./bodies/export.js")).exportCommand(values),
};
