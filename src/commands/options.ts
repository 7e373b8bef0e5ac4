// Options that several commands have.

/** An option that may be given several times. */
export const REPEATED = { type: "string", array: true, nargs: 1, default: [] as string[] } as const;

export const SWEEP = { type: "string", demandOption: true, describe: "sweep file, YAML or JSON" } as const;
export const SET = { ...REPEATED, describe: "replace an axis or setting: NAME=VALUES" } as const;
export const JSON_OBJECT = { type: "boolean", default: false, describe: "print one JSON object" } as const;
export const WORKERS = {
  type: "number",
  least: 1,
  most: 1024,
  describe: "worker threads (default: one a core)",
} as const;
export const OUTPUT_DIRECTORY = {
  alias: "o",
  type: "string",
  describe: "result directory (default: results/NAME)",
} as const;

/** Of the commands that are asked about a sweep or a scenario. */
export const SUBJECT = {
  type: "string",
  default: "-",
  describe: "sweep file, or a scenario in normal form (JSON); - for stdin",
} as const;

/** Of the commands that answer a stream. */
export const JSONL = { type: "boolean", default: false } as const;

/** A run of a sweep. */
export const CELL = {
  type: "number",
  least: 0,
  most: Number.MAX_SAFE_INTEGER,
  describe: "cell of the sweep",
} as const;
export const REPLICATE = {
  type: "number",
  least: 0,
  most: Number.MAX_SAFE_INTEGER,
  describe: "replicate of the cell (default: 0)",
} as const;
