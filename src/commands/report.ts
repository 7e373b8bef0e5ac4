// replenish report <directory>

import type { Command, OptionRecord, ValuesOf } from "./command.js";

const options = {
  directory: { type: "string", demandOption: true, describe: "result directory of a finished run" },
  output: { alias: "o", type: "string", describe: "file to write (default: report.html in the directory)" },
} as const satisfies OptionRecord;

export type ReportOptions = ValuesOf<typeof options>;

export const report: Command<ReportOptions> = {
  usage: "report <directory>",
  help: "write a page that shows a run, and simulates its cells while you look: one HTML file, no network",
  runsNothing: true,
  options,
  examples: ["replenish report results/mine -o mine.html"],
  run: async (values) => (await import("./bodies/report.js")).reportCommand(values),
};
