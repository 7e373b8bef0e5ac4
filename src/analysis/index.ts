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
export { DeadlineDemand, FixedPriorityDemand } from "./demand.js";
export { bestPeriod, budgetCurve, type CurvePoint, type DesignAnswer, type DesignQuestion, design } from "./design.js";
export {
  completion,
  type Failure,
  firstLateDeadline,
  meetsDeadlines,
  meetsFixedPriorities,
  responseBound,
} from "./guest.js";
export type { Verdict } from "./guest-verdicts.js";
export { type HostVerdict, testHost } from "./host.js";
export { switchCost } from "./interference.js";
export { hasSupply, isReservation, reservationOf, withoutBounds } from "./policies.js";
export { serverSupply } from "./server-supply.js";
export { type BoundedDelay, blackout, boundedDelay, ReservationSupply, type Supply, TableSupply } from "./supply.js";
export { everyTheorem } from "./theorems.js";
