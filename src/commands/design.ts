// replenish design [sweep]

import { CPUS_MAX } from "../../assembly/abi.js";
import type { MechanismName } from "../design/deploy/index.js";
import type { Command, OptionRecord, ValuesOf } from "./command.js";
import { JSON_OBJECT, JSONL, SET, SUBJECT } from "./options.js";

const options = {
  sweep: SUBJECT,
  set: SET,
  json: JSON_OBJECT,
  cell: {
    type: "number",
    least: 0,
    most: Number.MAX_SAFE_INTEGER,
    describe: "the cell of a sweep to design for",
  },
  cpus: {
    type: "number",
    least: 1,
    most: CPUS_MAX,
    describe: "place the servers on so many CPUs: which on which, what is left; by default as many as the host has",
  },
  periods: { type: "string", describe: "FROM:TO or FROM:TO:STEP (default: to the shortest deadline)" },
  switch: { type: "string", default: "0", describe: "cost of a switch that each period adds" },
  tick: { type: "string", describe: "length of a tick, such as 4ms, where the sweep does not say it" },
  deploy: {
    type: "string",
    choices: [] as readonly (MechanismName | "all")[],
    describe: "print the settings for a real scheduler",
  },
  output: { alias: "o", type: "string", describe: "directory for curves.arrow and design.json" },
  arrow: { type: "string", describe: "file for the curves, Arrow" },
  picture: { type: "string", describe: "file for a picture of the curves and what is chosen: .png, .pdf, else SVG" },
  jsonl: { ...JSONL, describe: "one question a line in, one answer a line out" },
} as const satisfies OptionRecord;

export type DesignOptions = ValuesOf<typeof options>;

export const design: Command<DesignOptions> = {
  usage: "design [sweep]",
  help: "find the least budget for each period, the best period, and settings for real schedulers",
  options,
  tabled: async () => ({
    deploy: { choices: [...(await import("../design/deploy/index.js")).MECHANISM_NAMES, "all"] },
  }),
  examples: [
    "replenish design mine.yaml --cell 0 --deploy sched-deadline",
    "replenish design mine.yaml --cell 0 --cpus 2",
    "replenish design mine.yaml --cell 0 --picture least.pdf",
  ],
  run: async (values) => (await import("./bodies/design.js")).designCommand(values),
};
