// replenish fit <trace>

import type { OutputName } from "../fit/write/outputs.js";
import type { Command, OptionRecord, ValuesOf } from "./command.js";

const options = {
  trace: {
    type: "string",
    demandOption: true,
    describe: "sched_switch events as text: ftrace, trace-cmd report, perf script, systrace; - for stdin",
  },
  thread: {
    type: "string",
    array: true,
    nargs: 1,
    demandOption: "Name a thread of the VM; if the trace has none of that name, the answer lists what ran most.",
    describe: "name or pid of a thread of the VM; several are reported one by one",
  },
  together: {
    type: "boolean",
    default: false,
    describe: "take several threads, or all that bear the name, as one VM: their union",
  },
  rate: { type: "string", describe: "counts in a second, such as 2.4GHz, where times are counts (x86-tsc)" },
  from: { type: "string", describe: "begin of the part to measure, in seconds as in the trace" },
  to: { type: "string", describe: "its end (default: the part in which the VM was at work)" },
  json: { type: "boolean", default: false, describe: "print one JSON object, in milliseconds" },
  tasks: {
    type: "string",
    describe: "file that says what runs in the VM, as in a sweep: { tasks: { control: { period: 20ms, wcet: 3ms } } }",
  },
} as const satisfies OptionRecord;

/** A file for each output that is asked for. */
export type FitOptions = ValuesOf<typeof options> & Readonly<Partial<Record<OutputName, string>>>;

export const fit: Command<FitOptions> = {
  usage: "fit <trace>",
  runsNothing: true,
  help: "find the supply that a virtual machine truly got, in a trace of a real machine",
  options,
  tabled: async () => (await import("../fit/write/outputs.js")).outputOptions(),
  epilogue:
    "The tasks then run under a server like the recorded one: replenish run FILE of --server,\n" +
    "or in the very windows of the recording: replenish simulate FILE of --scenario.",
  examples: ["replenish fit vm.trace --thread control"],
  run: async (values) => (await import("./bodies/fit.js")).fitCommand(values),
};
