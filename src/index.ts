// The library: the same functions that the command line calls.

export { InvalidInput, type Problem } from "./input/problem.js";
export { compileKernel, Kernel, KernelBug } from "./kernel/kernel.js";
export { type Counter, type Result, RunFailed, resultJson, simulate } from "./kernel/simulate.js";
export { parseScenario } from "./scenario/parse.js";
export type { Scenario } from "./scenario/scenario.js";
