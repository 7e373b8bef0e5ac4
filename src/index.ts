// The library: the same functions that the command line calls. What knows no Node is browser.ts.

export { DictionaryFull } from "./arrow/schema.js";
export * from "./browser.js";
/** Files and directories that refuse, beside what is thrown without Node. */
export { DirectoryError, StorageError } from "./files/storage.js";
/** The supply that a VM truly got, from a trace: in nanoseconds, and by `fitJson` in milliseconds. */
export * from "./fit/index.js";
export { compileKernel } from "./kernel/load.js";
/** The rows of a run's tables, one after the other. */
export { type Row, tableRows } from "./results/rows.js";
export { type Progress, type RunOptions, type RunSummary, runSweep } from "./run/run.js";
export { ShardError } from "./run/shard.js";
export type { AnyTable } from "./tables/columns.js";
