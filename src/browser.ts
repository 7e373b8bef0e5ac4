// The part of the library that knows no Node: from the text of a sweep or scenario to results, bounds, designs and
// pictures. A page fetches `replenish/kernel.wasm`, compiles it, and gives it to `new Kernel(module)`.

/**
 * Bounds and designs. `analyze(resolveScenario(parseScenario(text)))` bounds the responses of every run of a scenario;
 * `designSystem` finds the least budget for each period of each server and a choice for all of them, `designHost` also
 * the CPU of each, `confirm` simulates it, and `deploy` writes it as the settings of a real scheduler. Times are whole numbers in the scenario's ticks.
 */
export {
  type Analysis,
  type AnalysisOptions,
  type Assignment,
  analyze,
  assignHost,
  type DesignAnswer,
  type DesignQuestion,
  design,
  type ServerAnalysis,
  type System,
  type TaskAnalysis,
  type Verdict,
} from "./analysis/index.js";
export { type Confirmation, confirm } from "./design/confirm.js";
export {
  type ChosenSystem,
  type Deployment,
  deploy,
  MECHANISM_NAMES,
  type MechanismName,
} from "./design/deploy/index.js";
export {
  type Choice,
  type DesignSettings,
  designSystem,
  type ServerCurve,
  type SystemDesign,
} from "./design/design.js";
export { designHost, type HostDesign, type HostSettings } from "./design/several.js";
/** From the text of a sweep to its cells: `tracedCell` makes one of them a scenario. */
export { type OpenSweep, openSweep } from "./grid/open.js";
export type { Plan } from "./grid/plan.js";
/** What is thrown for a user to read; `exitCode` is that of the command line. Any other error is a bug. */
export { EXIT, type ExitCode, ExitError } from "./input/exit.js";
export { InvalidInput, type Problem } from "./input/problem.js";
export { Kernel, KernelBug } from "./kernel/kernel.js";
export {
  type CpuResult,
  type HostResult,
  type Result,
  RunFailed,
  resultJson,
  type ServerResult,
  simulate,
  type TaskResult,
  type VcpuResult,
} from "./kernel/simulate.js";
export { type Clock, TICKS } from "./numbers/clock.js";
export { normalForm } from "./scenario/normal-form.js";
export { parseScenario } from "./scenario/parse.js";
export { resolveScenario } from "./scenario/resolve.js";
export type { Scenario } from "./scenario/scenario.js";
export type { Sweep } from "./sweep/sweep.js";
/** Every event of one run, in one of the formats of `replenish trace`. */
export { tracedCell } from "./trace/cell.js";
export { NothingToShow, TooManyEvents } from "./trace/exporter.js";
export { type TraceOptions, writeTrace } from "./trace/formats.js";
export { type Traced, tracedRun } from "./trace/traced.js";
