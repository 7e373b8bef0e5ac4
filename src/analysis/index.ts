// Schedulability analysis: numbers in, verdicts out. It knows nothing of files, the kernel or the command line.

export type { Policy } from "../model/policies.js";
export type {
  BudgetedServer,
  Host,
  Server,
  System,
  Task,
  Window,
} from "../model/system.js";
export { type Ratio, ratioText } from "../numbers/integers.js";
export {
  type Analysis,
  type AnalysisOptions,
  analyze,
  type ServerAnalysis,
  type TaskAnalysis,
} from "./analyze.js";
export { type Assignment, assignHost } from "./assignment.js";
export { leastBudget } from "./budget.js";
export { FixedPriorityDemand } from "./demand.js";
export { bestPeriod, budgetCurve, type DesignAnswer, type DesignQuestion, design } from "./design.js";
export {
  completion,
  firstLateDeadline,
} from "./guest.js";
export type { Verdict } from "./guest-verdicts.js";
export { switchCost } from "./interference.js";
export { isReservation } from "./policies.js";
export { serverSupply } from "./server-supply.js";
export { boundedDelay, ReservationSupply, type Supply, TableSupply } from "./supply.js";
export { everyTheorem } from "./theorems.js";
