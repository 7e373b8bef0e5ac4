// The library: the same functions that the command line calls. What knows no Node is browser.ts.

export * from "./browser.js";
/** The supply that a VM truly got, from a trace: in nanoseconds, and by `fitJson` in milliseconds. */
export * from "./fit/index.js";
export { compileKernel } from "./kernel/load.js";
export { type Progress, type RunOptions, type RunSummary, runSweep } from "./run/run.js";
